namespace Mhi.Pci.VfioUser;

/// <summary>What became of a message that wants a reply.</summary>
internal enum CallResult
{
    /// <summary>A good answer is there.</summary>
    Answered,

    /// <summary>The server answered with an error.</summary>
    Refused,

    /// <summary>The connection has ended.</summary>
    Lost,
}
