using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Controller;

namespace Mhi.Uci;

/// <summary>
/// Publishes the channels of devices as nodes that any number of clients open by name: the userspace counterpart of a
/// kernel's client driver.
/// </summary>
/// <remarks>
/// <para>A controller is attached before or after <see cref="Start"/>. Its channels are published while it is in mission mode
/// or suspended, and withdrawn when the device leaves or is powered down; a device that returns gets new nodes. A controller
/// in an error keeps its nodes: it may recover.</para>
/// <para>Safe for any number of threads. The host owns no controller: dispose it after its handles are closed, or what they
/// have not read is lost.</para>
/// </remarks>
public sealed partial class UciHost : IDisposable
{
    private readonly UciHostOptions _options;
    private readonly UciRegistry _registry = new();

    // Taken by whoever publishes or withdraws, across the observer's calls; never by a client or a poll thread.
    private readonly UciLock _changes = new();
    private readonly List<UciAttachment> _attachments = [];
    private volatile UciRefusal[] _refusals = [];
    private long _generation;
    private bool _isStarted;

    /// <summary>Creates a host that is not started.</summary>
    /// <param name="options">Choices; null takes the defaults.</param>
    public UciHost(UciHostOptions? options = null)
    {
        _options = options ?? new UciHostOptions();
        _options.Validate();
    }

    /// <summary>The nodes that can be opened now, by minor number.</summary>
    public IReadOnlyList<UciNode> Nodes => _registry.List();

    /// <summary>Channels that matched since the start and could not be published: one entry per name, the last reason.</summary>
    public IReadOnlyList<UciRefusal> Refusals => _refusals;

    /// <summary>
    /// Publishes every matching channel of the attached controllers that are in mission mode, and those that come from now
    /// on. All or nothing: when the observer fails, what was published is withdrawn, and its exception is thrown.
    /// </summary>
    /// <exception cref="InvalidOperationException">The host is started already.</exception>
    public void Start()
    {
        using (EnterChanges())
        {
            if (_isStarted)
            {
                throw new InvalidOperationException("The host is started already. Stop it first.");
            }

            _isStarted = true;
            _refusals = [];
            try
            {
                foreach (UciAttachment attachment in _attachments)
                {
                    attachment.Begin();
                    _ = PublishAll(attachment);
                }
            }
            catch
            {
                EndAll();
                throw;
            }
        }
    }

    /// <summary>
    /// Withdraws every node as if its device had gone: operations under way end with ENODEV. The host can be started again.
    /// Does nothing on a host that is not started.
    /// </summary>
    public void Stop()
    {
        using (EnterChanges())
        {
            if (_isStarted)
            {
                EndAll();
            }
        }
    }

    /// <summary>Stops the host and forgets the controllers.</summary>
    public void Dispose()
    {
        using (EnterChanges())
        {
            try
            {
                if (_isStarted)
                {
                    EndAll();
                }
            }
            finally
            {
                _attachments.Clear();
            }
        }
    }

    /// <summary>
    /// Makes a controller's channels known to the host; a started host publishes them at once, or when it is up. When the
    /// observer fails, what was published is withdrawn, the controller is not attached, and its exception is thrown.
    /// </summary>
    /// <param name="controller">The controller.</param>
    /// <exception cref="InvalidOperationException">The controller is attached already.</exception>
    /// <exception cref="UciIOException">A channel could not be published (ENOSPC, EEXIST); the others were.</exception>
    public void Attach(MhiController controller)
    {
        ArgumentNullException.ThrowIfNull(controller);
        using (EnterChanges())
        {
            if (_attachments.Exists(other => other.Controller == controller))
            {
                throw new InvalidOperationException($"The controller {controller.Name} is attached already.");
            }

            var attachment = new UciAttachment(this, controller);
            _attachments.Add(attachment);
            if (!_isStarted)
            {
                return;
            }

            UciIOException? refusal;
            attachment.Begin();
            try
            {
                refusal = PublishAll(attachment);
            }
            catch
            {
                _ = _attachments.Remove(attachment);
                End(attachment);
                throw;
            }

            if (refusal is not null)
            {
                throw refusal;
            }
        }
    }

    /// <summary>
    /// Withdraws a controller's nodes and forgets it: marks them gone, takes their names and minor numbers back, resets the
    /// channels, wakes everybody. Does not wait for handles. Does nothing for a controller that is not attached.
    /// </summary>
    /// <param name="controller">The controller.</param>
    public void Remove(MhiController controller)
    {
        ArgumentNullException.ThrowIfNull(controller);
        using (EnterChanges())
        {
            UciAttachment? attachment = _attachments.Find(other => other.Controller == controller);
            if (attachment is not null)
            {
                _ = _attachments.Remove(attachment);
                End(attachment);
            }
        }
    }

    /// <summary>Opens a node by name. Blocks while its channel starts.</summary>
    /// <param name="name">Name of the node, such as <c>mhi_0000:01:00.0_LOOPBACK</c>.</param>
    /// <param name="options">How; null takes the defaults.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A handle. Whoever opened it disposes it.</returns>
    /// <exception cref="UciNodeNotFoundException">There is no such node.</exception>
    /// <exception cref="UciIOException">The channel could not be started; the message says why.</exception>
    /// <exception cref="UciNotSupportedException">The device's family cannot do it.</exception>
    public UciHandle Open(string name, UciOpenOptions? options = null, CancellationToken cancellationToken = default) =>
        Find(name).Open(options, cancellationToken);

    /// <summary>Opens a node by minor number. Blocks while its channel starts.</summary>
    /// <param name="minor">The minor number.</param>
    /// <param name="options">How; null takes the defaults.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A handle. Whoever opened it disposes it.</returns>
    /// <exception cref="UciNodeNotFoundException">There is no such node.</exception>
    /// <exception cref="UciIOException">The channel could not be started; the message says why.</exception>
    /// <exception cref="UciNotSupportedException">The device's family cannot do it.</exception>
    public UciHandle Open(int minor, UciOpenOptions? options = null, CancellationToken cancellationToken = default) =>
        Find(minor).Open(options, cancellationToken);

    /// <summary>Opens a node by name.</summary>
    /// <param name="name">Name of the node.</param>
    /// <param name="options">How; null takes the defaults.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Completes with a handle; fails as <see cref="Open(string, UciOpenOptions?, CancellationToken)"/> does.</returns>
    public Task<UciHandle> OpenAsync(string name, UciOpenOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _registry.Find(name) is { } node
            ? node.OpenAsync(options, cancellationToken)
            : Task.FromException<UciHandle>(NotFound(name));
    }

    /// <exception cref="InvalidOperationException">The observer calls: what it would change is being changed around it.</exception>
    private UciLock.Scope EnterChanges() => _changes.IsHeldByCurrentThread
        ? throw new InvalidOperationException(
            "An observer must not start, stop or dispose the host that calls it, nor attach or remove a controller. Return first and let another thread do it.")
        : _changes.EnterScope();

    private UciNode Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _registry.Find(name) ?? throw NotFound(name);
    }

    /// <summary>The node with a minor number.</summary>
    /// <exception cref="UciNodeNotFoundException">There is no such node.</exception>
    internal UciNode Find(int minor) => _registry.Find(minor) ?? throw NotFound($"with minor number {minor}");

    private static UciNodeNotFoundException NotFound(string name) =>
        new($"There is no node {name}. Names are mhi_<controller>_<channel>; the channel must be in the host's table and the device in mission mode.");
}
