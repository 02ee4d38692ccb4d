using System;
using System.Collections.Immutable;
using System.Numerics;
using Mhi.Controller;
using Mhi.Interop;
using Mhi.Interop.Files;
using Mhi.Interop.Threading;
using Mhi.Interop.Vfio;
using Mhi.Profiles;

namespace Mhi.Pci.Vfio;

/// <summary>A PCI function of this machine that the kernel has handed to this process: VFIO.</summary>
/// <remarks>
/// <para>
/// Needs no privileges beyond the permission to open its IOMMU group and enough locked memory. Everything the device can reach
/// is what <see cref="AllocateDma"/> returned; the IOMMU refuses the rest, and only the kernel's log tells of it.
/// </para>
/// <para>
/// A process that dies gives the function back: the kernel stops its DMA and interrupts, unmaps its memory and resets it if
/// it can.
/// </para>
/// </remarks>
public sealed class VfioFunction : IPciFunction<MappedRegisters>
{
    // Where an MHI device has its registers.
    private const uint RegisterBar = 0;
    private const int RequestAlarm = 0;
    private const int ErrorAlarm = 1;

    private readonly VfioSession _session;
    private readonly VfioConfiguration _configuration;
    private readonly VfioMemory _memory;
    private readonly RegisterMapping _registers;
    private readonly EventFdSet _alarms;
    private readonly PciDevice _device;
    private MhiFailure? _lost;
    private bool _isDetached;
    private bool _disposed;

    private VfioFunction(VfioSession session, PciDevice device, DeviceProfile profile, VfioOptions options)
    {
        _session = session;
        _device = device;
        Profile = profile;
        Name = options.Name ?? device.Address.ToString();
        CanReset = session.Device.ReadInfo().CanReset;
        _configuration = new VfioConfiguration(Name, session.Device, session.Device.ReadRegion(VfioRegion.Configuration));
        _configuration.Enable();
        _memory = new VfioMemory(Name, session.Memory, profile.DmaAddressBits, options.UseHugePages);
        _registers = MapRegisters();
        try
        {
            Vectors = ConnectVectors(options.MaxVectors ?? profile.EventRings.Length + 1, out VfioInterrupt kind);
            InterruptKind = kind;
        }
        catch
        {
            _registers.Dispose();
            throw;
        }

        // Best effort: a function without PCI Express has no error reports, and the kernel may be too old for the other.
        Alarms = [new EventFd(), new EventFd()];
        _ = session.Device.ConnectInterrupts(VfioInterrupt.Request, [Alarms[RequestAlarm]]);
        _ = session.Device.ConnectInterrupts(VfioInterrupt.Error, [Alarms[ErrorAlarm]]);
        _alarms = new EventFdSet(Alarms);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public PciIdentity Identity => _device.Identity;

    /// <summary>The device's family.</summary>
    public DeviceProfile Profile { get; }

    /// <inheritdoc/>
    public MappedRegisters Registers => new(_registers.Window);

    /// <inheritdoc/>
    public uint RegisterLength => _registers.Length;

    /// <inheritdoc/>
    public ImmutableArray<InterruptVector> Vectors { get; }

    /// <inheritdoc/>
    public ImmutableArray<EventFd> Alarms { get; }

    /// <summary>The kind of interrupts granted.</summary>
    public VfioInterrupt InterruptKind { get; }

    /// <summary>Which of the kernel's interfaces is in use.</summary>
    public VfioInterface Interface => _session.Interface;

    /// <summary>Whether <see cref="Reset"/> works.</summary>
    public bool CanReset { get; }

    /// <summary>Opens a function. The kernel resets it if it can.</summary>
    /// <param name="address">Where it sits; it must be bound to vfio-pci.</param>
    /// <param name="profile">The device's family; null takes the one that its identity belongs to.</param>
    /// <param name="options">Choices; null takes the defaults.</param>
    /// <returns>The function; its registers answer, and it is no bus master.</returns>
    /// <exception cref="MhiException">It cannot be used; the message says why and what to do.</exception>
    public static VfioFunction Open(PciAddress address, DeviceProfile? profile = null, VfioOptions? options = null)
    {
        options ??= new VfioOptions();
        options.Validate();
        if (!options.Bus.TryRead(address, out PciDevice? device))
        {
            throw PciObstacle.NoSuchFunction(options.Bus, address).ToException();
        }

        if (profile is null && !KnownProfiles.TryMatch(device.Identity, out profile))
        {
            throw ProfileSet.NoMatch(device.Identity, address.ToString());
        }

        // DMA buffers count as locked memory; a limit that this process may raise by itself is nobody's decision.
        LockedMemory.Raise();
        VfioSession session = VfioSession.Open(device, options);
        try
        {
            return new VfioFunction(session, device, profile, options);
        }
        catch (Exception exception)
        {
            session.Dispose();
            if (exception is SystemCallException cause)
            {
                throw VfioErrors.Of(VfioStep.Query, device, device.Address.ToString(), cause);
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

        return _memory.Allocate(lengthBytes, alignmentBytes);
    }

    /// <inheritdoc/>
    public void FreeDma(DmaRegion region)
    {
        ArgumentNullException.ThrowIfNull(region);
        _memory.Free(region);
    }

    /// <inheritdoc/>
    public void SetBusMaster(bool enabled)
    {
        if (!_isDetached)
        {
            _configuration.SetBusMaster(enabled);
        }
        else if (enabled)
        {
            throw CheckAlarms()?.ToException() ?? new MhiException(MhiErrorCode.DeviceRemoved, $"{Name} was let go of. Open it again.");
        }
    }

    /// <inheritdoc/>
    /// <exception cref="MhiException">The kernel cannot reset it, or not now.</exception>
    public void Reset()
    {
        ObjectDisposedException.ThrowIf(_isDetached, this);
        if (!CanReset)
        {
            throw VfioErrors.NoReset(_device.Address);
        }

        try
        {
            _session.Device.Reset();
        }
        catch (SystemCallException cause)
        {
            throw VfioErrors.Of(VfioStep.Reset, _device, Name, cause);
        }
    }

    /// <inheritdoc/>
    public MhiFailure? CheckAlarms()
    {
        if (_lost is null && !_isDetached)
        {
            _ = _alarms.Wait(timeoutMilliseconds: 0);
            string? reason = _alarms.CountSignals(RequestAlarm) != 0
                ? "is being taken from this program: somebody unbinds it, or switches its slot off. It can be opened again when it is back."
                : _alarms.CountSignals(ErrorAlarm) != 0
                    ? "had an error that PCI Express could not correct (the kernel's log has its kind). Check the slot, then open the device again."
                    : _registers.IsGone
                        ? "has lost its registers: it was removed, or something has switched its memory decoding off. Check power, slot and link, then open the device again."
                        : null;
            _lost = reason is null ? null : new MhiFailure(MhiErrorCode.DeviceRemoved, $"{Name} {reason}");
        }

        return _lost;
    }

    /// <inheritdoc/>
    public void Detach()
    {
        if (_isDetached)
        {
            return;
        }

        _isDetached = true;
        _configuration.SetBusMaster(false);
        _session.Device.DisconnectInterrupts(InterruptKind);
        _session.Device.DisconnectInterrupts(VfioInterrupt.Error);
        _session.Device.DisconnectInterrupts(VfioInterrupt.Request);

        // A mapping keeps the device open as a descriptor does.
        _registers.Detach();
        _memory.Detach();
        _session.Dispose();
    }

    /// <summary>Gives the function back. Regions that were not freed stay mapped for the host.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        Detach();
        _registers.Dispose();
        foreach (InterruptVector vector in Vectors)
        {
            vector.Descriptor.Dispose();
        }

        foreach (EventFd alarm in Alarms)
        {
            alarm.Dispose();
        }
    }

    private RegisterMapping MapRegisters()
    {
        VfioRegion region = _session.Device.ReadRegion(RegisterBar);
        if (!Array.Exists([.. region.Areas], static area => area.Offset == 0 && area.Length != 0))
        {
            throw VfioErrors.NoRegisters(Name, region.Size);
        }

        try
        {
            return _session.Device.MapRegisters(region);
        }
        catch (SystemCallException cause)
        {
            throw VfioErrors.Of(VfioStep.MapRegisters, _device, Name, cause);
        }
        catch (NotSupportedException cause)
        {
            throw new MhiException(MhiErrorCode.NotAnMhiDevice, $"The registers of {Name} cannot be mapped. {cause.Message}", innerException: cause);
        }
    }

    private ImmutableArray<InterruptVector> ConnectVectors(int wanted, out VfioInterrupt kind)
    {
        VfioDevice device = _session.Device;
        EventFd[] descriptors = Array.ConvertAll(new EventFd[wanted], static _ => new EventFd());
        var choice = VectorChoice.Make(wanted, device.CountInterrupts, (tried, count) => device.ConnectInterrupts(tried, descriptors.AsSpan(0, count)));
        foreach (EventFd unused in descriptors.AsSpan(choice.Count))
        {
            unused.Dispose();
        }

        kind = choice.Kind;
        return choice.Count == 0
            ? throw VfioErrors.NoInterrupts(Name, device.CountInterrupts(VfioInterrupt.Msi), device.CountInterrupts(VfioInterrupt.MsiX), choice.Error)
            : [.. Array.ConvertAll(descriptors[..choice.Count], static descriptor => new InterruptVector(descriptor))];
    }
}
