using Mhi.Protocol;

namespace Mhi.Controller;

/// <summary>What the registers of a device mean for the phase it is stuck in, and what to do.</summary>
internal static class SnapshotWords
{
    /// <summary>Explains a snapshot.</summary>
    /// <param name="seen">The registers and the phase.</param>
    /// <returns>A sentence each, or two.</returns>
    internal static (string Meaning, string Advice) Explain(DeviceSnapshot seen)
    {
        if (seen.Status == MhiRegisters.LinkDown)
        {
            return (
                "The device does not answer on the bus: it has lost its power or its link, sleeps in D3, or is in a reset.",
                "Check power, slot and link, then power-cycle the device, or remove the function and rescan the bus.");
        }

        if (seen.HasUnseenEvent)
        {
            return (
                "The device works and reaches memory, but its interrupts do not reach this process.",
                "Check that interrupt remapping is on in the firmware and that the kernel was not booted with pci=nomsi; then power-cycle the device.");
        }

        uint environment = seen.Environment ?? uint.MaxValue;
        return seen.Phase switch
        {
            MhiControllerState.WaitingForFirmware => (ProtocolWords.MeaningOf(environment), ProtocolWords.AdviceFor(environment)),
            MhiControllerState.Resetting => ("The firmware does not serve its MHI any more.", "Power-cycle the device."),
            MhiControllerState.WaitingForReady when seen.IsSystemError => (
                "The firmware failed, and a reset of its MHI did not bring it back.", "Power-cycle the device."),
            MhiControllerState.WaitingForReady => (
                "The firmware runs but its MHI side does not start: it is still booting, or waits for a reset that the host cannot do over MHI.",
                "Reset the function or power-cycle the device, and allow more time if it starts slowly."),
            MhiControllerState.WaitingForM0 when seen.State == MhiState.M0 => (
                "The device took the request, but what it writes does not reach host memory.",
                "Look for IOMMU faults in the kernel log, and check that the function is a bus master (`lspci -vv`: BusMaster+)."),
            MhiControllerState.WaitingForM0 => (
                "The device does not react to what the host writes to MHICTRL.", "Reset the function or power-cycle the device."),
            MhiControllerState.Suspending or MhiControllerState.Resuming => (
                "The firmware does not do what suspending needs.",
                "Power the controller up again, which resets the device, and do not suspend it with this firmware."),
            _ when seen.IsSystemError => ("The firmware failed.", "Power the controller up again; that resets the device."),
            _ => ("The firmware stopped in the middle of its start.", "Reset the device and try again."),
        };
    }
}
