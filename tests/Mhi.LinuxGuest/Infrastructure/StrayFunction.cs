using System;
using System.Threading;
using Mhi.Endpoint.Functions;
using Mhi.Endpoint.VfioUser;

namespace Mhi.LinuxGuest.Infrastructure;

/// <summary>
/// Asked for anything for the first time in a run, it writes to and reads from a bus address that the host never mapped, and when both are refused it fails
/// as a device does that meets a bus error: SYS_ERR. When one is not, it says nothing, and the host waits in vain.
/// </summary>
internal sealed class StrayFunction : ChannelFunction
{
    /// <summary>Inside the 32 bits that the host may hand out, far above where it begins.</summary>
    public const ulong Address = 0xdead_0000;

    private IDeviceControl? _control;
    private bool _isReaching;

    /// <summary>The device; set before it serves anyone.</summary>
    public VfioUserDevice? Device { get; set; }

    /// <inheritdoc/>
    public override void OnAttached(IDeviceControl device) => _control = device;

    /// <inheritdoc/>
    public override void OnStarted() => _isReaching = false;

    /// <inheritdoc/>
    public override bool OnUplink(ReadOnlySpan<byte> packet, IDownlink downlink)
    {
        // Messages to the host's side wait for an answer, which a function must not, and only one is under way at a time.
        if (!_isReaching)
        {
            _isReaching = true;
            ThreadPool.QueueUserWorkItem(static function => function.Reach(), this, preferLocal: false);
        }

        return true;
    }

    private void Reach()
    {
        Span<byte> word = stackalloc byte[sizeof(uint)];
        bool written = Device!.Messages.TryWrite(Address, word);
        bool read = Device.Messages.TryRead(Address, word);
        if (!written && !read)
        {
            _control!.RaiseSystemError();
        }
    }
}
