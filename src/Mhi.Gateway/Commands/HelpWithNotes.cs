using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Mhi.Gateway.Commands;

/// <summary>The usual help, and what a user wants to know beyond the options.</summary>
internal sealed class HelpWithNotes(HelpAction help, string notes) : SynchronousCommandLineAction
{
    private const int Width = 100;

    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        help.MaxWidth = Width;
        int result = help.Invoke(parseResult);
        parseResult.InvocationConfiguration.Output.WriteLine(notes);
        return result;
    }
}
