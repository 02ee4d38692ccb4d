using System;
using System.IO;
using Mhi.Controller;
using Mhi.Gateway.Commands;
using Mhi.Gateway.Devices;
using Mhi.Gateway.Output;
using Mhi.Pci;

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
            Examine(() => FunctionDoor.Open(request), request.Address.ToString(), report);
        }

        StandardStreams.WriteText(json ? DoctorJson.Write(request.Address.ToString(), report) : DoctorText.WriteEnd(report));
        return report.ExitCode;
    }

    /// <summary>Opens a device and walks through it; one that cannot be opened is a finding.</summary>
    /// <param name="open">Opens it.</param>
    /// <param name="name">What the user calls it.</param>
    /// <param name="report">Gets the findings.</param>
    internal static void Examine(Func<(MhiController Controller, IDisposable? Behind)> open, string name, DoctorReport report)
    {
        try
        {
            (MhiController controller, IDisposable? behind) = open();
            using (behind)
            {
                report.Add(Finding.Ok("open", $"{name} is open as {controller.Name}, profile {controller.Profile.Id}"));
                DeviceWalk.Run(controller, report);
            }
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
}
