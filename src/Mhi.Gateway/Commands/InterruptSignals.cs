using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Threading;

namespace Mhi.Gateway.Commands;

/// <summary>
/// Lets Ctrl-C, SIGTERM, SIGQUIT and the end of the terminal end the work in order. A second signal ends the process at once;
/// not a second SIGHUP, since both the kernel and a shell send one when a terminal goes.
/// </summary>
internal sealed class InterruptSignals : IDisposable
{
    private readonly Action _stop;
    private readonly List<PosixSignalRegistration> _registrations = [];
    private int _exitCode;

    /// <summary>Begins to listen.</summary>
    /// <param name="stop">Asks the work to end; called by another thread, must not block.</param>
    internal InterruptSignals(Action stop)
    {
        _stop = stop;

        // The runtime leaves those alone that were ignored when the program began, as nohup asks for.
        foreach (PosixSignal signal in (ReadOnlySpan<PosixSignal>)[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT])
        {
            _registrations.Add(PosixSignalRegistration.Create(signal, OnSignal));
        }
    }

    /// <summary>What the program ends with because of a signal; null when there was none.</summary>
    internal ExitCode? ExitCode => Volatile.Read(ref _exitCode) is var code and not 0 ? (ExitCode)code : null;

    /// <summary>Gives the signals back their usual effect.</summary>
    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }
    }

    private void OnSignal(PosixSignalContext context)
    {
        ExitCode code = context.Signal switch
        {
            PosixSignal.SIGHUP => Commands.ExitCode.HungUp,
            PosixSignal.SIGINT => Commands.ExitCode.Interrupted,
            PosixSignal.SIGQUIT => Commands.ExitCode.Quit,
            _ => Commands.ExitCode.Terminated,
        };
        bool isFirst = Interlocked.CompareExchange(ref _exitCode, (int)code, 0) == 0;
        context.Cancel = isFirst || context.Signal == PosixSignal.SIGHUP;
        if (isFirst)
        {
            _stop();
        }
    }
}
