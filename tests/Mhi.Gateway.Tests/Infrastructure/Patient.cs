using System;
using System.Collections.Generic;
using System.Linq;
using Mhi.Controller;
using Mhi.Endpoint;
using Mhi.Endpoint.Functions;
using Mhi.Gateway.Commands;
using Mhi.Gateway.Doctor;
using Mhi.Profiles;
using Xunit;

namespace Mhi.Gateway.Tests.Infrastructure;

/// <summary>An emulated device for the doctor, whose time-outs are over soon.</summary>
internal sealed class Patient : IDisposable
{
    private static readonly TimeSpan s_soon = TimeSpan.FromMilliseconds(300);

    public Patient(
        DeviceProfile? profile = null,
        EndpointOptions? options = null,
        IReadOnlyDictionary<string, ChannelFunction>? functions = null)
    {
        Profile = (profile ?? KnownProfiles.FoxconnT99W175) with { ReadyTimeout = s_soon };
        Modem = new EmulatedModem(Profile, functions, options: options);
        Modem.Start();
    }

    public DeviceProfile Profile { get; }

    public EmulatedModem Modem { get; }

    public DoctorReport Report { get; } = new();

    /// <summary>The profile of a host that gives up soon on every step of power-up.</summary>
    public DeviceProfile Hasty => Profile with { Timeout = s_soon };

    /// <summary>Examines the device.</summary>
    /// <param name="function">The device as the host gets it; null takes the good one.</param>
    /// <param name="profile">What the host takes it for.</param>
    /// <param name="answer">How long to wait for an answer; soon over by default.</param>
    public void Examine(FaultyFunction? function = null, DeviceProfile? profile = null, TimeSpan? answer = null)
    {
        function ??= new FaultyFunction(Modem.Function);
        DeviceWalk.Run(MhiController.Create(function, profile ?? Profile), Report, new ProbeTimes { Answer = answer ?? s_soon, Echo = TimeSpan.FromSeconds(1) });
        Assert.True(function.IsDisposed, "the walk kept the function");
    }

    public Finding Find(string step) => Report.Findings.Single(finding => finding.Step == step);

    /// <summary>Checks that the walk ended with a failure, and all that it says.</summary>
    public void AssertFailed(ExitCode exitCode, string step, string seen, string meaning, string advice)
    {
        Finding failure = Report.Failure ?? throw new InvalidOperationException("The walk did not fail.");
        Assert.Equal(step, failure.Step);
        Assert.Equal(seen, failure.Seen);
        Assert.Equal(meaning, failure.Meaning);
        Assert.Equal(advice, failure.Advice);
        Assert.Equal(exitCode, Report.ExitCode);
        Assert.Same(failure, Report.Findings[^1]);
    }

    public void Dispose() => Modem.Dispose();
}
