namespace Mhi.Endpoint.VfioUser;

/// <summary>Linux error numbers that replies carry.</summary>
internal enum ErrorNumber
{
    None = 0,
    Exists = 17,
    Invalid = 22,
    NoSpace = 28,
    NotSupported = 95,
}
