using System;
using Mhi.Gateway.Commands;

namespace Mhi.Gateway;

/// <summary>Something the user has to know of, said in one sentence that can be shown as it is.</summary>
internal sealed class GatewayException : Exception
{
    internal GatewayException(string sentence, ExitCode exitCode = ExitCode.Failed, Exception? cause = null)
        : base(sentence, cause)
    {
        ExitCode = exitCode;
    }

    /// <summary>What the program ends with.</summary>
    internal ExitCode ExitCode { get; }
}
