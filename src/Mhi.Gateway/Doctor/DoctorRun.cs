using System;
using System.IO;
using Mhi.Gateway.Commands;
using Mhi.Gateway.Devices;
using Mhi.Gateway.Output;
using Mhi.Pci;
using Mhi.Profiles;

namespace Mhi.Gateway.Doctor;

/// <summary>The whole walk.</summary>
internal static class DoctorRun
{
    /// <summary>Walks, and prints what was found.</summary>
    /// <param name="request">Which device.</param>
    /// <param name="json">Whether a program reads it.</param>
    /// <returns>What the program ends with.</returns>
    internal static ExitCode Run(DeviceRequest request, bool json)
    {
        var report = new DoctorReport(json ? null : static finding => StandardStreams.WriteText(DoctorText.Write(finding)));
        if (CheckHost(request, report))
        {
            Open(() => FunctionDoor.Open(request, new Walk(request, report)), report);
        }

        StandardStreams.WriteText(json ? DoctorJson.Write(request.Address.ToString(), report) : DoctorText.WriteEnd(report));
        return report.ExitCode;
    }

    /// <summary>Opens a device and walks through it; one that cannot be opened is a finding.</summary>
    /// <param name="open">Opens it.</param>
    /// <param name="report">Gets the findings.</param>
    internal static void Open(Func<bool> open, DoctorReport report)
    {
        try
        {
            _ = open();
        }
        catch (MhiException exception)
        {
            report.Add(Obstacles.OfOpening(exception));
        }
    }

    private static bool CheckHost(DeviceRequest request, DoctorReport report) =>
        request.Address is not DeviceAddress.Vfio { Function: var function }
        || HostChecks.Run(
            new PciBus(), function, request.Profile, MemoryLimit.Read(File.ReadAllText("/proc/self/limits"), File.ReadAllText("/proc/self/status")), report);

    /// <summary>The part of the walk that needs the open function.</summary>
    private sealed class Walk(DeviceRequest request, DoctorReport report) : IFunctionUse<bool>
    {
        /// <inheritdoc/>
        public bool Use<TRegisters>(IPciFunction<TRegisters> function, DeviceProfile profile, IDisposable? behind)
            where TRegisters : struct, IRegisterAccess
        {
            using (behind)
            {
                report.Add(Finding.Ok("open", $"{request.Address} is open as {function.Name} ({function.Identity}, profile {profile.Id})"));
                DeviceWalk.Run(function, profile, report);
                return true;
            }
        }
    }
}
