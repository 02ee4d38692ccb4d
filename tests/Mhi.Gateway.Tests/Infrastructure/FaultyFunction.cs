using System;
using System.Collections.Immutable;
using Mhi.Endpoint;
using Mhi.Interop.Threading;
using Mhi.Pci;

namespace Mhi.Gateway.Tests.Infrastructure;

/// <summary>An emulated device whose registers or interrupts misbehave as a test says.</summary>
internal sealed class FaultyFunction : IPciFunction<FaultyRegisters>
{
    private readonly EmulatedFunction _inner;

    /// <summary>Wraps a function.</summary>
    /// <param name="inner">The function.</param>
    /// <param name="isSilent">Which vectors are never raised.</param>
    public FaultyFunction(EmulatedFunction inner, Func<int, bool>? isSilent = null)
    {
        _inner = inner;
        var vectors = ImmutableArray.CreateBuilder<InterruptVector>();
        for (int i = 0; i < inner.Vectors.Length; i++)
        {
            bool silent = isSilent?.Invoke(i) == true;
            vectors.Add(new InterruptVector(silent ? new EventFd() : inner.Vectors[i].Descriptor));
            if (!silent)
            {
                // Like hardware: raised whether or not the host waits.
                inner.Vectors[i].Arm();
            }
        }

        Vectors = vectors.ToImmutable();
    }

    /// <summary>What a read returns: offset and value to value.</summary>
    public Func<uint, uint, uint> OnRead { get; init; } = static (_, value) => value;

    /// <summary>Whether a write reaches the device.</summary>
    public Func<uint, uint, bool> OnWrite { get; init; } = static (_, _) => true;

    public string Name => _inner.Name;

    public PciIdentity Identity => _inner.Identity;

    public FaultyRegisters Registers => new(this, _inner.Registers);

    public uint RegisterLength => _inner.RegisterLength;

    public ImmutableArray<InterruptVector> Vectors { get; }

    /// <summary>Whether the function has been given back.</summary>
    public bool IsDisposed { get; private set; }

    public DmaRegion AllocateDma(long lengthBytes, long alignmentBytes) => OnAllocate?.Invoke() ?? _inner.AllocateDma(lengthBytes, alignmentBytes);

    /// <summary>Called for each allocation; may throw.</summary>
    public Func<DmaRegion?>? OnAllocate { get; init; }

    public void FreeDma(DmaRegion region) => _inner.FreeDma(region);

    public void SetBusMaster(bool enabled) => _inner.SetBusMaster(enabled);

    public void Reset() => _inner.Reset();

    public void Dispose()
    {
        IsDisposed = true;
        _inner.Dispose();
    }
}
