using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using Mhi.Channels;
using Mhi.Controller;
using Mhi.Protocol;
using Mhi.Runtime.Tests.Infrastructure;
using Xunit;

namespace Mhi.Runtime.Tests.Controller;

/// <summary>SYS_ERR and back: the same controller, powered up again, with clients of before still holding their channels.</summary>
public class RecoveryTests
{
    [Fact]
    public void AfterSystemError_OldChannelsKeepTheirUnreadData_WhileNewOnesRun()
    {
        using var host = ScriptedHost.InMissionMode();
        var old = host.Open<SmallLoopback>();
        Deliver(host, 0, [1, 2, 3]);
        Deliver(host, 1, [4, 5]);
        byte[] data = new byte[100];
        Assert.Equal(2, old.Read(data.AsSpan(0, 2)));

        host.Device.Post(0, RingElement.StateEvent(MhiState.SystemError));
        _ = host.Controller.Poll();
        Assert.Equal(MhiControllerState.Failed, host.Controller.State);
        host.PowerUp();
        Assert.Null(host.Controller.Failure);
        Assert.Equal(MhiErrorCode.SystemError, old.Failure!.Code);

        var current = host.Open<SmallLoopback>();
        Deliver(host, 0, [6]);
        Assert.Equal(ChannelStatus.Done, current.TryWrite([7]));
        Assert.Equal(ChannelStatus.Down, old.TryWrite([8]));
        Assert.Equal((1, 3), (old.Read(data), data[0]));
        Assert.Equal((2, 4), (old.Read(data), data[0]));
        Assert.Equal(ChannelStatus.Down, old.TryRead(data, out _));
        Assert.Equal((1, 6), (current.Read(data), data[0]));

        // Closing the old one sends nothing and leaves the new one alone.
        host.Settle(Task.CompletedTask);
        int regions = host.Device.LiveRegions;
        int writes = host.Device.Writes.Count;
        Task closing = old.CloseAsync();
        _ = host.Controller.Poll();
        Assert.True(closing.IsCompletedSuccessfully);
        Assert.Equal((regions - 1, writes), (host.Device.LiveRegions, host.Device.Writes.Count));
        Deliver(host, 1, [9]);
        Assert.Equal((1, 9), (current.Read(data), data[0]));
        Assert.Equal(ChannelStatus.Down, old.TryRead(data, out _));
    }

    [Fact]
    public void AfterManySystemErrors_EveryOldChannelCanStillBeReadAndClosed()
    {
        using var host = ScriptedHost.InMissionMode();
        var old = new List<MhiDuplexChannel<SmallLoopback>>();
        for (byte round = 0; round < 5; round++)
        {
            var channel = host.Open<SmallLoopback>();
            Deliver(host, 0, [round]);
            old.Add(channel);
            host.Device.Post(0, RingElement.StateEvent(MhiState.SystemError));
            _ = host.Controller.Poll();
            host.PowerUp();
        }

        byte[] data = new byte[100];
        for (int round = 4; round >= 0; round--)
        {
            Assert.Equal((1, round), (old[round].Read(data), data[0]));
            host.Settle(old[round].CloseAsync());
        }

        Assert.Equal(1, host.Device.LiveRegions);
    }

    [Fact]
    public void EmulatedDevice_EchoesAgainAfterEverySystemError()
    {
        using var pair = SteppedPair.InMissionMode();
        byte[] echo = new byte[10];
        for (byte round = 0; round < 10; round++)
        {
            var channel = pair.Open<SmallLoopback>();
            Assert.Equal(ChannelStatus.Done, channel.TryWrite([round]));
            for (int i = 0; i < 100; i++)
            {
                _ = pair.Step();
            }

            Task? resting = round % 3 == 0 ? null : pair.Controller.SuspendAsync();
            if (round % 3 == 1)
            {
                pair.Run(resting!);
            }

            pair.Modem.Endpoint.RaiseSystemError();
            _ = pair.Modem.Poll();
            _ = pair.Controller.ResumeAsync();
            for (int i = 0; i < 10; i++)
            {
                _ = pair.Step();
                pair.Controller.CheckDevice();
            }

            Assert.Equal(MhiErrorCode.SystemError, pair.Controller.Failure!.Code);
            pair.Run(pair.Controller.PowerUpAsync());
            Assert.Equal(1, channel.Read(echo));
            Assert.Equal(round, echo[0]);
            pair.Run(channel.CloseAsync());
        }
    }

    private static void Deliver(ScriptedHost host, uint element, byte[] data)
    {
        ulong address = host.Device.Channel(1).RingBase + (element * 16);
        data.CopyTo(host.Device.Dma(host.Device.Element(address).Address, data.Length));
        host.Device.Post(0, RingElement.TransferEvent(address, CompletionCode.EndOfTransfer, (ushort)data.Length, 1));
        _ = host.Controller.Poll();
    }
}
