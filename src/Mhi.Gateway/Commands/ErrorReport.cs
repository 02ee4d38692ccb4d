using System;
using System.CommandLine;
using System.IO;
using System.Text;
using Mhi.Gateway.Output;

namespace Mhi.Gateway.Commands;

/// <summary>Turns what went wrong into a sentence on standard error and an exit code.</summary>
internal static class ErrorReport
{
    /// <summary>Reports an exception.</summary>
    /// <param name="exception">What ended the run.</param>
    /// <returns>What the program ends with.</returns>
    internal static ExitCode Show(Exception exception)
    {
        // Whoever read our text has seen enough: `mhi table | head -1` is no failure.
        if (exception is IOException io && IoFault.IsClosedPipe(io))
        {
            return ExitCode.Done;
        }

        Write(Sentence(exception));
        if (Environment.GetEnvironmentVariable("MHI_DEBUG") is "1")
        {
            Write(exception.ToString());
        }

        return exception is GatewayException known ? known.ExitCode : ExitCode.Failed;
    }

    /// <summary>Reports a command line that cannot be understood.</summary>
    /// <param name="sentence">What is wrong with it.</param>
    /// <param name="command">The command whose help is of use.</param>
    /// <returns>What the program ends with.</returns>
    internal static ExitCode ShowUsage(string sentence, Command command)
    {
        Write(sentence);
        Write(command is RootCommand ? "Try 'mhi --help'." : $"Try 'mhi {command.Name} --help'.");
        return ExitCode.Usage;
    }

    /// <summary>Says in one sentence what an exception means to the user.</summary>
    /// <param name="exception">The exception.</param>
    /// <returns>The sentence, or two when the second is the hint how to learn more.</returns>
    internal static string Sentence(Exception exception) => exception switch
    {
        GatewayException or MhiException or TimeoutException => OneLine(exception.Message),
        IOException io => $"Standard output could not be written: {IoFault.Reason(io)}.",
        _ => $"Unexpected {exception.GetType().Name}: {OneLine(exception.Message)} Set MHI_DEBUG=1 in the environment to see where it came from.",
    };

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Trim();

    private static void Write(string line)
    {
        try
        {
            StandardStreams.Error.Write(Encoding.UTF8.GetBytes(line + "\n"));
        }
        catch (IOException)
        {
            // Nobody can be told; the exit code still says it.
        }
    }
}
