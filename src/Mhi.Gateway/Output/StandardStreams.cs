using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Mhi.Gateway.Output;

/// <summary>The three streams every process begins with, for bytes: unbuffered, and honest about errors.</summary>
/// <remarks>
/// A file is written at the position the shell left it at, and that position moves, as the next program expects: the console
/// class does that. But it hides that the reader of a pipe has gone and sends a terminal sequences nobody asked for, so both
/// are written directly.
/// </remarks>
internal static class StandardStreams
{
    private const int Input = 0;
    private const int Output = 1;
    private const int ErrorOutput = 2;

    // Never closed: they keep the numbers of closed standard streams from being given to something else.
    private static readonly List<SafeFileHandle> s_placeholders = [];
    private static Stream? s_error;

    /// <summary>Standard error.</summary>
    internal static Stream Error => s_error ??= OpenError();

    /// <summary>
    /// First thing in <c>Main</c>: a standard stream that is closed (<c>&lt;&amp;-</c> in a shell) is replaced by one that
    /// leads nowhere. Its number would otherwise be given to the next descriptor, and data meant for the stream with it.
    /// </summary>
    internal static void Secure()
    {
        if (File.Exists("/proc/self/fd/0") && File.Exists("/proc/self/fd/1") && File.Exists("/proc/self/fd/2"))
        {
            return;
        }

        while (true)
        {
            SafeFileHandle handle = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            if (handle.DangerousGetHandle() > ErrorOutput)
            {
                handle.Dispose();
                return;
            }

            s_placeholders.Add(handle);
        }
    }

    /// <summary>Opens standard input.</summary>
    /// <returns>The stream; a read returns what there is.</returns>
    internal static Stream OpenInput()
    {
        ThrowIfPlaceholder(Input, "Standard input is closed; redirect it from a file or a pipe.");
        return Open(Input, FileAccess.Read);
    }

    /// <summary>Opens standard output.</summary>
    /// <returns>The stream; a write throws when its reader has gone.</returns>
    internal static Stream OpenOutput()
    {
        ThrowIfPlaceholder(Output, "Standard output is closed; redirect it to a file or a pipe.");
        FileStream stream = Open(Output, FileAccess.Write);
        return stream.CanSeek ? Console.OpenStandardOutput() : stream;
    }

    /// <summary>Makes a writer of text over standard output that opens it when there is text.</summary>
    /// <returns>The writer; it writes when it is disposed.</returns>
    internal static TextWriter CreateWriter() => new LateWriter(OpenOutput);

    /// <summary>Makes a writer of text over standard error.</summary>
    /// <returns>The writer; it writes when it is disposed.</returns>
    internal static TextWriter CreateErrorWriter() => new LateWriter(static () => Error);

    /// <summary>Writes text to standard output.</summary>
    /// <param name="text">The text, with its line ends.</param>
    internal static void WriteText(string text)
    {
        using Stream output = OpenOutput();
        output.Write(Encoding.UTF8.GetBytes(text));
    }

    /// <summary>Writes text to standard error.</summary>
    /// <param name="text">The text, with its line ends.</param>
    internal static void WriteErrorText(string text) => Error.Write(Encoding.UTF8.GetBytes(text));

    private static Stream OpenError()
    {
        if (IsPlaceholder(ErrorOutput))
        {
            return Stream.Null;
        }

        FileStream stream = Open(ErrorOutput, FileAccess.Write);
        return stream.CanSeek ? Console.OpenStandardError() : stream;
    }

    private static FileStream Open(int descriptor, FileAccess access)
    {
        try
        {
            return new FileStream(new SafeFileHandle(descriptor, ownsHandle: false), access, bufferSize: 0);
        }
        catch (UnauthorizedAccessException exception)
        {
            string name = access == FileAccess.Read ? "input" : "output";
            throw new GatewayException($"Standard {name} is a directory; redirect it to a file or a pipe.", cause: exception);
        }
    }

    private static void ThrowIfPlaceholder(int descriptor, string sentence)
    {
        if (IsPlaceholder(descriptor))
        {
            throw new GatewayException(sentence);
        }
    }

    private static bool IsPlaceholder(int descriptor) => s_placeholders.Exists(handle => handle.DangerousGetHandle() == descriptor);

    /// <summary>Collects text and writes it when disposed: the stream is not touched by a command that prints nothing.</summary>
    private sealed class LateWriter(Func<Stream> open) : StringWriter
    {
        protected override void Dispose(bool disposing)
        {
            StringBuilder text = GetStringBuilder();
            if (disposing && text.Length != 0)
            {
                byte[] bytes = Encoding.UTF8.GetBytes(text.ToString());
                text.Clear();
                open().Write(bytes);
            }

            base.Dispose(disposing);
        }
    }
}
