namespace Mhi.Interop.Files;

/// <summary>What a file is opened for; the values are those of open(2).</summary>
public enum DeviceAccess
{
    /// <summary>Reading.</summary>
    Read = 0,

    /// <summary>Writing.</summary>
    Write = 1,

    /// <summary>Both.</summary>
    ReadWrite = 2,
}
