using System;
using System.Text;
using Mhi.Interop.Linux;
using Mhi.Interop.Sockets;

namespace Mhi.Interop.Vfio;

/// <summary>An IOMMU group: the devices that the IOMMU cannot tell apart. One program at a time has it open.</summary>
/// <remarks>Safe: no memory is involved. Used by one thread at a time.</remarks>
public sealed unsafe class VfioGroup : IDisposable
{
    private VfioGroup(FileDescriptor file)
    {
        File = file;
    }

    /// <summary>Whether no device of the group is in use by a driver of the kernel.</summary>
    public bool IsViable
    {
        get
        {
            var status = new VfioAbi.GroupStatus { ArgumentSize = (uint)sizeof(VfioAbi.GroupStatus) };
            return Libc.Ioctl(File.Number, VfioAbi.GroupGetStatus, &status) == 0 && (status.Flags & VfioAbi.GroupIsViable) != 0;
        }
    }

    /// <summary>The open group.</summary>
    internal FileDescriptor File { get; }

    /// <summary>Opens a group.</summary>
    /// <param name="path">Usually <c>/dev/vfio/</c> and the number of the group.</param>
    /// <returns>The group.</returns>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    public static VfioGroup Open(string path) => new(FileDescriptor.Open(path));

    /// <summary>Opens a device of the group; its container must have an address space. The kernel resets it if it can.</summary>
    /// <param name="name">PCI address, as sysfs writes it.</param>
    /// <returns>The device.</returns>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    public VfioDevice OpenDevice(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        byte[] text = new byte[Encoding.UTF8.GetByteCount(name) + 1];
        _ = Encoding.UTF8.GetBytes(name, text);
        fixed (byte* start = text)
        {
            int descriptor = Libc.Ioctl(File.Number, VfioAbi.GroupGetDeviceFd, start);
            return descriptor < 0
                ? throw new SystemCallException("VFIO_GROUP_GET_DEVICE_FD", $"open device {name}")
                : new VfioDevice(new FileDescriptor(descriptor));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => File.Dispose();
}
