using Xunit;

namespace Mhi.Nodes.Tests.Infrastructure;

/// <summary>Tests that measure the whole process, or that own a mount, run while no other test does.</summary>
[CollectionDefinition("alone", DisableParallelization = true)]
public class AloneCollection;
