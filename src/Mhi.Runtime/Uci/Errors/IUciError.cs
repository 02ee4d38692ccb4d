namespace Mhi.Uci;

/// <summary>What every exception of this layer has beside its .NET type.</summary>
public interface IUciError
{
    /// <summary>The errno that a system call would have failed with; see <see cref="UciErrno"/>.</summary>
    int ErrorCode { get; }

    /// <summary>Bytes that a <see cref="UciStream"/> had queued before the failure; they are on their way. Else 0.</summary>
    int BytesTransferred { get; }
}
