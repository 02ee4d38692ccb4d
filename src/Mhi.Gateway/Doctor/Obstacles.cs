using System;
using Mhi.Controller;

namespace Mhi.Gateway.Doctor;

/// <summary>Turns a failure of the stack into a finding.</summary>
internal static class Obstacles
{
    /// <summary>A function that cannot be opened.</summary>
    /// <param name="exception">Why.</param>
    /// <returns>The finding.</returns>
    internal static Finding OfOpening(MhiException exception)
    {
        (string step, string meaning) = exception.Code switch
        {
            MhiErrorCode.DeviceNotFound => ("function", "The device is not there, or has gone meanwhile."),
            MhiErrorCode.TransportUnavailable => ("vfio", "What the kernel needs to hand a device to a program is not there."),
            MhiErrorCode.NoIommu => ("iommu", "Nothing would keep the device from reading and writing all memory."),
            MhiErrorCode.NotBound => ("driver", "Only vfio-pci hands a device to a program."),
            MhiErrorCode.GroupNotViable => ("group", "The kernel gives an IOMMU group to programs as a whole or not at all."),
            MhiErrorCode.PermissionDenied => ("permission", "The device may be opened, but not by this user."),
            MhiErrorCode.DeviceInUse => ("permission", "One program at a time may hold a device."),
            MhiErrorCode.NoInterruptRemapping => ("remapping", "The kernel refuses the device, for it could raise interrupts that are not its own."),
            MhiErrorCode.LockedMemoryLimit => ("memlock", "DMA memory is locked, and this process may not lock that much."),
            MhiErrorCode.OutOfMemory => ("memory", "The DMA buffers cannot be had."),
            MhiErrorCode.NoInterrupts => ("vectors", "Without an interrupt vector the host never learns of an event."),
            MhiErrorCode.NotAnMhiDevice => ("function", "The function has not what an MHI device has."),
            _ => ("open", "The device could not be opened."),
        };
        (string seen, string advice) = Split(exception.Message);
        return Finding.NotSetUp(step, seen, meaning, advice);
    }

    /// <summary>A device that does not come up.</summary>
    /// <param name="exception">Why.</param>
    /// <returns>The finding.</returns>
    internal static Finding OfPowerUp(MhiException exception)
    {
        if (exception.Code is MhiErrorCode.LockedMemoryLimit or MhiErrorCode.OutOfMemory)
        {
            return OfOpening(exception);
        }

        if (exception.Seen is { } seen)
        {
            string step = exception.Code == MhiErrorCode.NoInterrupts ? "interrupts" : StepOf(seen.Phase);
            return exception.Code == MhiErrorCode.NoInterrupts
                ? Finding.NoData(step, $"{Describe(seen.Phase)}: {seen}", seen.Meaning, seen.Advice)
                : Finding.DeviceFailed(step, $"{Describe(seen.Phase)}: {seen}", seen.Meaning, seen.Advice);
        }

        (string what, string advice) = Split(exception.Message);
        return Finding.DeviceFailed(
            "power-up",
            what,
            exception.Code switch
            {
                MhiErrorCode.DeviceRemoved => "The device left the bus while it was started.",
                MhiErrorCode.ProtocolViolation => "What the device says of itself is not what the protocol allows.",
                MhiErrorCode.SystemError => "The firmware failed.",
                _ => "The device did not come up.",
            },
            advice);
    }

    /// <summary>A channel that does not work.</summary>
    /// <param name="step">The step.</param>
    /// <param name="exception">Why.</param>
    /// <returns>The finding.</returns>
    internal static Finding OfChannel(string step, MhiException exception)
    {
        (string seen, string advice) = Split(exception.Message);
        return Finding.NoData(
            step,
            seen,
            exception.Code is MhiErrorCode.CommandTimedOut or MhiErrorCode.CommandRefused
                ? "The device is up, but its firmware does not offer this channel, or has stopped."
                : "The device is up, but data does not come through.",
            advice.Length == 0 ? "Run the walk again; if it fails again, power-cycle the device." : advice);
    }

    /// <summary>The first sentence, and the rest: a message says what was seen, then what to do.</summary>
    /// <param name="message">The message.</param>
    /// <returns>Both parts.</returns>
    internal static (string Seen, string Advice) Split(string message)
    {
        int end = message.IndexOf(". ", StringComparison.Ordinal);
        return end < 0 ? (message, "") : (message[..(end + 1)], message[(end + 2)..]);
    }

    private static string StepOf(MhiControllerState phase) => phase switch
    {
        MhiControllerState.WaitingForFirmware => "environment",
        MhiControllerState.Resetting => "reset",
        MhiControllerState.WaitingForReady => "ready",
        MhiControllerState.WaitingForM0 => "m0",
        MhiControllerState.WaitingForMissionMode => "mission",
        _ => "power-up",
    };

    private static string Describe(MhiControllerState phase) => phase switch
    {
        MhiControllerState.WaitingForFirmware => "Mission firmware did not start",
        MhiControllerState.Resetting => "The MHI reset did not end",
        MhiControllerState.WaitingForReady => "READY did not come",
        MhiControllerState.WaitingForM0 => "M0 was not confirmed",
        MhiControllerState.WaitingForMissionMode => "M0 came, but the execution environment was not reported",
        _ => "The device failed",
    };
}
