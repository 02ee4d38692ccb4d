using Xunit;

namespace Mhi.Endpoint.Tests.VfioUser.Infrastructure;

/// <summary>Tests that count the descriptors of the process run while no other test does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class DescriptorCountCollection
{
    internal const string Name = "Counts descriptors";
}
