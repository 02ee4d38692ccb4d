using Mhi.Protocol;

namespace Mhi.Endpoint.Tests.Infrastructure;

/// <summary>How tests of a hostile host show that the device still works.</summary>
internal static class HostileHost
{
    internal const byte Uplink = 12;

    /// <summary>One packet through a started <see cref="Uplink"/>.</summary>
    internal static void AssertTakesPackets(TestHost host, TestRing up)
    {
        ulong element = up.Queue(RingElement.Transfer(host.Buffer(1).BusAddress, 1, RingElement.EndOfTransferFlag));
        up.RingDoorbell();
        _ = host.Step();
        AssertEvents.Equal(host.EventRings[0].Take(), RingElement.TransferEvent(element, CompletionCode.EndOfTransfer, 1, Uplink));
    }

    /// <summary>What a host does after a system error.</summary>
    internal static void Recover(TestHost host)
    {
        host.Write(MhiRegisters.Control, MhiRegisters.ControlReset);
        _ = host.Step();
        host.PowerUp();
        host.AssertEchoes();
    }
}
