namespace Mhi.Protocol;

/// <summary>The boot host interface block: byte offsets from BHIOFF.</summary>
public static class BhiRegisters
{
    /// <summary>IMGADDR: bus address of the boot image, low half; the high half follows and is written first.</summary>
    public const uint ImageAddress = 0x08;

    /// <summary>IMGSIZE: size of the boot image in bytes.</summary>
    public const uint ImageSize = 0x10;

    /// <summary>IMGTXDB: image doorbell; writing a sequence number starts the download.</summary>
    public const uint ImageDoorbell = 0x18;

    /// <summary>INTVEC: interrupt vector for boot and state changes. Cleared by a reset.</summary>
    public const uint InterruptVector = 0x20;

    /// <summary>EXECENV: the execution environment. Written by the device.</summary>
    public const uint ExecutionEnvironment = 0x28;

    /// <summary>STATUS: download status in bits [31:30].</summary>
    public const uint Status = 0x2c;

    /// <summary>ERRCODE: why an image was refused. Written by the device.</summary>
    public const uint ErrorCode = 0x30;

    /// <summary>SERIALNU: serial number. Written by the device.</summary>
    public const uint SerialNumber = 0x40;

    /// <summary>Size of the block in bytes.</summary>
    public const uint BlockLength = 0xc8;
}
