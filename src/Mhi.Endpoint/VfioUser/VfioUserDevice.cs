using System;
using System.Collections.Generic;
using Mhi.Endpoint.Dma;
using Mhi.Endpoint.Functions;
using Mhi.Endpoint.Logging;
using Mhi.Endpoint.Registers;
using Mhi.Interop;
using Mhi.Interop.Memory;
using Mhi.Interop.Sockets;
using Mhi.Interop.Threading;
using Mhi.Pci.VfioUser.Protocol;
using Mhi.Profiles;

namespace Mhi.Endpoint.VfioUser;

/// <summary>
/// A whole emulated device behind the vfio-user protocol: what a virtual machine attaches as a PCI function.
/// </summary>
/// <remarks>
/// <para>Two threads. The one that calls <see cref="Serve"/> handles the client's messages, strictly in order: it keeps the
/// registers, configuration space and memory map, and waits for nobody. The device runs on a thread of its own; it alone
/// moves data, and where memory is not shared it sends requests and waits for their answers, which the first thread
/// receives. So a register access is answered while a request is under way, and the two can never wait for each other.</para>
/// <para>The device is there before the first client and after the last: a client that goes leaves it as after power on.</para>
/// </remarks>
public sealed class VfioUserDevice : IDisposable
{
    private readonly EndpointRegisters _registers;
    private readonly DmaTranslation _translation;
    private readonly EndpointLoop _loop;
    private bool _isBusMaster;

    /// <summary>Creates the device, powered on and idle.</summary>
    /// <param name="profile">Device family.</param>
    /// <param name="options">Choices; the defaults if null.</param>
    /// <exception cref="ArgumentException">A function for a channel that the profile does not have in mission mode.</exception>
    /// <exception cref="SystemCallException">The process cannot be protected against clients that take shared memory away.</exception>
    public VfioUserDevice(DeviceProfile profile, VfioUserDeviceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(profile);
        options ??= new VfioUserDeviceOptions();
        Log = options.Log;
        Messages = new MessageDma();
        _registers = EndpointParts.CreateRegisters(profile);
        FaultGuard.Install();
        _translation = new DmaTranslation(Messages) { MemoryGone = HangUpIfGone };
        _translation.SetEnabled(false);
        Memory = new GuestMemory(_translation);
        Config = new ConfigSpace(profile.Identity, options.PerVectorMask);
        Dictionary<string, ChannelFunction> functions = EndpointParts.CreateFunctions(profile, options.Functions);
        if (options.Log is not null)
        {
            LoggedFunction.Wrap(options.Log, profile, functions);
        }

        Endpoint = new MhiEndpoint(_registers, _translation, Vectors, profile, functions, options.TimeProvider, options.Endpoint)
        {
            Log = options.Log,
        };
        _loop = new EndpointLoop(Endpoint, "mhi-endpoint vfio-user");
    }

    /// <summary>The device itself.</summary>
    public MhiEndpoint Endpoint { get; }

    /// <summary>The last exception that a channel function let escape, or null.</summary>
    public Exception? Fault => _loop.Fault;

    /// <summary>Requests for memory that a client did not share, so far. May be read by any thread.</summary>
    public long MemoryRequests => Messages.Requests;

    /// <summary>Ranges of memory the client has announced. May be read by any thread.</summary>
    public int MemoryRanges => _translation.Count;

    internal ProtocolLog? Log { get; }

    internal GuestMemory Memory { get; }

    internal ConfigSpace Config { get; }

    internal MessageDma Messages { get; }

    /// <summary>MSI vectors.</summary>
    internal VectorTable Vectors { get; } = new(ConfigLayout.MsiVectors);

    /// <summary>Serves one client until it goes, breaks the protocol, or the wait is ended. One client at a time.</summary>
    /// <param name="socket">The connection; the caller disposes it.</param>
    /// <param name="stop">Ends serving when signalled; stays signalled.</param>
    /// <returns>How it ended.</returns>
    public ClientEnd Serve(LocalSocket socket, EventFd stop)
    {
        ArgumentNullException.ThrowIfNull(socket);
        ArgumentNullException.ThrowIfNull(stop);
        using var stream = new MessageStream(socket, stop, "The client");
        using var session = new VfioUserSession(this, stream);
        try
        {
            return session.Run(stop);
        }
        finally
        {
            // Before anything of the client is taken away, the device must not use it any more.
            Reset("client gone");
            Messages.Detach();
            Vectors.Clear();
            Vectors.ForgetPending();
            _ = Memory.Unmap(0, ulong.MaxValue);
            stream.Shutdown();
        }
    }

    /// <summary>Ends the device's thread. No client may be served any more.</summary>
    public void Dispose()
    {
        Messages.SetOpen(false);
        _loop.Dispose();
        Vectors.Dispose();
        _ = Memory.Unmap(0, ulong.MaxValue);
    }

    /// <summary>Power-on state of function and configuration space. Memory map and event descriptors stay.</summary>
    /// <param name="reason">Why, for the log.</param>
    internal void Reset(string reason)
    {
        if (Log is { } log)
        {
            using LogLine line = log.Begin("dev.boot");
            line.Text("why", reason);
        }

        Config.Reset();
        ApplyAccess();
        _registers.ResetFunction();
        Vectors.ForgetPending();
    }

    /// <summary>Lets the device reach memory or not, as configuration space now says. When it returns after switching off, no access is under way.</summary>
    internal void ApplyAccess()
    {
        bool enabled = Config.IsBusMaster;
        if (enabled == _isBusMaster)
        {
            return;
        }

        _isBusMaster = enabled;
        if (enabled)
        {
            Messages.SetOpen(true);
            _translation.SetEnabled(true);
            _registers.SetBusMaster(true);
        }
        else
        {
            _registers.SetBusMaster(false);
            Messages.SetOpen(false);
            _translation.SetEnabled(false);
        }
    }

    /// <summary>The client reads a register.</summary>
    /// <param name="offset">Its offset, a multiple of 4.</param>
    /// <returns>Its value; all ones when the BAR does not answer.</returns>
    internal uint ReadRegister(uint offset)
    {
        uint value = Config.IsMemoryEnabled ? _registers.HostRead(offset) : uint.MaxValue;
        if (Log is { } log)
        {
            using LogLine line = log.Begin("mmio.rd");
            line.Text("reg", RegisterNames.Of(offset));
            line.Hex("val", value);
        }

        return value;
    }

    /// <summary>The client writes a register.</summary>
    /// <param name="offset">Its offset, a multiple of 4.</param>
    /// <param name="value">The value.</param>
    internal void WriteRegister(uint offset, uint value)
    {
        if (Log is { } log)
        {
            using LogLine line = log.Begin("mmio.wr");
            line.Text("reg", RegisterNames.Of(offset));
            line.Hex("val", value);
        }

        if (Config.IsMemoryEnabled)
        {
            _registers.HostWrite(offset, value);
        }
    }

    private void HangUpIfGone()
    {
        if (Memory.IsGone)
        {
            Messages.HangUp();
        }
    }
}
