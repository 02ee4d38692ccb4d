using System.Globalization;
using System.Text;
using Mhi.Controller;
using Mhi.Profiles;
using Mhi.Protocol;

namespace Mhi.Gateway.Doctor;

/// <summary>Data through a channel that answers, and the interrupts that told of it.</summary>
internal static class DataChecks
{
    private const string RefusedEcho = "The firmware does not offer the echo that its family has; the AT port is tried instead.";

    /// <summary>Checks.</summary>
    /// <param name="controller">A controller in mission mode.</param>
    /// <param name="loop">Polls it.</param>
    /// <param name="times">How long things may take.</param>
    /// <param name="report">Gets the findings.</param>
    internal static void Run(MhiController controller, MhiEventLoop loop, ProbeTimes times, DoctorReport report)
    {
        int vectors = controller.VectorCount;
        ChannelProfile? echo = Find(controller.Profile, LoopbackChannel.ChannelName);
        ChannelProfile? at = Find(controller.Profile, DunChannel.ChannelName);
        if ((echo ?? at) is not { } first)
        {
            _ = report.Add(Finding.Note(
                "channel",
                $"{controller.Profile.Id} has neither {LoopbackChannel.ChannelName} nor {DunChannel.ChannelName}.",
                "There is no channel to test: nothing else would answer without a protocol of its own."))
                && CheckInterrupts(loop, vectors, null, report);
            return;
        }

        bool separate = vectors > controller.Profile.EventRings.Length;
        int VectorOf(ChannelProfile channel) => separate ? channel.EventRing + 1 : 0;

        if (echo is not null)
        {
            Finding answer = new EchoProbe(controller, loop, VectorOf(echo), times).Run();

            // Firmware that is built without the echo is common; the AT port shows as much.
            bool isRefused = answer is { State: FindingState.Failed, Step: ProbeSteps.Open } && at is not null;
            if (!report.Add(isRefused ? Finding.Note(answer.Step, answer.Seen, RefusedEcho) : answer))
            {
                return;
            }

            first = isRefused ? at! : echo;
        }

        if (first == at && !report.Add(new AtProbe(controller, times).Run()))
        {
            return;
        }

        _ = CheckInterrupts(loop, vectors, VectorOf(first), report);
    }

    private static ChannelProfile? Find(DeviceProfile profile, string name) =>
        Find(profile, name, ChannelType.Outbound) is not null ? Find(profile, name, ChannelType.Inbound) : null;

    private static ChannelProfile? Find(DeviceProfile profile, string name, ChannelType type)
    {
        foreach (ChannelProfile channel in profile.Channels)
        {
            if (channel.Name == name && channel.Type == type && channel.Environment == ExecutionEnvironment.Amss)
            {
                return channel;
            }
        }

        return null;
    }

    private static bool CheckInterrupts(MhiEventLoop loop, int vectors, int? needed, DoctorReport report)
    {
        var counts = new StringBuilder();
        bool arrived = false;
        for (int vector = 0; vector < vectors; vector++)
        {
            long count = loop.CountInterrupts(vector);
            counts.Append(CultureInfo.InvariantCulture, $"{(vector == 0 ? "" : ", ")}{count} by vector {vector}");
            arrived |= count != 0 && (needed ?? vector) == vector;
        }

        return arrived
            ? report.Add(Finding.Ok("interrupts", $"woken {counts}"))
            : report.Add(Finding.NoData(
                "interrupts",
                $"woken {counts}; none by the vector that the test needs",
                "Data comes, but only because the host looks for it every two seconds: the interrupts of the device do not reach this process.",
                "Check that interrupt remapping is on in the firmware and that the kernel was not booted with pci=nomsi; then power-cycle the device."));
    }
}
