using System.Runtime.InteropServices;

namespace Mhi.Interop.Linux;

/// <summary>getpwnam_r(3) and getgrnam_r(3); their results are returned, not left in errno.</summary>
internal static unsafe partial class Libc
{
    internal const int ErrorRange = 34;

    [LibraryImport("libc", EntryPoint = "getpwnam_r", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int FindUser(string name, Account* account, byte* buffer, nuint length, Account** result);

    [LibraryImport("libc", EntryPoint = "getgrnam_r", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int FindGroup(string name, Account* account, byte* buffer, nuint length, Account** result);

    /// <summary>What struct passwd (48 bytes) and struct group (32 bytes) begin with.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 64)]
    internal struct Account
    {
        [FieldOffset(16)]
        internal uint Id;
    }
}
