using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Threading;
using Mhi.Controller;
using Mhi.Interop.Memory;
using Mhi.Interop.Threading;
using Mhi.Pci;
using Mhi.Protocol;

namespace Mhi.Runtime.Tests.Infrastructure;

/// <summary>
/// A device that powers up, runs commands and suspends as a good one does, and keeps every transfer until the test has it
/// completed, in any way. It records commands, elements and doorbells. This part is the PCI function.
/// </summary>
/// <remarks>
/// It reacts in <see cref="Step"/>, called by the test or, after <see cref="Start"/>, by a thread of its own. Every member
/// may be called from any thread.
/// </remarks>
internal sealed partial class HeldDevice : IPciFunction<HeldRegisters>
{
    private const uint Bhi = 0x100;
    private const uint ChannelDoorbells = 0x300;
    private const uint EventDoorbells = 0x700;
    private const int MaxVectors = 9;

    private readonly Lock _lock = new();
    private readonly uint[] _values = new uint[0x1000 / sizeof(uint)];
    private readonly Dictionary<ulong, DmaRegion> _regions = [];
    private readonly AutoResetEvent _work = new(false);
    private ulong _nextAddress = 0x1000_0000;
    private int _allocationsUntilFailure;
    private Thread? _thread;
    private volatile bool _stopping;
    private bool _isBusMaster;
    private bool _isGone;

    public HeldDevice(string name = "held0")
    {
        Name = name;
        var vectors = ImmutableArray.CreateBuilder<InterruptVector>(MaxVectors);
        for (int i = 0; i < MaxVectors; i++)
        {
            vectors.Add(new InterruptVector(new EventFd()));
        }

        Vectors = vectors.MoveToImmutable();
        Set(MhiRegisters.BhiOffset, Bhi);
        Set(MhiRegisters.ChannelDoorbellOffset, ChannelDoorbells);
        Set(MhiRegisters.EventDoorbellOffset, EventDoorbells);
        Set(Bhi + BhiRegisters.ExecutionEnvironment, (uint)ExecutionEnvironment.Amss);
        ReportState(MhiState.Ready);
    }

    public string Name { get; }

    public PciIdentity Identity => new(0x17cb, 0x0001, 0, 0);

    public HeldRegisters Registers => new(this);

    public uint RegisterLength => 0x1000;

    public ImmutableArray<InterruptVector> Vectors { get; }

    public bool IsDisposed { get; private set; }

    /// <summary>What ended the device's thread before its time, or null. Read after <see cref="Stop"/>.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>Regions allocated and not freed.</summary>
    public int LiveRegions
    {
        get
        {
            lock (_lock)
            {
                return _regions.Count;
            }
        }
    }

    /// <summary>The DMA allocation to fail, counted from now: 1 is the next. 0 fails none.</summary>
    public int FailingAllocation
    {
        set
        {
            lock (_lock)
            {
                _allocationsUntilFailure = value;
            }
        }
    }

    /// <summary>What an allocation that is told to fail reports.</summary>
    public MhiErrorCode AllocationFailure { get; set; } = MhiErrorCode.OutOfMemory;

    public uint OnRead(uint offset)
    {
        lock (_lock)
        {
            return _isGone ? MhiRegisters.LinkDown : _values[offset / sizeof(uint)];
        }
    }

    public void OnWrite(uint offset, uint value)
    {
        lock (_lock)
        {
            if (_isGone)
            {
                return;
            }

            Set(offset, value);
            Latch(offset);
        }

        _ = _work.Set();
    }

    public DmaRegion AllocateDma(long lengthBytes, long alignmentBytes)
    {
        lock (_lock)
        {
            if (_allocationsUntilFailure > 0 && --_allocationsUntilFailure == 0)
            {
                throw new MhiException(AllocationFailure, $"{Name} was told to have no DMA memory.");
            }

            _nextAddress = (_nextAddress + (ulong)alignmentBytes - 1) & ~((ulong)alignmentBytes - 1);
            var region = new DmaRegion(MappedMemory.Allocate(lengthBytes), _nextAddress);
            _nextAddress += (ulong)region.Length + 0x10000;
            _regions.Add(region.BusAddress, region);
            return region;
        }
    }

    public void FreeDma(DmaRegion region)
    {
        lock (_lock)
        {
            if (!_regions.Remove(region.BusAddress))
            {
                throw new InvalidOperationException("Freed twice, or not of this function.");
            }

            region.Memory.Dispose();
        }
    }

    public void SetBusMaster(bool enabled)
    {
        lock (_lock)
        {
            _isBusMaster = enabled;
            if (!enabled)
            {
                DropHost();
            }
        }
    }

    public void Reset()
    {
        lock (_lock)
        {
            DropHost();
            ReportState(MhiState.Ready);
        }
    }

    /// <summary>Gives the device a thread of its own until <see cref="Stop"/>.</summary>
    public void Start()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = $"device {Name}" };
        _thread.Start();
    }

    /// <summary>Ends the thread.</summary>
    public void Stop()
    {
        _stopping = true;
        _ = _work.Set();
        _thread?.Join();
        _work.Dispose();
    }

    /// <summary>Ends the use of the function; regions that were not freed stay mapped, as a controller may expect.</summary>
    public void Dispose()
    {
        SetBusMaster(enabled: false);
        IsDisposed = true;
    }

    private void Run()
    {
        while (!_stopping)
        {
            _ = _work.WaitOne();
            try
            {
                while (!_stopping && Step() != 0)
                {
                }
            }
            catch (Exception exception)
            {
                Fault = exception;
                return;
            }
        }
    }

    private uint Get(uint offset) => _values[offset / sizeof(uint)];

    private void Set(uint offset, uint value) => _values[offset / sizeof(uint)] = value;

    private ulong GetPair(uint offset) => ((ulong)Get(offset + 4) << 32) | Get(offset);

    private void ReportState(MhiState state)
    {
        _state = state;
        uint error = state == MhiState.SystemError ? MhiRegisters.StatusSystemError : 0;
        uint ready = state == MhiState.SystemError ? 0 : MhiRegisters.StatusReady;
        Set(MhiRegisters.Status, ((uint)state << MhiRegisters.StateShift) | ready | error);
    }

    /// <summary>Host memory; fails as an IOMMU does when the host has mapped nothing there.</summary>
    private Span<byte> Dma(ulong address, int length)
    {
        foreach (DmaRegion region in _regions.Values)
        {
            if (address >= region.BusAddress && address - region.BusAddress + (ulong)length <= (ulong)region.Length)
            {
                return region.Memory.Slice((long)(address - region.BusAddress), length);
            }
        }

        throw new InvalidOperationException($"The device was sent to 0x{address:x} ({length} bytes), where the host has mapped nothing.");
    }
}
