using System;
using System.Diagnostics;
using System.Globalization;
using Mhi.Controller;
using Mhi.Protocol;

namespace Mhi.Gateway.Doctor;

/// <summary>The walk through the device itself: from its registers to data on a channel.</summary>
internal static class DeviceWalk
{
    /// <summary>Walks.</summary>
    /// <param name="controller">The controller of the device, off; it is disposed.</param>
    /// <param name="report">Gets the findings.</param>
    /// <param name="times">How long things may take on a channel; null takes the usual.</param>
    internal static void Run(MhiController controller, DoctorReport report, ProbeTimes? times = null)
    {
        using (controller)
        {
            DeviceSnapshot seen = controller.Inspect();
            if (CheckRegisters(seen, report)
                && CheckEnvironment(seen, report)
                && CheckState(seen, report)
                && CheckVectors(controller, report))
            {
                PowerUp(controller, times ?? new ProbeTimes(), report);
            }
        }
    }

    private static bool CheckRegisters(DeviceSnapshot seen, DoctorReport report)
    {
        string registers = string.Create(
            CultureInfo.InvariantCulture, $"MHIREGLEN 0x{seen.RegisterLength:x}, MHIVER 0x{seen.Version:x}, BHIOFF 0x{seen.BhiOffset:x} in a BAR of 0x{seen.BarLength:x} bytes");
        if (seen.IsGone)
        {
            return report.Add(Finding.DeviceFailed(
                "registers", "Every register of the BAR reads as all ones (0xffffffff).", seen.Meaning, seen.Advice));
        }

        return seen.Environment is null
            ? report.Add(Finding.DeviceFailed(
                "registers",
                registers,
                "BHIOFF leads out of the BAR: this is no MHI device, not its MHI BAR, or a device that has not started.",
                "Check with `lspci -nn` that this function is the modem, and power-cycle the device."))
            : report.Add(Finding.Ok("registers", registers));
    }

    private static bool CheckEnvironment(DeviceSnapshot seen, DoctorReport report)
    {
        uint environment = seen.Environment ?? uint.MaxValue;
        string words = string.Create(CultureInfo.InvariantCulture, $"EXECENV {environment} ({ProtocolWords.OfEnvironment(environment)})");
        if (ProtocolWords.IsMission(environment))
        {
            return report.Add(Finding.Ok("environment", words));
        }

        return ProtocolWords.MayBoot(environment)
            ? report.Add(Finding.Note("environment", words, ProtocolWords.MeaningOf(environment), "Wait: it may still be booting."))
            : report.Add(Finding.DeviceFailed(
                "environment", $"{words}; {seen}", ProtocolWords.MeaningOf(environment), ProtocolWords.AdviceFor(environment)));
    }

    private static bool CheckState(DeviceSnapshot seen, DoctorReport report)
    {
        if (seen.IsSystemError)
        {
            return report.Add(Finding.Note("state", seen.ToString(), "The firmware has failed before; starting the device resets its MHI."));
        }

        return seen.State > MhiState.Ready
            ? report.Add(Finding.Note("state", seen.ToString(), "The device still works for an earlier host; starting it resets its MHI."))
            : report.Add(Finding.Ok("state", seen.ToString()));
    }

    private static bool CheckVectors(MhiController controller, DoctorReport report)
    {
        int granted = controller.VectorCount;
        int wanted = controller.Profile.EventRings.Length + 1;
        return granted >= wanted
            ? report.Add(Finding.Ok("vectors", string.Create(CultureInfo.InvariantCulture, $"{granted} granted, {wanted} wanted")))
            : report.Add(Finding.Note(
                "vectors",
                string.Create(CultureInfo.InvariantCulture, $"{granted} granted, {wanted} wanted"),
                "All event rings share vector 0: every interrupt has all of them looked at. That works, and costs a little."));
    }

    private static void PowerUp(MhiController controller, ProbeTimes times, DoctorReport report)
    {
        // A loop that looks for events before it sleeps would hide that interrupts do not arrive.
        using MhiEventLoop loop = MhiEventLoop.Start(controller, new MhiEventLoopOptions { IdlePolls = 0 });
        long start = Stopwatch.GetTimestamp();
        try
        {
            controller.PowerUp();
        }
        catch (MhiException exception)
        {
            report.Add(Obstacles.OfPowerUp(exception));
            return;
        }

        TimeSpan took = Stopwatch.GetElapsedTime(start);
        report.Add(Finding.Ok(
            "mission",
            string.Create(
                CultureInfo.InvariantCulture,
                $"READY, M0 and EXECENV {(uint)controller.ExecutionEnvironment} ({ProtocolWords.OfEnvironment((uint)controller.ExecutionEnvironment)}) after {took.TotalMilliseconds:0} ms")));
        DataChecks.Run(controller, loop, times, report);
        controller.PowerDown();
    }
}
