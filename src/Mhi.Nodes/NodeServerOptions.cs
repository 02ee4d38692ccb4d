using System;

namespace Mhi.Nodes;

/// <summary>How nodes are served.</summary>
public sealed record NodeServerOptions
{
    // The unit of the kernel's own setting.
    private static readonly TimeSpan s_shortestTimeout = TimeSpan.FromSeconds(1);

    /// <summary>Who may open the nodes; 0660 and root by default.</summary>
    public NodePermissions Permissions { get; init; } = NodePermissions.Default;

    /// <summary>
    /// How long, at the end, programs are given to notice and close their files; one second by default. Those that do not get
    /// ENOTCONN from then on.
    /// </summary>
    public TimeSpan Farewell { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Threads for the requests of a mounted directory, 1 to 64; two by default. One waits for requests and calls the others when
    /// they keep coming, so that threads cost nothing while one is enough. A character device has one.
    /// </summary>
    public int Threads { get; init; } = 2;

    /// <summary>
    /// How long the kernel lets a request wait before it gives up on the server; null when it waits as long as the program.
    /// Waiting requests are answered with EAGAIN before that. One second at least; the default is what the kernel is set to.
    /// </summary>
    public TimeSpan? RequestTimeout { get; init; } = KernelRequestTimeout.Read();

    internal NodeServerOptions Validated()
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Permissions.Mode, 0xfffu, nameof(Permissions));
        ArgumentOutOfRangeException.ThrowIfLessThan(Farewell, TimeSpan.Zero, nameof(Farewell));
        ArgumentOutOfRangeException.ThrowIfLessThan(Threads, 1, nameof(Threads));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Threads, 64, nameof(Threads));
        if (RequestTimeout is { } timeout)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(timeout, s_shortestTimeout, nameof(RequestTimeout));
        }

        return this;
    }
}
