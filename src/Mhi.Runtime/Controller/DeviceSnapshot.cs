using System.Globalization;
using System.Text;
using Mhi.Pci;
using Mhi.Protocol;

namespace Mhi.Controller;

/// <summary>What the registers of a device said at one moment; taken to tell why something failed.</summary>
public sealed record DeviceSnapshot
{
    private const int BhiStatusShift = 30;
    private const uint BhiStatusError = 3;

    /// <summary>What the controller was waiting for.</summary>
    public MhiControllerState Phase { get; init; }

    /// <summary>Length of the BAR in bytes.</summary>
    public uint BarLength { get; init; }

    /// <summary>MHIREGLEN.</summary>
    public uint RegisterLength { get; init; }

    /// <summary>MHIVER.</summary>
    public uint Version { get; init; }

    /// <summary>MHICTRL: what the host asked for.</summary>
    public uint Control { get; init; }

    /// <summary>MHISTATUS: where the device is.</summary>
    public uint Status { get; init; }

    /// <summary>BHIOFF: where the boot host interface begins.</summary>
    public uint BhiOffset { get; init; }

    /// <summary>EXECENV; null when BHIOFF leads nowhere.</summary>
    public uint? Environment { get; init; }

    /// <summary>Status of the boot host interface, and the error code of a failed image download; null when BHIOFF leads nowhere.</summary>
    public (uint Status, uint ErrorCode)? Bhi { get; init; }

    /// <summary>Whether an event lay in event ring 0 that no interrupt had told of.</summary>
    public bool HasUnseenEvent { get; init; }

    /// <summary>What the registers mean for what the controller was waiting for.</summary>
    public string Meaning => SnapshotWords.Explain(this).Meaning;

    /// <summary>What to do about it.</summary>
    public string Advice => SnapshotWords.Explain(this).Advice;

    /// <summary>Whether every register reads as all ones: nobody answers behind the BAR.</summary>
    public bool IsGone => (RegisterLength & Version & Control & Status & BhiOffset) == MhiRegisters.LinkDown;

    /// <summary>The state the device says it is in.</summary>
    public MhiState State => (MhiState)((Status & MhiRegisters.StateMask) >> MhiRegisters.StateShift);

    /// <summary>Whether READY is set.</summary>
    public bool IsReady => (Status & MhiRegisters.StatusReady) != 0;

    /// <summary>Whether the device says that it failed.</summary>
    public bool IsSystemError => (Status & MhiRegisters.StatusSystemError) != 0 || State == MhiState.SystemError;

    /// <summary>Whether a reset that the host asked for has not ended.</summary>
    public bool IsResetting => (Control & MhiRegisters.ControlReset) != 0;

    /// <summary>Reads the registers.</summary>
    /// <typeparam name="TRegisters">How they are reached.</typeparam>
    /// <param name="registers">The BAR.</param>
    /// <param name="length">Length of the BAR in bytes.</param>
    /// <param name="phase">What the controller is waiting for.</param>
    /// <returns>What they said.</returns>
    public static DeviceSnapshot Read<TRegisters>(TRegisters registers, uint length, MhiControllerState phase = MhiControllerState.Off)
        where TRegisters : struct, IRegisterAccess
    {
        if (length < MhiRegisters.SocResetRequest)
        {
            return new DeviceSnapshot { Phase = phase, BarLength = length };
        }

        var snapshot = new DeviceSnapshot
        {
            Phase = phase,
            BarLength = length,
            RegisterLength = registers.Read(MhiRegisters.RegisterLength),
            Version = registers.Read(MhiRegisters.Version),
            Control = registers.Read(MhiRegisters.Control),
            Status = registers.Read(MhiRegisters.Status),
            BhiOffset = registers.Read(MhiRegisters.BhiOffset),
        };
        uint bhi = snapshot.BhiOffset;
        if (bhi % sizeof(uint) != 0 || bhi > length || length - bhi < BhiRegisters.BlockLength)
        {
            return snapshot;
        }

        return snapshot with
        {
            Environment = registers.Read(bhi + BhiRegisters.ExecutionEnvironment),
            Bhi = (registers.Read(bhi + BhiRegisters.Status), registers.Read(bhi + BhiRegisters.ErrorCode)),
        };
    }

    /// <summary>The registers and what they mean.</summary>
    /// <returns>Such as <c>MHISTATUS 0x1 (RESET, READY), MHICTRL 0x0, EXECENV 2 (AMSS, the mission firmware)</c>.</returns>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"MHISTATUS 0x{Status:x}");
        if (Status == MhiRegisters.LinkDown)
        {
            return text.Append(" (all ones: nobody answers)").ToString();
        }

        text.Append(CultureInfo.InvariantCulture, $" (state {ProtocolWords.Of(State)}, READY {(IsReady ? "set" : "clear")}");
        text.Append((Status & MhiRegisters.StatusSystemError) != 0 ? ", SYSERR set)" : ")");
        text.Append(CultureInfo.InvariantCulture, $", MHICTRL 0x{Control:x} (");
        var requested = (MhiState)((Control & MhiRegisters.StateMask) >> MhiRegisters.StateShift);
        text.Append(IsResetting ? "reset not ended)" : requested == MhiState.Reset ? "nothing asked for)" : $"{ProtocolWords.Of(requested)} asked for)");
        if (Environment is { } environment)
        {
            text.Append(CultureInfo.InvariantCulture, $", EXECENV {environment} ({ProtocolWords.OfEnvironment(environment)})");
        }

        if (Bhi is { Status: var status, ErrorCode: var error } && status >> BhiStatusShift == BhiStatusError)
        {
            text.Append(CultureInfo.InvariantCulture, $", BHI status 0x{status:x} (image refused, error 0x{error:x})");
        }

        text.Append(HasUnseenEvent ? ", an event in event ring 0 that no interrupt told of" : "");
        return text.ToString();
    }
}
