using System;
using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.IO;
using Mhi.Gateway.Output;

namespace Mhi.Gateway.Commands;

/// <summary>The program's command line: what it understands, and how a run ends.</summary>
internal static class CommandLine
{
    private const string Notes =
        """
        Exit codes:
          0    done, and every check held
          1    failed; standard error says what, in one sentence
          2    the command line cannot be understood
          3    doctor: the machine is not set up for the device
          4    doctor: the device does not start
          5    doctor: the device runs, but data or interrupts do not flow
          130  ended by Ctrl-C (143: by SIGTERM, 129: by SIGHUP, 131: by SIGQUIT), after a clean close

        MHI_DEBUG=1 in the environment adds where an error came from.
        """;

    private static readonly ParserConfiguration s_parsing = new() { EnablePosixBundling = false, ResponseFileTokenReplacer = null };

    /// <summary>Runs the program.</summary>
    /// <param name="args">Its arguments.</param>
    /// <returns>Its exit code.</returns>
    internal static int Run(string[] args)
    {
        try
        {
            ParseResult parsed = Parse(args);
            if (parsed.Errors.Count != 0)
            {
                return (int)ErrorReport.ShowUsage(FirstError(parsed), parsed.CommandResult.Command);
            }

            using TextWriter output = StandardStreams.CreateWriter();
            using TextWriter error = StandardStreams.CreateErrorWriter();
            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, Output = output, Error = error });
        }
        catch (Exception exception)
        {
            return (int)ErrorReport.Show(exception);
        }
    }

    /// <summary>Reads a command line.</summary>
    /// <param name="args">The arguments.</param>
    /// <returns>What they ask for, or what is wrong with them.</returns>
    internal static ParseResult Parse(string[] args)
    {
        var root = new RootCommand("Talks to MHI devices (Qualcomm modems and accelerators) through typed channels.")
        {
            LoopbackCommand.Create(),
            AtCommand.Create(),
            ListCommand.Create(),
            BindCommand.Create(),
            UnbindCommand.Create(),
            DoctorCommand.Create(),
            TableCommand.Create(),
            EndpointCommand.Create(),
            NodesCommand.Create(),
            GuardMountCommand.Create(),
        };
        root.Directives.Clear();
        foreach (Option option in root.Options)
        {
            if (option is HelpOption { Action: HelpAction help })
            {
                option.Action = new HelpWithNotes(help, Notes);
            }
        }

        return root.Parse(args, s_parsing);
    }

    /// <summary>The one error that is worth showing: the parser lists what follows from it, too.</summary>
    /// <param name="parsed">A command line with errors.</param>
    /// <returns>The sentence.</returns>
    internal static string FirstError(ParseResult parsed)
    {
        if (parsed.CommandResult.Command is RootCommand && parsed.Errors[0].SymbolResult is not OptionResult)
        {
            return parsed.UnmatchedTokens.Count == 0
                ? "Say what to do: loopback, at, list, bind, unbind, doctor, table, endpoint or nodes."
                : $"There is no command '{parsed.UnmatchedTokens[0]}'; the commands are loopback, at, list, bind, unbind, doctor, table, endpoint and nodes.";
        }

        return parsed.Errors[0].Message;
    }
}
