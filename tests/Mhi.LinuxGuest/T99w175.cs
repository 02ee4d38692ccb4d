using System.Collections.Generic;

namespace Mhi.LinuxGuest;

/// <summary>What the boots with the Foxconn T99W175 share: it starts in mission mode and has three ports and MBIM data.</summary>
internal static class T99w175
{
    public const string Profile = "foxconn-t99w175";

    public static IReadOnlyDictionary<string, string> Settings { get; } = SettingsUnder("foxconn-t99w175");

    // Kernel 6.1 has one entry for all of Foxconn's SDX55 modems.
    public static IReadOnlyDictionary<string, string> SettingsOnBookworm { get; } = SettingsUnder("foxconn-sdx55");

    /// <summary>All that the driver does with it in a life: the same list on every kernel.</summary>
    public static IReadOnlyList<string> Life { get; } =
    [
        "driver-binds", "one-vector", "at-conversation", "at-reopen", "net-ping", "net-burst", "runtime-suspend", "system-error",
        "function-reset", "rebind",
    ];

    private static Dictionary<string, string> SettingsUnder(string driver) => new()
    {
        ["DRIVER"] = driver,
        ["PORTS"] = "wwan0at0 wwan0mbim0 wwan0qcdm0",
        ["NET"] = "wwan0",
        ["ECHO_PORT"] = "wwan0at0",
        ["VECTORS"] = "5",
    };
}
