namespace Mhi.Uci;

/// <summary>What every exception of this layer has beside its .NET type.</summary>
public interface IUciError
{
    /// <summary>The errno that a system call would have failed with; see <see cref="UciErrno"/>.</summary>
    int ErrorCode { get; }
}
