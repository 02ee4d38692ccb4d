using Mhi.Profiles;
using Mhi.Protocol;
using Mhi.Runtime.Tests.Infrastructure;
using Xunit;

namespace Mhi.Runtime.Tests.Controller;

/// <summary>What the host does otherwise because the profile says so.</summary>
public sealed class ProfileTraitTests
{
    private const uint WakeDoorbell = ScriptedDevice.ChannelDoorbells + (Doorbell.DeviceWake * Doorbell.EntryLength);

    [Theory]
    [InlineData(ProfileTraits.None, true)]
    [InlineData(ProfileTraits.NoM3, true)]
    [InlineData(ProfileTraits.SidebandWake, false)]
    public void DeviceWakeDoorbell_IsWritten_UnlessAWireDoesThat(ProfileTraits traits, bool expected)
    {
        using var host = new ScriptedHost(profile: KnownProfiles.FoxconnT99W175 with { Traits = traits });
        host.PowerUp();
        host.Settle(host.Controller.PowerDownAsync());

        Assert.Equal(expected, host.Device.Writes.Exists(static write => write.Offset == WakeDoorbell));
    }

    [Theory]
    [InlineData(ProfileTraits.None, false)]
    [InlineData(ProfileTraits.ResetOnRemove, true)]
    public void Dispose_ResetsTheWholeDevice_IfTheProfileAsksForIt(ProfileTraits traits, bool expected)
    {
        var device = new ScriptedDevice();
        using (var host = new ScriptedHost(device: device, profile: KnownProfiles.FoxconnT99W175 with { Traits = traits }))
        {
            host.PowerUp();
            host.Settle(host.Controller.PowerDownAsync());
            Assert.DoesNotContain((MhiRegisters.SocResetRequest, 1u), device.Writes);
        }

        Assert.Equal(expected, device.Writes.Contains((MhiRegisters.SocResetRequest, 1u)));
        Assert.False(device.IsBusMaster);
    }
}
