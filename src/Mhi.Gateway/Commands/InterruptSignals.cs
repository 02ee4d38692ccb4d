using System;
using System.Runtime.InteropServices;
using System.Threading;

namespace Mhi.Gateway.Commands;

/// <summary>Lets Ctrl-C and SIGTERM end the work in order. A second one ends the process at once.</summary>
internal sealed class InterruptSignals : IDisposable
{
    private readonly Action _stop;
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;
    private int _exitCode;

    /// <summary>Begins to listen.</summary>
    /// <param name="stop">Asks the work to end; called by another thread, must not block.</param>
    internal InterruptSignals(Action stop)
    {
        _stop = stop;
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
    }

    /// <summary>What the program ends with because of a signal; null when there was none.</summary>
    internal ExitCode? ExitCode => Volatile.Read(ref _exitCode) is var code and not 0 ? (ExitCode)code : null;

    /// <summary>Gives the signals back their usual effect.</summary>
    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        ExitCode code = context.Signal == PosixSignal.SIGINT ? Commands.ExitCode.Interrupted : Commands.ExitCode.Terminated;
        if (Interlocked.CompareExchange(ref _exitCode, (int)code, 0) == 0)
        {
            context.Cancel = true;
            _stop();
        }
    }
}
