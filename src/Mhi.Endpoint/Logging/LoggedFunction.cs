using System;
using System.Collections.Generic;
using Mhi.Endpoint.Functions;
using Mhi.Profiles;
using Mhi.Protocol;

namespace Mhi.Endpoint.Logging;

/// <summary>A channel function whose packets are written down: number of bytes and direction, not what is in them.</summary>
internal sealed class LoggedFunction : ChannelFunction
{
    private readonly ProtocolLog _log;
    private readonly string _channel;
    private readonly ChannelFunction _function;
    private readonly LoggedDownlink _downlink;

    private LoggedFunction(ProtocolLog log, string channel, ChannelFunction function)
    {
        _log = log;
        _channel = channel;
        _function = function;
        _downlink = new LoggedDownlink(this);
    }

    /// <inheritdoc/>
    public override bool IsPolled => _function.IsPolled;

    /// <summary>Puts a log around the functions of a profile, around the channels without one, too.</summary>
    /// <param name="log">The log.</param>
    /// <param name="profile">The profile.</param>
    /// <param name="functions">Its functions by channel name; replaced.</param>
    internal static void Wrap(ProtocolLog log, DeviceProfile profile, Dictionary<string, ChannelFunction> functions)
    {
        foreach (ChannelProfile channel in profile.Channels)
        {
            if (channel.Environment == ExecutionEnvironment.Amss)
            {
                _ = functions.TryAdd(channel.Name, new SinkFunction());
            }
        }

        foreach (string channel in functions.Keys)
        {
            functions[channel] = new LoggedFunction(log, channel, functions[channel]);
        }
    }

    /// <inheritdoc/>
    public override void OnAttached(IDeviceControl device) => _function.OnAttached(device);

    /// <inheritdoc/>
    public override void OnStarted()
    {
        Write("chan.start", -1);
        _function.OnStarted();
    }

    /// <inheritdoc/>
    public override void OnStopped()
    {
        Write("chan.stop", -1);
        _function.OnStopped();
    }

    /// <inheritdoc/>
    public override bool OnUplink(ReadOnlySpan<byte> packet, IDownlink downlink)
    {
        _downlink.Target = downlink;
        bool taken = _function.OnUplink(packet, _downlink);
        if (taken)
        {
            Write("packet.ul", packet.Length);
        }

        return taken;
    }

    /// <inheritdoc/>
    public override bool Poll(IDownlink downlink)
    {
        _downlink.Target = downlink;
        return _function.Poll(_downlink);
    }

    private void Write(string name, int length)
    {
        using LogLine line = _log.Begin(name);
        line.Text("ch", _channel);
        if (length >= 0)
        {
            line.Number("len", length);
        }
    }

    private sealed class LoggedDownlink(LoggedFunction function) : IDownlink
    {
        internal IDownlink Target { get; set; } = null!;

        public bool CanSend => Target.CanSend;

        public bool TrySend(ReadOnlySpan<byte> packet)
        {
            bool sent = Target.TrySend(packet);
            if (sent)
            {
                function.Write("packet.dl", packet.Length);
            }

            return sent;
        }
    }
}
