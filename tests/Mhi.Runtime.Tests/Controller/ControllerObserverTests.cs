using System;
using System.Collections.Generic;
using System.Linq;
using Mhi.Controller;
using Mhi.Protocol;
using Mhi.Runtime.Tests.Infrastructure;
using Xunit;

namespace Mhi.Runtime.Tests.Controller;

/// <summary>What a layer above is told of a controller's life, and when.</summary>
public class ControllerObserverTests
{
    [Fact]
    public void Observer_SeesEveryStateInOrder()
    {
        var host = new ScriptedHost();
        var log = new Log(host.Controller);
        host.PowerUp();
        host.Settle(host.Controller.PowerDownAsync());
        Assert.Equal(
            [
                MhiControllerState.WaitingForFirmware, MhiControllerState.Resetting, MhiControllerState.WaitingForReady,
                MhiControllerState.WaitingForM0, MhiControllerState.WaitingForMissionMode, MhiControllerState.MissionMode,
                MhiControllerState.ShuttingDown, MhiControllerState.Off,
            ],
            log.States);
        log.States.Clear();
        host.PowerUp();
        host.Dispose();
        Assert.Equal(MhiControllerState.Off, log.States[^1]);
        Assert.All(log.Failures, Assert.Null);
    }

    [Fact]
    public void Failure_IsToldOnceAndAfterEveryChannelIsDown()
    {
        using var host = ScriptedHost.InMissionMode();
        var first = host.Open<SmallLoopback>();
        var second = host.Open<HardwareData>();
        var log = new Log(host.Controller, () => first.Failure is not null && second.Failure is not null);
        host.Device.Post(0, RingElement.StateEvent(MhiState.SystemError));
        _ = host.Controller.Poll();
        Assert.Equal([MhiControllerState.Failed], log.States);
        Assert.Equal(MhiErrorCode.SystemError, log.Failures.Single()!.Code);
        Assert.Equal([true], log.Probes);
    }

    [Fact]
    public void PowerDown_IsToldAfterEveryChannelIsDown()
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        var log = new Log(host.Controller, () => channel.Failure is not null);
        host.Settle(host.Controller.PowerDownAsync());
        Assert.Equal([MhiControllerState.ShuttingDown, MhiControllerState.Off], log.States);
        Assert.Equal([true, true], log.Probes);
    }

    [Fact]
    public void RemovedObserver_IsToldNothingMore()
    {
        using var host = ScriptedHost.InMissionMode();
        var removed = new Log(host.Controller);
        var kept = new Log(host.Controller);
        host.Controller.RemoveObserver(removed);
        host.Settle(host.Controller.PowerDownAsync());
        Assert.Empty(removed.States);
        Assert.Equal(2, kept.States.Count);
    }

    private sealed class Log : IControllerObserver
    {
        private readonly MhiController _controller;
        private readonly Func<bool>? _probe;

        internal Log(MhiController controller, Func<bool>? probe = null)
        {
            _controller = controller;
            _probe = probe;
            controller.AddObserver(this);
        }

        internal List<MhiControllerState> States { get; } = [];

        internal List<MhiFailure?> Failures { get; } = [];

        internal List<bool> Probes { get; } = [];

        public void StateChanged(MhiControllerState state, MhiFailure? failure)
        {
            Assert.Equal(state, _controller.State);
            States.Add(state);
            Failures.Add(failure);
            if (_probe is not null)
            {
                Probes.Add(_probe());
            }
        }
    }
}
