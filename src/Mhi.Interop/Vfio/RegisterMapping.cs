using System;
using System.Numerics;
using Mhi.Interop.Linux;
using Mhi.Interop.Memory;

namespace Mhi.Interop.Vfio;

/// <summary>The registers of a device, mapped into this process.</summary>
/// <remarks>
/// Safe as long as no <see cref="RegisterWindow"/> made from it is used after <see cref="Dispose"/>. An access never ends the
/// process: when the kernel takes the registers away (device removed, in reset, memory decoding off) it reads all ones, as
/// from a bus without a device, and so do parts that the kernel does not let a program map. Not thread-safe to dispose.
/// </remarks>
public sealed unsafe class RegisterMapping : IDisposable
{
    private readonly nuint _bytes;
    private readonly FaultGuard _guard;
    private byte* _base;

    private RegisterMapping(byte* address, nuint bytes, uint length, FaultGuard guard)
    {
        _base = address;
        _bytes = bytes;
        _guard = guard;
        Length = length;
    }

    /// <summary>Length in bytes, a power of two.</summary>
    public uint Length { get; }

    /// <summary>Whether the registers have been taken away; from then on they read all ones.</summary>
    public bool IsGone => _guard.HasFaulted;

    /// <summary>Access to the registers.</summary>
    public RegisterWindow Window
    {
        get
        {
            ObjectDisposedException.ThrowIf(_base == null, this);
            return new RegisterWindow(_base, Length);
        }
    }

    /// <summary>Puts all ones in the place of the registers, for good. An access at the same time finds one or the other.</summary>
    public void Detach()
    {
        ObjectDisposedException.ThrowIf(_base == null, this);
        _guard.Replace(_base, _bytes);
    }

    /// <summary>Unmaps the registers.</summary>
    public void Dispose()
    {
        if (_base != null)
        {
            _guard.Dispose();
            _ = Libc.Unmap(_base, _bytes);
            _base = null;
        }
    }

    /// <summary>Maps a region.</summary>
    /// <param name="descriptor">The device's file.</param>
    /// <param name="region">The region.</param>
    /// <returns>The mapping.</returns>
    internal static RegisterMapping Create(int descriptor, VfioRegion region)
    {
        ArgumentNullException.ThrowIfNull(region);
        if (region.Size < sizeof(uint) || region.Size > int.MaxValue || !BitOperations.IsPow2(region.Size))
        {
            throw new NotSupportedException($"BAR {region.Index} has {region.Size} bytes; a power of two below 2 GiB can be mapped.");
        }

        nuint bytes = ((nuint)region.Size + (nuint)Environment.SystemPageSize - 1) & ~((nuint)Environment.SystemPageSize - 1);
        var address = (byte*)Libc.Map(null, bytes, Libc.ProtectionNone, Libc.MapPrivate | Libc.MapAnonymous | Libc.MapNoReserve, -1, 0);
        if (address == (byte*)-1)
        {
            throw new SystemCallException("mmap", $"reserve {bytes} bytes for BAR {region.Index}");
        }

        FaultGuard? guard = null;
        try
        {
            // All ones first, so that what cannot be mapped reads as they do; the registers go on top.
            guard = FaultGuard.Protect(address, (long)bytes, FaultContents.Ones);
            guard.Fill(address, bytes);
            foreach ((ulong offset, ulong length) in region.Areas)
            {
                if (offset > region.Size || length == 0 || length > region.Size - offset)
                {
                    continue;
                }

                void* mapped = Libc.Map(
                    address + offset, (nuint)length, Libc.ProtectionRead | Libc.ProtectionWrite, Libc.MapShared | Libc.MapFixed, descriptor, (long)(region.Offset + offset));
                if (mapped == (void*)-1)
                {
                    throw new SystemCallException("mmap", $"map {length} bytes of BAR {region.Index}");
                }
            }

            return new RegisterMapping(address, bytes, (uint)region.Size, guard);
        }
        catch
        {
            guard?.Dispose();
            _ = Libc.Unmap(address, bytes);
            throw;
        }
    }
}
