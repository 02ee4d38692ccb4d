using System;
using System.Linq;
using Mhi.Endpoint.Functions;
using Mhi.Profiles;
using Xunit;

namespace Mhi.Endpoint.Tests.Functions;

public sealed class KnownFunctionsTests
{
    [Fact]
    public void EveryName_MakesAFunctionOfItsOwn()
    {
        Assert.Equal(KnownFunctions.Names.Order(StringComparer.Ordinal), KnownFunctions.Names);
        Type[] types = [.. KnownFunctions.Names.Select(name => KnownFunctions.Create(name)!.GetType())];
        Assert.Equal(types.Distinct(), types);
    }

    [Fact]
    public void UnknownName_MakesNone() => Assert.Null(KnownFunctions.Create("Echo"));

    [Fact]
    public void EveryChannelOfEveryProfile_HasAFunctionThatExists() =>
        Assert.All(
            KnownProfiles.Ids.Select(id => KnownProfiles.TryFind(id, out DeviceProfile? profile) ? profile : null),
            profile => Assert.All(profile!.Channels, channel => Assert.Contains(KnownFunctions.UsualFor(channel.Name), KnownFunctions.Names)));

    [Theory]
    [InlineData("MBIM", "mbim")]
    [InlineData("QMI", "qmi")]
    [InlineData("DUN", "at")]
    [InlineData("DIAG", "echo")]
    [InlineData("IP_HW0_MBIM", "net-mbim")]
    [InlineData("SAHARA", "sink")]
    public void WellKnownChannel_HasItsProtocol(string channel, string name) => Assert.Equal(name, KnownFunctions.UsualFor(channel));
}
