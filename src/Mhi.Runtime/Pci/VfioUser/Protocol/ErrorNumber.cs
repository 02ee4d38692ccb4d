namespace Mhi.Pci.VfioUser.Protocol;

/// <summary>Linux error numbers that replies carry.</summary>
internal enum ErrorNumber
{
    None = 0,
    TooLong = 7,
    Exists = 17,
    NoDevice = 19,
    Invalid = 22,
    NoSpace = 28,
    NotImplemented = 38,
    NotSupported = 95,
}
