using Xunit;
using Xunit.Abstractions;

namespace Mhi.Interleavings.Scenarios;

/// <summary>The same scenarios with one preemption more.</summary>
[Trait("Category", "Slow")]
public sealed class MoreTimeTests(ITestOutputHelper output) : TimeTests(output, more: 1);
