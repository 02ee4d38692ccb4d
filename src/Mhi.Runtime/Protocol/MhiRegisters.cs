namespace Mhi.Protocol;

/// <summary>
/// The MHI register block: byte offsets from the start of the BAR, and the fields inside the registers. Every access is
/// one aligned 32-bit read or write; a 64-bit quantity is two of them.
/// </summary>
public static class MhiRegisters
{
    /// <summary>MHIREGLEN: length of the register block in bytes. Written by the device.</summary>
    public const uint RegisterLength = 0x00;

    /// <summary>MHIVER: version of the interface. Written by the device.</summary>
    public const uint Version = 0x08;

    /// <summary>MHICFG: numbers of channels and event rings.</summary>
    public const uint Configuration = 0x10;

    /// <summary>CHDBOFF: offset of the channel doorbell array. Written by the device.</summary>
    public const uint ChannelDoorbellOffset = 0x18;

    /// <summary>ERDBOFF: offset of the event ring doorbell array. Written by the device.</summary>
    public const uint EventDoorbellOffset = 0x20;

    /// <summary>BHIOFF: offset of the boot host interface block. Written by the device.</summary>
    public const uint BhiOffset = 0x28;

    /// <summary>BHIEOFF: offset of the extended boot host interface block. Written by the device.</summary>
    public const uint BhieOffset = 0x2c;

    /// <summary>MHICTRL: requested state and reset bit. Written by the host; the device clears the reset bit.</summary>
    public const uint Control = 0x38;

    /// <summary>MHISTATUS: current state, READY and SYSERR. Written by the device.</summary>
    public const uint Status = 0x48;

    /// <summary>CCABAP: bus address of the channel context array, low half; the high half follows.</summary>
    public const uint ChannelContextBase = 0x58;

    /// <summary>ECABAP: bus address of the event context array, low half; the high half follows.</summary>
    public const uint EventContextBase = 0x60;

    /// <summary>CRCBAP: bus address of the command context array, low half; the high half follows.</summary>
    public const uint CommandContextBase = 0x68;

    /// <summary>CRDB: command ring doorbell, low half; the high half follows.</summary>
    public const uint CommandDoorbell = 0x70;

    /// <summary>MHICTRLBASE: lowest bus address of control structures, low half; the high half follows.</summary>
    public const uint ControlBase = 0x80;

    /// <summary>MHICTRLLIMIT: highest bus address of control structures, low half; the high half follows.</summary>
    public const uint ControlLimit = 0x88;

    /// <summary>MHIDATABASE: lowest bus address of data buffers, low half; the high half follows.</summary>
    public const uint DataBase = 0x98;

    /// <summary>MHIDATALIMIT: highest bus address of data buffers, low half; the high half follows.</summary>
    public const uint DataLimit = 0xa0;

    /// <summary>SOC_RESET_REQ: writing 1 asks for a reset of the whole device.</summary>
    public const uint SocResetRequest = 0xb0;

    /// <summary>SOC_HW_VERSION: family, device, major and minor number. Written by the device.</summary>
    public const uint SocHardwareVersion = 0x224;

    /// <summary>Reset bit of <see cref="Control"/>.</summary>
    public const uint ControlReset = 0x2;

    /// <summary>State field of <see cref="Control"/> and <see cref="Status"/>.</summary>
    public const uint StateMask = 0xff00;

    /// <summary>Position of the state field.</summary>
    public const int StateShift = 8;

    /// <summary>READY bit of <see cref="Status"/>.</summary>
    public const uint StatusReady = 0x1;

    /// <summary>SYSERR bit of <see cref="Status"/>.</summary>
    public const uint StatusSystemError = 0x4;

    /// <summary>NHWER field of <see cref="Configuration"/>: number of hardware event rings. Written by the host.</summary>
    public const uint HardwareEventRingsMask = 0xff00_0000;

    /// <summary>Position of the NHWER field.</summary>
    public const int HardwareEventRingsShift = 24;

    /// <summary>NER field of <see cref="Configuration"/>: number of event rings. Written by the host.</summary>
    public const uint EventRingsMask = 0x00ff_0000;

    /// <summary>Position of the NER field.</summary>
    public const int EventRingsShift = 16;

    /// <summary>What a read returns when the function has left the bus.</summary>
    public const uint LinkDown = 0xffff_ffff;
}
