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
            "WaitingForFirmware Resetting WaitingForReady WaitingForM0 WaitingForMissionMode MissionMode ShuttingDown Off",
            log.States);
        host.PowerUp();
        host.Dispose();
        Assert.EndsWith(" MissionMode Off", log.States, StringComparison.Ordinal);
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
        Assert.Equal("Failed", log.States);
        Assert.Equal(MhiErrorCode.SystemError, log.Failures.Single()!.Code);
        Assert.True(log.ProbesHeld);
    }

    [Fact]
    public void PowerDown_IsToldAfterEveryChannelIsDown()
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        var log = new Log(host.Controller, () => channel.Failure is not null);
        host.Settle(host.Controller.PowerDownAsync());
        Assert.Equal("ShuttingDown Off", log.States);
        Assert.True(log.ProbesHeld);
    }

    [Fact]
    public void RemovedObserver_IsToldNothingMore()
    {
        using var host = ScriptedHost.InMissionMode();
        var removed = new Log(host.Controller);
        var kept = new Log(host.Controller);
        host.Controller.RemoveObserver(removed);
        host.Settle(host.Controller.PowerDownAsync());
        Assert.Equal(string.Empty, removed.States);
        Assert.Equal("ShuttingDown Off", kept.States);
    }

    private sealed class Log : IControllerObserver
    {
        private readonly MhiController _controller;
        private readonly Func<bool>? _probe;
        private readonly List<string> _states = [];

        internal Log(MhiController controller, Func<bool>? probe = null)
        {
            _controller = controller;
            _probe = probe;
            controller.AddObserver(this);
        }

        internal string States => string.Join(' ', _states);

        internal List<MhiFailure?> Failures { get; } = [];

        /// <summary>Whether the probe was true at every call.</summary>
        internal bool ProbesHeld { get; private set; } = true;

        public void StateChanged(MhiControllerState state, MhiFailure? failure)
        {
            Assert.Equal(state, _controller.State);
            _states.Add(state.ToString());
            Failures.Add(failure);
            ProbesHeld &= _probe is null || _probe();
        }
    }
}
