using System;
using System.Runtime.InteropServices;
using Mhi.Interop.Linux;

namespace Mhi.Interop.Processes;

/// <summary>
/// A program that this process has started and that learns of its end, however it ends: its standard input is a pipe whose
/// other end nobody else has. It prints to nowhere, has no environment and no terminal, and is deaf to the signals by which
/// users end programs. Nobody waits for its end.
/// </summary>
public sealed unsafe class Companion : SafeHandle
{
    private const ulong EndingSignals =
        (1UL << (Libc.SignalHangUp - 1)) | (1UL << (Libc.SignalInterrupt - 1)) | (1UL << (Libc.SignalQuit - 1)) | (1UL << (Libc.SignalTerminate - 1));

    private Companion(int descriptor, int id)
        : base(descriptor, ownsHandle: true)
    {
        Id = id;
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle < 0;

    /// <summary>Number of its process.</summary>
    public int Id { get; }

    /// <summary>Starts a program.</summary>
    /// <param name="program">Its path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>The program, running. Its input ends when this is disposed.</returns>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    public static Companion Start(string program, params ReadOnlySpan<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(program);
        int* ends = stackalloc int[2];
        if (Libc.CreatePipe(ends, Libc.PipeCloseOnExec) != 0)
        {
            throw new SystemCallException("pipe2", "create a pipe");
        }

        int id = 0;
        int error = Spawn(program, arguments, ends[0], &id);
        _ = Libc.Close(ends[0]);
        if (error != 0)
        {
            _ = Libc.Close(ends[1]);
            throw new SystemCallException("posix_spawn", $"start '{program}'", error);
        }

        return new Companion(ends[1], id);
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => Libc.Close((int)handle) == 0;

    private static int Spawn(string program, ReadOnlySpan<string> arguments, int input, int* id)
    {
        Span<nint> texts = new nint[arguments.Length + 2];
        try
        {
            texts[0] = Marshal.StringToCoTaskMemUTF8(program);
            for (int i = 0; i < arguments.Length; i++)
            {
                texts[i + 1] = Marshal.StringToCoTaskMemUTF8(arguments[i]);
            }

            // The last one stays null, which ends the list.
            fixed (nint* list = texts)
            {
                return Spawn((byte**)list, input, id);
            }
        }
        finally
        {
            foreach (nint text in texts)
            {
                Marshal.FreeCoTaskMem(text);
            }
        }
    }

    private static int Spawn(byte** arguments, int input, int* id)
    {
        Libc.SpawnState actions;
        int error = Libc.BeginActions(&actions);
        if (error != 0)
        {
            return error;
        }

        Libc.SpawnState attributes;
        error = Libc.BeginAttributes(&attributes);
        if (error == 0)
        {
            error = Describe(&actions, &attributes, input);
            byte* noEnvironment = null;
            error = error != 0 ? error : Libc.Spawn(id, arguments[0], &actions, &attributes, arguments, &noEnvironment);
            _ = Libc.EndAttributes(&attributes);
        }

        _ = Libc.EndActions(&actions);
        return error;
    }

    private static int Describe(Libc.SpawnState* actions, Libc.SpawnState* attributes, int input)
    {
        // Blocked from its first instruction on, which a handler would not be in time for.
        var mask = new Libc.SignalSet { First = EndingSignals };
        fixed (byte* nowhere = "/dev/null\0"u8)
        {
            int error = Libc.AddDuplicate(actions, input, 0);
            error = error != 0 ? error : Libc.AddOpen(actions, 1, nowhere, Libc.ReadWrite, 0);
            error = error != 0 ? error : Libc.AddOpen(actions, 2, nowhere, Libc.ReadWrite, 0);
            error = error != 0 ? error : Libc.SetAttributeSignalMask(attributes, &mask);
            return error != 0 ? error : Libc.SetAttributeFlags(attributes, Libc.SpawnSetSignalMask | Libc.SpawnSetSession);
        }
    }
}
