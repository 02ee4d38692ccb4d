namespace Mhi.Endpoint.Functions.Mbim;

/// <summary>What FUNCTION_ERROR says is wrong with a message.</summary>
internal enum MbimError : uint
{
    None = 0,
    FragmentOutOfSequence = 2,
    LengthMismatch = 3,
    NotOpened = 5,
    Unknown = 6,
    MaxTransfer = 8,
}
