using System.CommandLine;
using Mhi.Gateway.Doctor;

namespace Mhi.Gateway.Commands;

/// <summary><c>mhi doctor</c>.</summary>
internal static class DoctorCommand
{
    /// <summary>Makes the command.</summary>
    /// <returns>The command.</returns>
    internal static Command Create()
    {
        var device = new DeviceOptions();
        var json = new Option<bool>("--json") { Description = "Prints one JSON object." };
        var command = new Command(
            "doctor",
            "Walks from the presence of a device to data on one of its channels. At the first thing that fails it says what it saw, what that means and what to do.")
        {
            device.Device, device.Profile, json,
        };
        command.SetAction(parsed => (int)DoctorRun.Run(device.Request(parsed), parsed.GetValue(json)));
        return command;
    }
}
