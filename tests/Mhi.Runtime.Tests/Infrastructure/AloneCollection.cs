using Xunit;

namespace Mhi.Runtime.Tests.Infrastructure;

/// <summary>Tests that measure the process run by themselves.</summary>
[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class AloneCollection;
