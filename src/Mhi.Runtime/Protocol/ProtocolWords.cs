using System.Globalization;

namespace Mhi.Protocol;

/// <summary>Values of the protocol in the words of those who work with such devices: for messages.</summary>
public static class ProtocolWords
{
    /// <summary>Names a device state.</summary>
    /// <param name="state">The state, also one the protocol does not know.</param>
    /// <returns>Such as <c>SYS_ERR</c>.</returns>
    public static string Of(MhiState state) => state switch
    {
        MhiState.Reset => "RESET",
        MhiState.Ready => "READY",
        MhiState.M0 => "M0",
        MhiState.M1 => "M1",
        MhiState.M2 => "M2",
        MhiState.M3 => "M3",
        MhiState.SystemError => "SYS_ERR",
        _ => string.Create(CultureInfo.InvariantCulture, $"unknown state 0x{(byte)state:x2}"),
    };

    /// <summary>Names an execution environment.</summary>
    /// <param name="environment">What EXECENV says, also a value the protocol does not know.</param>
    /// <returns>Such as <c>PBL, the primary boot loader</c>.</returns>
    public static string OfEnvironment(uint environment) => environment switch
    {
        (uint)ExecutionEnvironment.PrimaryBootLoader => "PBL, the primary boot loader",
        (uint)ExecutionEnvironment.SecondaryBootLoader => "SBL, the secondary boot loader",
        (uint)ExecutionEnvironment.Amss => "AMSS, the mission firmware",
        (uint)ExecutionEnvironment.RamDump => "RDDM, the memory dump after a crash",
        (uint)ExecutionEnvironment.Wlan => "WFW, WLAN firmware",
        (uint)ExecutionEnvironment.PassThrough => "PTHRU, the pass-through boot loader",
        (uint)ExecutionEnvironment.EmergencyDownload => "EDL, emergency download",
        (uint)ExecutionEnvironment.FlashProgrammer => "FP, the flash programmer",
        _ => "no environment of the protocol",
    };

    /// <summary>Whether channels of mission mode can work.</summary>
    /// <param name="environment">What EXECENV says.</param>
    /// <returns>True for mission firmware, of a modem or of WLAN.</returns>
    public static bool IsMission(uint environment) => environment is (uint)ExecutionEnvironment.Amss or (uint)ExecutionEnvironment.Wlan;

    /// <summary>Whether a device may leave an environment for mission firmware without anybody doing anything.</summary>
    /// <param name="environment">What EXECENV says.</param>
    /// <returns>True for the boot loaders.</returns>
    public static bool MayBoot(uint environment) => environment is (uint)ExecutionEnvironment.PrimaryBootLoader
        or (uint)ExecutionEnvironment.SecondaryBootLoader or (uint)ExecutionEnvironment.PassThrough;

    /// <summary>Says what it means that a device is found in an environment other than mission firmware.</summary>
    /// <param name="environment">What EXECENV says.</param>
    /// <returns>A sentence.</returns>
    public static string MeaningOf(uint environment) => environment switch
    {
        (uint)ExecutionEnvironment.PrimaryBootLoader =>
            "The boot ROM runs: the device has not booted from its flash, or has none and waits for a firmware image from the host.",
        (uint)ExecutionEnvironment.SecondaryBootLoader => "The boot loader runs, and the mission firmware has not been started.",
        (uint)ExecutionEnvironment.RamDump => "The firmware has crashed, and the device offers its memory for a dump. No channel works.",
        (uint)ExecutionEnvironment.PassThrough => "The device is being booted by something other than this host, and that has not ended.",
        (uint)ExecutionEnvironment.EmergencyDownload =>
            "The device waits for a flash programmer: somebody switched it to this mode, or its firmware does not start at all.",
        (uint)ExecutionEnvironment.FlashProgrammer => "The device is being flashed, or was left in the middle of it.",
        _ => "No MHI device says that: this is another kind of device, not the right BAR, or one in the middle of a reset.",
    };

    /// <summary>Says what to do about a device that is found in an environment other than mission firmware.</summary>
    /// <param name="environment">What EXECENV says.</param>
    /// <returns>A sentence or two.</returns>
    public static string AdviceFor(uint environment) => environment switch
    {
        (uint)ExecutionEnvironment.PrimaryBootLoader =>
            "Power-cycle the device and allow it half a minute. If it stays in PBL it needs firmware that this host does not send: restore it with the vendor's flash tool.",
        (uint)ExecutionEnvironment.SecondaryBootLoader =>
            "Allow it more time. If it stays in SBL its mission firmware does not start: restore it with the vendor's flash tool.",
        (uint)ExecutionEnvironment.RamDump =>
            "Power-cycle the device. If the firmware crashes again, update it, and report the crash to the vendor.",
        (uint)ExecutionEnvironment.PassThrough => "Allow it more time, then power-cycle the device.",
        (uint)ExecutionEnvironment.EmergencyDownload =>
            "Power-cycle the device. If it returns to EDL, restore its firmware with the vendor's flash tool.",
        (uint)ExecutionEnvironment.FlashProgrammer => "Let the flash tool finish, then power-cycle the device.",
        _ => "Check with `lspci -nn` that this function is the modem, and power-cycle the device.",
    };
}
