using System;
using System.Runtime.InteropServices;

namespace Mhi.Endpoint.Functions.Mbim;

/// <summary>The part of Basic Connect about radio, registration, packet service and signal.</summary>
/// <param name="modem">How the radio stands.</param>
/// <param name="state">What the host has changed of that.</param>
internal sealed class MbimNetworkService(AtModem modem, MbimModemState state)
{
    /// <summary>GPRS, EDGE, UMTS, HSDPA, HSUPA, LTE.</summary>
    internal const uint DataClasses = 0x3f;

    private const uint CustomDataClass = 0x8000_0000;
    private const uint Gsm = 1;
    private const uint UnknownSignal = 99;
    private const uint Off = 0;
    private const uint On = 1;

    // What LTE category 4 can do, in bits per second.
    private const ulong UplinkSpeed = 50_000_000;
    private const ulong DownlinkSpeed = 150_000_000;

    // In the counting of AT+CREG: home network and roaming.
    private const byte Home = 1;
    private const byte Roaming = 5;

    private bool IsRegistered => state.IsRadioOn && modem.Registration is Home or Roaming;

    // From the counting of AT+CREG to the bits of MBIM.
    private uint DataClass => modem.AccessTechnology switch
    {
        0 => 1,
        2 => 4,
        3 => 2,
        4 => 8,
        5 => 0x10,
        6 => 0x18,
        7 => 0x20,
        _ => CustomDataClass,
    };

    public MbimStatus WriteRadioState(MbimInfoWriter answer)
    {
        answer.Begin(8);
        answer.Number(On);
        answer.Number(state.IsRadioOn ? On : Off);
        return MbimStatus.Success;
    }

    public MbimStatus SetRadioState(MbimInfoReader request, MbimInfoWriter answer)
    {
        if (!request.TryNumber(0, out uint wanted) || wanted > On)
        {
            return MbimStatus.InvalidParameters;
        }

        state.SetRadio(wanted == On);
        return WriteRadioState(answer);
    }

    public MbimStatus WriteHomeProvider(MbimInfoWriter answer)
    {
        const uint isHome = 1;
        const uint isVisible = 8;
        const uint isRegistered = 16;

        answer.Begin(32);
        answer.Text(MbimModemText.ProviderId);
        answer.Number(isHome | (state.IsRadioOn ? isVisible : 0) | (IsRegistered ? isRegistered : 0));
        answer.Text(MbimModemText.ProviderName);
        answer.Number(Gsm);
        answer.Number(state.IsRadioOn ? modem.SignalStrength : UnknownSignal);
        answer.Number(state.IsRadioOn ? modem.BitErrorRate : UnknownSignal);
        return MbimStatus.Success;
    }

    public MbimStatus WriteRegisterState(MbimInfoWriter answer)
    {
        const uint automatic = 1;
        const uint manual = 2;

        answer.Begin(48);
        answer.Number(0);
        answer.Number(RegisterState());
        answer.Number(state.IsManual ? manual : automatic);
        answer.Number(IsRegistered ? DataClass : 0);
        answer.Number(Gsm);
        answer.Text(IsRegistered ? MbimModemText.ProviderId : "");
        answer.Text(IsRegistered ? MbimModemText.ProviderName : "");
        answer.Text("");
        return MbimStatus.Success;
    }

    public MbimStatus Register(MbimInfoReader request, MbimInfoWriter answer)
    {
        const uint automatic = 0;
        const uint manual = 1;

        if (!request.TryText(0, out ReadOnlySpan<byte> provider) || !request.TryNumber(8, out uint action) || action > manual)
        {
            return MbimStatus.InvalidParameters;
        }

        if (!state.IsRadioOn)
        {
            return MbimStatus.RadioPowerOff;
        }

        if (action == manual && !provider.SequenceEqual(MemoryMarshal.AsBytes(MbimModemText.ProviderId.AsSpan())))
        {
            return MbimStatus.ProviderNotVisible;
        }

        state.IsManual = action != automatic;
        return WriteRegisterState(answer);
    }

    public MbimStatus WritePacketService(MbimInfoWriter answer)
    {
        const uint attached = 2;
        const uint detached = 4;

        answer.Begin(28);
        answer.Number(0);
        answer.Number(state.IsAttached ? attached : detached);
        answer.Number(state.IsAttached ? DataClass : 0);
        answer.LongNumber(state.IsAttached ? UplinkSpeed : 0);
        answer.LongNumber(state.IsAttached ? DownlinkSpeed : 0);
        return MbimStatus.Success;
    }

    public MbimStatus SetPacketService(MbimInfoReader request, MbimInfoWriter answer)
    {
        const uint attach = 0;
        const uint detach = 1;

        if (!request.TryNumber(0, out uint action) || action > detach)
        {
            return MbimStatus.InvalidParameters;
        }

        if (!state.IsRadioOn)
        {
            return MbimStatus.RadioPowerOff;
        }

        state.SetAttached(action == attach);
        return WritePacketService(answer);
    }

    public MbimStatus WriteSignalState(MbimInfoWriter answer)
    {
        answer.Begin(20);
        answer.Number(state.IsRadioOn ? modem.SignalStrength : UnknownSignal);
        answer.Number(state.IsRadioOn ? modem.BitErrorRate : UnknownSignal);
        answer.Number(state.SignalInterval);
        answer.Number(state.StrengthThreshold);
        answer.Number(state.ErrorRateThreshold);
        return MbimStatus.Success;
    }

    public MbimStatus SetSignalState(MbimInfoReader request, MbimInfoWriter answer)
    {
        if (!request.TryNumber(0, out uint interval) || !request.TryNumber(4, out uint strength) || !request.TryNumber(8, out uint errors))
        {
            return MbimStatus.InvalidParameters;
        }

        state.SignalInterval = interval;
        state.StrengthThreshold = strength;
        state.ErrorRateThreshold = errors;
        return WriteSignalState(answer);
    }

    // From the counting of AT+CREG, 0 to 5, to that of MBIM: deregistered, home, searching, denied, unknown, roaming.
    private uint RegisterState() => !state.IsRadioOn
        ? 1u
        : modem.Registration switch
        {
            0 => 1,
            Home => 3,
            2 => 2,
            3 => 6,
            Roaming => 4,
            _ => 0,
        };
}
