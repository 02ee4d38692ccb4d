using System.Runtime.InteropServices;

namespace Mhi.Interop.Linux;

/// <summary>eventfd(2), read(2), write(2), poll(2), close(2).</summary>
internal static unsafe partial class Libc
{
    internal const int EventFdNonBlocking = 0x800;
    internal const int EventFdCloseOnExec = 0x80000;
    internal const short PollIn = 1;
    internal const short PollOut = 4;
    internal const int ErrorInterrupted = 4;
    internal const int ErrorAgain = 11;
    internal const int ErrorExists = 17;
    internal const int ErrorAddressInUse = 98;

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    internal static partial int CreateEventFd(uint initialValue, int flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    internal static partial nint Read(int descriptor, void* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    internal static partial nint Write(int descriptor, void* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    internal static partial int Poll(PollDescriptor* descriptors, nuint count, int timeoutMilliseconds);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    internal static partial int Close(int descriptor);

    /// <summary>struct pollfd: 8 bytes.</summary>
    internal struct PollDescriptor
    {
        internal int Descriptor;
        internal short Events;
        internal short ReturnedEvents;
    }
}
