namespace Mhi.Nodes;

/// <summary>What a program opened a node for; the values are those of open(2).</summary>
public enum NodeAccess
{
    /// <summary>O_RDONLY.</summary>
    Read = 0,

    /// <summary>O_WRONLY.</summary>
    Write = 1,

    /// <summary>O_RDWR.</summary>
    ReadWrite = 2,
}
