using System.Runtime.InteropServices;

namespace Mhi.Interop.Linux;

/// <summary>sigaction(2).</summary>
internal static unsafe partial class Libc
{
    internal const int SignalBus = 7;
    internal const int ActionSignalInfo = 4;
    internal const int ActionRestart = 0x1000_0000;
    internal const int ActionOnStack = 0x0800_0000;

    [LibraryImport("libc", EntryPoint = "sigaction", SetLastError = true)]
    internal static partial int Action(int signal, SignalAction* action, SignalAction* previous);

    /// <summary>struct sigaction of the C library on 64-bit Linux: 152 bytes.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 152)]
    internal struct SignalAction
    {
        /// <summary>Address of the code; 0 is the default action, 1 ignores.</summary>
        [FieldOffset(0)]
        internal nuint Handler;

        [FieldOffset(136)]
        internal int Flags;
    }
}
