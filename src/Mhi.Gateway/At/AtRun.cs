using System;
using System.IO;
using System.Runtime.ExceptionServices;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Channels;
using Mhi.Gateway.Commands;
using Mhi.Gateway.Devices;
using Mhi.Gateway.Output;

namespace Mhi.Gateway.At;

/// <summary>A whole AT session, compiled for each channel of the table.</summary>
/// <param name="device">Which device.</param>
internal readonly struct AtRun(DeviceRequest device) : IChannelAction<ExitCode>
{
    /// <inheritdoc/>
    public ExitCode Invoke<TDefinition>()
        where TDefinition : struct, IChannelDefinition
    {
        if (TDefinition.Directions != ChannelDirections.Both)
        {
            throw new GatewayException(
                $"Channel {TDefinition.Name} has one direction only in channels.json; an AT port needs both.", ExitCode.Usage);
        }

        using Stream input = StandardStreams.OpenInput();
        using Stream output = StandardStreams.OpenOutput();
        using GatewayDevice opened = GatewayDevice.Open(device);
        using MhiDuplexChannel<TDefinition> channel = opened.OpenChannel<TDefinition>();
        var session = new Session(input, output, new ChannelPort<TDefinition>(channel));
        return session.Run();
    }

    /// <summary>Runs the conversation on a thread of its own, because a read of standard input cannot be called back.</summary>
    private sealed class Session(Stream input, Stream output, IAtPort port)
    {
        private readonly TaskCompletionSource<Exception?> _end = new();

        internal ExitCode Run()
        {
            using var signals = new InterruptSignals(() => _end.TrySetResult(null));
            var talking = new Thread(Talk) { IsBackground = true, Name = "mhi at" };
            talking.Start();
            Exception? fault = _end.Task.GetAwaiter().GetResult();
            if (signals.ExitCode is { } exitCode)
            {
                return exitCode;
            }

            if (fault is not null)
            {
                ExceptionDispatchInfo.Throw(fault);
            }

            return ExitCode.Done;
        }

        private void Talk()
        {
            try
            {
                if (Console.IsInputRedirected)
                {
                    new AtScript(input, output, port).Run();
                }
                else
                {
                    new AtTerminal(input, output, port).Run(fault => _end.TrySetResult(fault));
                }

                _end.TrySetResult(null);
            }
            catch (Exception fault)
            {
                _end.TrySetResult(fault);
            }
        }
    }
}
