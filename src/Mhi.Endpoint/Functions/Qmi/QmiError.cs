namespace Mhi.Endpoint.Functions.Qmi;

/// <summary>Why a request failed.</summary>
internal enum QmiError : ushort
{
    None = 0,
    MalformedMessage = 1,
    ClientIdsExhausted = 5,
    InvalidClientId = 7,
    MissingArgument = 17,
    InvalidServiceType = 31,
    InvalidArgument = 48,
    InvalidQmiCommand = 71,
}
