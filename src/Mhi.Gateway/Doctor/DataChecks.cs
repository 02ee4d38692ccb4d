using System.Globalization;
using System.Linq;
using Mhi.Controller;
using Mhi.Profiles;
using Mhi.Protocol;

namespace Mhi.Gateway.Doctor;

/// <summary>Data through a channel that answers, and the interrupts that told of it.</summary>
internal static class DataChecks
{
    private const string EchoChannel = "LOOPBACK";
    private const string AtChannel = "DUN";
    private const string RefusedEcho = "The firmware does not offer the echo that its family has; the AT port is tried instead.";

    /// <summary>Checks.</summary>
    /// <param name="controller">A controller in mission mode.</param>
    /// <param name="loop">Polls it.</param>
    /// <param name="times">How long things may take.</param>
    /// <param name="report">Gets the findings.</param>
    internal static void Run(MhiController controller, MhiEventLoop loop, ProbeTimes times, DoctorReport report)
    {
        int vectors = controller.VectorCount;
        ChannelProfile? echo = Find(controller.Profile, EchoChannel);
        ChannelProfile? at = Find(controller.Profile, AtChannel);
        if ((echo ?? at) is not { } first)
        {
            _ = report.Add(Finding.Note(
                "channel",
                $"{controller.Profile.Id} has neither {EchoChannel} nor {AtChannel}.",
                "There is no channel to test: nothing else would answer without a protocol of its own."))
                && CheckInterrupts(loop, vectors, null, report);
            return;
        }

        bool separate = vectors > controller.Profile.EventRings.Length;
        int VectorOf(ChannelProfile channel) => separate ? channel.EventRing + 1 : 0;

        if (echo is not null && ChannelTable.TryInvoke(EchoChannel, new EchoProbe(controller, loop, VectorOf(echo), times), out Finding? answer)
            && answer is not null)
        {
            // Firmware that is built without the echo is common; the AT port shows as much.
            bool isRefused = answer is { State: FindingState.Failed, Step: ProbeSteps.Open } && at is not null;
            if (!report.Add(isRefused ? Finding.Note(answer.Step, answer.Seen, RefusedEcho) : answer))
            {
                return;
            }

            first = isRefused ? at! : echo;
        }

        if (first == at && ChannelTable.TryInvoke(AtChannel, new AtProbe(controller, times), out answer) && answer is not null && !report.Add(answer))
        {
            return;
        }

        _ = CheckInterrupts(loop, vectors, VectorOf(first), report);
    }

    private static ChannelProfile? Find(DeviceProfile profile, string name) =>
        ChannelTable.TryFind(name, out _) && profile.Channels.Count(channel => channel.Name == name && channel.Environment == ExecutionEnvironment.Amss) == 2
            ? profile.Channels.First(channel => channel.Name == name && channel.Type == ChannelType.Inbound)
            : null;

    private static bool CheckInterrupts(MhiEventLoop loop, int vectors, int? needed, DoctorReport report)
    {
        string counts = string.Join(
            ", ", Enumerable.Range(0, vectors).Select(vector => string.Create(CultureInfo.InvariantCulture, $"{loop.CountInterrupts(vector)} by vector {vector}")));
        bool arrived = needed is { } one ? loop.CountInterrupts(one) != 0 : Enumerable.Range(0, vectors).Any(vector => loop.CountInterrupts(vector) != 0);
        return arrived
            ? report.Add(Finding.Ok("interrupts", $"woken {counts}"))
            : report.Add(Finding.NoData(
                "interrupts",
                $"woken {counts}; none by the vector that the test needs",
                "Data comes, but only because the host looks for it every two seconds: the interrupts of the device do not reach this process.",
                "Check that interrupt remapping is on in the firmware and that the kernel was not booted with pci=nomsi; then power-cycle the device."));
    }
}
