using System;
using Mhi.Interop.Linux;

namespace Mhi.Interop.Files;

/// <summary>Users and groups of this machine.</summary>
public static unsafe class Accounts
{
    private const int FirstBuffer = 1024;
    private const int LargestBuffer = 1 << 20;

    /// <summary>Looks up a user.</summary>
    /// <param name="name">Name of the user.</param>
    /// <param name="id">Number of the user.</param>
    /// <returns>False when there is none.</returns>
    public static bool TryFindUser(string name, out uint id) => TryFind(name, isGroup: false, out id);

    /// <summary>Looks up a group.</summary>
    /// <param name="name">Name of the group.</param>
    /// <param name="id">Number of the group.</param>
    /// <returns>False when there is none.</returns>
    public static bool TryFindGroup(string name, out uint id) => TryFind(name, isGroup: true, out id);

    private static bool TryFind(string name, bool isGroup, out uint id)
    {
        ArgumentNullException.ThrowIfNull(name);

        // The strings of an entry go to the buffer; a group with many members needs a large one.
        for (int length = FirstBuffer; length <= LargestBuffer; length *= 4)
        {
            Libc.Account account = default;
            Libc.Account* result = null;
            int error;
            fixed (byte* buffer = new byte[length])
            {
                error = isGroup
                    ? Libc.FindGroup(name, &account, buffer, (nuint)length, &result)
                    : Libc.FindUser(name, &account, buffer, (nuint)length, &result);
            }

            if (error != Libc.ErrorRange)
            {
                id = account.Id;
                return error == 0 && result != null;
            }
        }

        id = 0;
        return false;
    }
}
