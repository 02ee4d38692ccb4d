using System.Runtime.InteropServices;

namespace Mhi.Interop.Linux;

/// <summary>socket(2) and what follows from it, for sockets of the local machine (unix(7)).</summary>
internal static unsafe partial class Libc
{
    internal const int AddressFamilyUnix = 1;
    internal const int SocketStream = 1;
    internal const int SocketCloseOnExec = 0x80000;
    internal const int SocketNonBlocking = 0x800;
    internal const int SocketLevel = 1;
    internal const int ControlRights = 1;
    internal const int MessageControlTruncated = 0x8;
    internal const int MessageDontWait = 0x40;
    internal const int MessageNoSignal = 0x4000;
    internal const int MessageCloseOnExec = 0x4000_0000;
    internal const int ShutdownBoth = 2;
    internal const int ErrorConnectionRefused = 111;
    internal const int ErrorBrokenPipe = 32;
    internal const int ErrorConnectionAborted = 103;
    internal const int ErrorConnectionReset = 104;

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    internal static partial int CreateSocket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "socketpair", SetLastError = true)]
    internal static partial int CreateSocketPair(int family, int type, int protocol, int* descriptors);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    internal static partial int Bind(int descriptor, SocketAddress* address, uint length);

    [LibraryImport("libc", EntryPoint = "listen", SetLastError = true)]
    internal static partial int Listen(int descriptor, int backlog);

    [LibraryImport("libc", EntryPoint = "accept4", SetLastError = true)]
    internal static partial int Accept(int descriptor, void* address, uint* length, int flags);

    [LibraryImport("libc", EntryPoint = "connect", SetLastError = true)]
    internal static partial int Connect(int descriptor, SocketAddress* address, uint length);

    [LibraryImport("libc", EntryPoint = "shutdown", SetLastError = true)]
    internal static partial int Shutdown(int descriptor, int how);

    [LibraryImport("libc", EntryPoint = "recvmsg", SetLastError = true)]
    internal static partial nint ReceiveMessage(int descriptor, MessageHeader* message, int flags);

    [LibraryImport("libc", EntryPoint = "sendmsg", SetLastError = true)]
    internal static partial nint SendMessage(int descriptor, MessageHeader* message, int flags);

    [LibraryImport("libc", EntryPoint = "fchmod", SetLastError = true)]
    internal static partial int ChangeMode(int descriptor, uint mode);

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true)]
    internal static partial int Link(byte* path, byte* name);

    [LibraryImport("libc", EntryPoint = "unlink", SetLastError = true)]
    internal static partial int Unlink(byte* path);

    /// <summary>struct sockaddr_un: 110 bytes.</summary>
    internal struct SocketAddress
    {
        internal const int MaxPath = 107;

        internal ushort Family;
        internal fixed byte Path[108];
    }

    /// <summary>struct iovec: 16 bytes.</summary>
    internal struct Buffer
    {
        internal void* Base;
        internal nuint Length;
    }

    /// <summary>struct msghdr on 64-bit Linux: 56 bytes.</summary>
    internal struct MessageHeader
    {
        internal void* Name;
        internal uint NameLength;
        internal Buffer* Buffers;
        internal nuint BufferCount;
        internal void* Control;
        internal nuint ControlLength;
        internal int Flags;
    }

    /// <summary>struct cmsghdr on 64-bit Linux: 16 bytes; the data follow, padded to 8.</summary>
    internal struct ControlHeader
    {
        internal nuint Length;
        internal int Level;
        internal int Type;
    }
}
