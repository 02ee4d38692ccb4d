using System;

namespace Mhi.Endpoint.Functions.Mbim;

/// <summary>What the host can change by commands: radio, registration, packet service, sessions.</summary>
internal sealed class MbimModemState
{
    /// <summary>Sessions there are, each with a number of its own on the data channel.</summary>
    internal const int MaxSessions = 8;

    private readonly MbimSession[] _sessions = new MbimSession[MaxSessions];

    public MbimModemState()
    {
        for (int i = 0; i < MaxSessions; i++)
        {
            _sessions[i] = new MbimSession();
        }
    }

    /// <summary>Whether software has the radio on.</summary>
    public bool IsRadioOn { get; private set; } = true;

    /// <summary>Whether the packet service is attached.</summary>
    public bool IsAttached { get; private set; } = true;

    /// <summary>Whether the host has chosen the network.</summary>
    public bool IsManual { get; set; }

    /// <summary>How often the host wants to hear of the signal, in seconds.</summary>
    public uint SignalInterval { get; set; }

    /// <summary>By how much the strength must change for that.</summary>
    public uint StrengthThreshold { get; set; }

    /// <summary>By how much the error rate must change for that.</summary>
    public uint ErrorRateThreshold { get; set; }

    /// <summary>The sessions.</summary>
    public ReadOnlySpan<MbimSession> Sessions => _sessions;

    /// <summary>Switches the radio. Without it there is no packet service; with it the service attaches by itself.</summary>
    /// <param name="isOn">Whether it is to be on.</param>
    public void SetRadio(bool isOn)
    {
        IsRadioOn = isOn;
        SetAttached(isOn);
    }

    /// <summary>Attaches or detaches the packet service. Sessions end with it.</summary>
    /// <param name="isAttached">Whether it is to be attached.</param>
    public void SetAttached(bool isAttached)
    {
        IsAttached = isAttached;
        if (!isAttached)
        {
            EndSessions();
        }
    }

    /// <summary>Ends all sessions, as closing the function does.</summary>
    public void EndSessions()
    {
        foreach (MbimSession session in _sessions)
        {
            session.End();
        }
    }
}
