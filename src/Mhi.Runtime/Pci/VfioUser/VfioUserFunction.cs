using System;
using System.Collections.Immutable;
using System.IO;
using System.Numerics;
using Mhi.Controller;
using Mhi.Interop;
using Mhi.Interop.Memory;
using Mhi.Interop.Sockets;
using Mhi.Interop.Threading;
using Mhi.Pci.VfioUser.Protocol;
using Mhi.Profiles;

namespace Mhi.Pci.VfioUser;

/// <summary>
/// A PCI function in another process, over the vfio-user protocol: <c>mhi endpoint</c>, or a device model that somebody else
/// wrote.
/// </summary>
/// <remarks>
/// <para>DMA memory is handed over by descriptor, so the device's accesses cost this process nothing; a server that does not
/// map what it is given is answered by message. Either way it reaches these regions and nothing else of the process.</para>
/// <para>The server is not trusted: every length, number and descriptor of its messages is checked before it is used. One that
/// goes, falls silent for <see cref="VfioUserOptions.ReplyTimeout"/> or breaks the protocol counts as removed: registers
/// read as all ones, <see cref="Alarms"/> is signalled, and nothing waits for it any more.</para>
/// </remarks>
public sealed class VfioUserFunction : IPciFunction<VfioUserRegisters>
{
    private const int CommandRegister = 0x04;
    private const ushort MemoryEnable = 1 << 1;
    private const ushort BusMasterEnable = 1 << 2;
    private const ushort StartFunctionReset = 1 << 15;

    private readonly ServerConnection _connection;
    private readonly ServerCommands _commands;
    private readonly PeerCapabilities _server;
    private readonly RemoteFunction _remote;
    private readonly MappedBar? _bar;
    private readonly RegisterFile _registers;
    private readonly IovaSpace _addresses;
    private readonly int _addressBits;
    private bool _disposed;

    private VfioUserFunction(
        string name, ServerCommands commands, PeerCapabilities server, RemoteFunction remote, DeviceProfile profile, VfioUserOptions options)
    {
        Name = name;
        Profile = profile;
        _connection = commands.Connection;
        _commands = commands;
        _server = server;
        _remote = remote;
        _addressBits = profile.DmaAddressBits;
        _addresses = new IovaSpace(_addressBits);
        Vectors = CreateVectors(Math.Min(remote.VectorCount, (uint)options.MaxVectors), profile);
        _bar = options.MapRegisters && remote.Bar.File is { } file
            ? MappedBar.TryMap(file, remote.Bar.FileOffset, (uint)remote.Bar.Length, remote.Bar.Areas)
            : null;
        _registers = new RegisterFile(_connection, (uint)remote.Bar.Length, _bar);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public PciIdentity Identity => _remote.Identity;

    /// <summary>The profile the function is driven with.</summary>
    public DeviceProfile Profile { get; }

    /// <summary>Whether register accesses are loads and stores, at least some; otherwise all are messages.</summary>
    public bool HasMappedRegisters => _bar is not null;

    /// <inheritdoc/>
    public VfioUserRegisters Registers => new(_registers);

    /// <inheritdoc/>
    public uint RegisterLength => _registers.Length;

    /// <inheritdoc/>
    public ImmutableArray<InterruptVector> Vectors { get; }

    /// <inheritdoc/>
    public ImmutableArray<EventFd> Alarms => [_connection.Alarm];

    /// <summary>Connects to a server and learns what its function has. The device is not touched beyond that.</summary>
    /// <param name="socketPath">The socket the server listens at.</param>
    /// <param name="profile">The device's family; null takes the one that the function's identity stands for.</param>
    /// <param name="options">Choices; null takes the defaults.</param>
    /// <returns>The function, no bus master.</returns>
    /// <exception cref="MhiException">
    /// Nobody listens there, or not for this user; the server is busy, speaks something else, or its function is no MHI
    /// device of a known profile. The message says which, and what to do.
    /// </exception>
    public static VfioUserFunction Open(string socketPath, DeviceProfile? profile = null, VfioUserOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(socketPath);
        return Open(ServerSocket.Connect(socketPath), socketPath, profile, options);
    }

    /// <summary>Learns what the function of a connected server has.</summary>
    /// <param name="socket">The connection; taken over in any case.</param>
    /// <param name="place">What the server is called in messages.</param>
    /// <param name="profile">The device's family; null takes the one that the function's identity stands for.</param>
    /// <param name="options">Choices; null takes the defaults.</param>
    /// <returns>The function, no bus master.</returns>
    /// <exception cref="MhiException">As for a path.</exception>
    public static VfioUserFunction Open(LocalSocket socket, string place, DeviceProfile? profile = null, VfioUserOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(socket);
        ArgumentException.ThrowIfNullOrEmpty(place);
        options ??= new VfioUserOptions();
        options.Validate();
        var connection = new ServerConnection(socket, $"The server at '{place}'", options.ReplyTimeout);
        VfioUserFunction? function = null;
        try
        {
            var commands = new ServerCommands(connection);
            PeerCapabilities server = commands.Negotiate();
            RemoteFunction remote = RemoteFunction.Ask(commands, server);
            using (remote.Bar.File)
            {
                profile ??= KnownProfiles.TryMatch(remote.Identity, out DeviceProfile? known)
                    ? known
                    : throw ProfileSet.NoMatch(remote.Identity, $"'{place}'");
                function = new VfioUserFunction(options.Name ?? NameOf(place), commands, server, remote, profile, options);
            }

            function.Start();
            return function;
        }
        catch
        {
            if (function is null)
            {
                connection.Dispose();
            }
            else
            {
                function.Dispose();
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public DmaRegion AllocateDma(long lengthBytes, long alignmentBytes)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfLessThan(lengthBytes, 1);
        if (alignmentBytes < 1 || !BitOperations.IsPow2(alignmentBytes))
        {
            throw new ArgumentOutOfRangeException(nameof(alignmentBytes), alignmentBytes, "The alignment must be a power of two.");
        }

        if (_connection.Memory.Count >= _server.MaxMappings)
        {
            throw new MhiException(
                MhiErrorCode.OutOfMemory, $"{_connection.Peer} takes {_server.MaxMappings} pieces of DMA memory, and has them; close a channel first.");
        }

        DmaRegion region = CreateRegion(lengthBytes, alignmentBytes);
        _connection.Memory.Add(region);
        try
        {
            using FileDescriptor file = region.Memory.Share();
            _commands.Check(_commands.MapDma(region, file), VfioUserCommand.DmaMap, MhiErrorCode.OutOfMemory);
            return region;
        }
        catch
        {
            Forget(region);
            region.Memory.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void FreeDma(DmaRegion region)
    {
        ArgumentNullException.ThrowIfNull(region);
        if (!_connection.Memory.Contains(region))
        {
            throw new ArgumentException("The DMA region is not of this function, or was freed before.", nameof(region));
        }

        _commands.UnmapDma(region);
        Forget(region);
        region.Memory.Dispose();
    }

    /// <inheritdoc/>
    /// <remarks>When it returns after switching off, the server has confirmed that it stops, or is gone.</remarks>
    public void SetBusMaster(bool enabled)
    {
        if (enabled)
        {
            _connection.Memory.SetBusMaster(true);
            _commands.Check(_commands.WriteConfig(CommandRegister, MemoryEnable | BusMasterEnable), VfioUserCommand.RegionWrite);
        }
        else
        {
            _ = _commands.WriteConfig(CommandRegister, MemoryEnable);
            _connection.Memory.SetBusMaster(false);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="MhiException">The device is gone, or has no reset.</exception>
    public void Reset()
    {
        if (_remote.HasReset)
        {
            _commands.Reset();
        }
        else if (_remote.DeviceControl != 0)
        {
            Span<byte> control = stackalloc byte[sizeof(ushort)];
            _commands.ReadConfig(_remote.DeviceControl, control);
            ushort value = (ushort)(control[0] | (control[1] << 8) | StartFunctionReset);
            _commands.Check(_commands.WriteConfig(_remote.DeviceControl, value), VfioUserCommand.RegionWrite);
        }
        else
        {
            throw new MhiException(
                MhiErrorCode.NotSupported, $"{_connection.Peer} has a function that cannot be reset: it serves no DEVICE_RESET, and configuration space has no function level reset.");
        }

        _connection.Memory.SetBusMaster(false);
        _commands.Check(_commands.WriteConfig(CommandRegister, MemoryEnable), VfioUserCommand.RegionWrite);
    }

    /// <inheritdoc/>
    public MhiFailure? CheckAlarms()
    {
        _ = _connection.Alarm.Drain();
        return _connection.Removal;
    }

    /// <inheritdoc/>
    public void Detach()
    {
        _connection.Lose(MhiErrorCode.DeviceRemoved, $"{_connection.Peer} was let go.");
        _connection.Memory.SetBusMaster(false);
    }

    /// <summary>Gives everything back to the server that it was given, and ends the connection.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        SetBusMaster(false);
        _commands.ClearVectors(_remote.InterruptKind);
        while (_connection.Memory.TakeLast() is { } region)
        {
            // Not unmapped for the host: whoever did not free it may still hold a span of it.
            _commands.UnmapDma(region);
        }

        _connection.Dispose();
        _bar?.Dispose();
        foreach (InterruptVector vector in Vectors)
        {
            vector.Descriptor.Dispose();
        }
    }

    private static ImmutableArray<InterruptVector> CreateVectors(uint granted, DeviceProfile profile)
    {
        int wanted = profile.EventRings.Length + 1;
        int count = granted < wanted ? 1 : wanted;
        var vectors = ImmutableArray.CreateBuilder<InterruptVector>(count);
        for (int i = 0; i < count; i++)
        {
            vectors.Add(new InterruptVector(new EventFd()));
        }

        return vectors.MoveToImmutable();
    }

    // What a shell and a directory take as a name: modem.sock makes modem.sock.
    private static string NameOf(string place)
    {
        string file = Path.GetFileName(place.TrimEnd('/'));
        return string.Create(Math.Max(file.Length, 1), file, static (name, source) =>
        {
            name.Fill('_');
            for (int i = 0; i < source.Length; i++)
            {
                name[i] = char.IsAsciiLetterOrDigit(source[i]) || source[i] is '.' or '-' or ':' ? source[i] : '_';
            }
        });
    }

    private void Start()
    {
        _commands.Check(_commands.WriteConfig(CommandRegister, MemoryEnable), VfioUserCommand.RegionWrite);
        _commands.SetVectors(_remote.InterruptKind, Vectors, _server.MaxDescriptors);
    }

    private DmaRegion CreateRegion(long lengthBytes, long alignmentBytes)
    {
        // The server's smallest page; one that it shares with nobody else is what it can map.
        ulong page = Math.Max(_server.PageSizes & (0 - _server.PageSizes), (ulong)Environment.SystemPageSize);
        MappedMemory memory;
        try
        {
            memory = MappedMemory.Allocate(checked((long)(((ulong)lengthBytes + page - 1) & ~(page - 1))));
        }
        catch (SystemCallException exception)
        {
            throw new MhiException(
                MhiErrorCode.OutOfMemory, $"{Name}: no memory for {lengthBytes} bytes of DMA buffers. {exception.Message}", innerException: exception);
        }

        if (_addresses.TryTake((ulong)memory.Length, Math.Max((ulong)alignmentBytes, page), out ulong address))
        {
            return new DmaRegion(memory, address);
        }

        memory.Dispose();
        throw new MhiException(
            MhiErrorCode.OutOfMemory,
            $"{Name}: no {lengthBytes} bytes are free among the {_addressBits}-bit bus addresses the device can reach; free other DMA memory first.");
    }

    private void Forget(DmaRegion region)
    {
        _connection.Memory.Remove(region);
        _addresses.Return(region.BusAddress);
    }
}
