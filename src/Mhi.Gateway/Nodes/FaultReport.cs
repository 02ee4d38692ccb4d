using System;

namespace Mhi.Gateway.Nodes;

/// <summary>Tells the operator of the first fault of the server itself, once: programs get EIO for it at most.</summary>
/// <param name="say">Tells the user a sentence.</param>
internal sealed class FaultReport(Action<string> say)
{
    private bool _isSaid;

    /// <summary>Looks whether there is one now.</summary>
    /// <param name="fault">The server's first fault, or null.</param>
    internal void Look(Exception? fault)
    {
        if (fault is not null && !_isSaid)
        {
            _isSaid = true;
            say($"The server of the nodes has a fault, and a program may have got EIO for it: {fault.GetType().Name}: {fault.Message.ReplaceLineEndings(" ")}");
        }
    }
}
