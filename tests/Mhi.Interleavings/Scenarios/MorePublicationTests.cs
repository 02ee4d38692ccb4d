using Xunit;
using Xunit.Abstractions;

namespace Mhi.Interleavings.Scenarios;

/// <summary>The same scenarios with one preemption more.</summary>
[Trait("Category", "Slow")]
public sealed class MorePublicationTests(ITestOutputHelper output) : PublicationTests(output, more: 1);
