using System.Globalization;
using Mhi.Endpoint.Logging;
using Mhi.Endpoint.Rings;
using Mhi.Protocol;

namespace Mhi.Endpoint;

/// <content>What the device writes down, when somebody wants to know. Without a log each of these is one test of a field.</content>
public sealed partial class MhiEndpoint
{
    private readonly ProtocolLog? _log;

    /// <summary>Where to write down what happens, or null.</summary>
    internal ProtocolLog? Log
    {
        get => _log;
        init
        {
            _log = value;
            _violations.Log = value;
        }
    }

    private static string NameOf(MhiState state) => state switch
    {
        MhiState.Reset => "RESET",
        MhiState.Ready => "READY",
        MhiState.SystemError => "SYS_ERR",
        _ => state.ToString(),
    };

    private static string NameOf(ElementType command) => command switch
    {
        ElementType.StartChannel => "START",
        ElementType.StopChannel => "STOP",
        ElementType.ResetChannel => "RESET",
        _ => string.Create(CultureInfo.InvariantCulture, $"type {(int)command}"),
    };

    private void LogState(MhiState state)
    {
        if (_log is { } log)
        {
            using LogLine line = log.Begin("mhi.state");
            line.Text("state", NameOf(state));
        }
    }

    private void LogRequest(MhiState requested)
    {
        if (_log is { } log)
        {
            using LogLine line = log.Begin("mhi.host_state");
            line.Text("want", NameOf(requested));
            line.Text("cur", NameOf(_state));
        }
    }

    private void LogReset()
    {
        if (_log is { } log)
        {
            using LogLine line = log.Begin("mhi.reset_done");
            line.Number("count", _resetsSeen);
        }
    }

    private void LogContexts(int rings, ulong channels, ulong events, ulong commands)
    {
        if (_log is { } log)
        {
            using LogLine line = log.Begin("mhi.contexts");
            line.Hex("ccabap", channels);
            line.Hex("ecabap", events);
            line.Hex("crcbap", commands);
            line.Number("ner", rings);
            line.Hex("ctrl_base", _registers.ReadPair(MhiRegisters.ControlBase));
            line.Hex("ctrl_limit", _registers.ReadPair(MhiRegisters.ControlLimit));
            line.Hex("data_base", _registers.ReadPair(MhiRegisters.DataBase));
            line.Hex("data_limit", _registers.ReadPair(MhiRegisters.DataLimit));
        }
    }

    private bool LogEventRing(int index, bool isOpen)
    {
        if (_log is { } log)
        {
            using LogLine line = log.Begin("mhi.event_ring");
            line.Number("i", index);
            line.Flag("ok", isOpen);
            if (isOpen)
            {
                EventRing ring = _eventRings[index];
                line.Hex("rbase", ring.Geometry.Base);
                line.Number("n", ring.Geometry.Count);
                line.Number("msi", ring.Vector);
                line.Number("intmod_ms", ring.ModerationMilliseconds);
            }
        }

        return isOpen;
    }

    private void LogCommandRing(in RingGeometry geometry)
    {
        if (_log is { } log)
        {
            using LogLine line = log.Begin("mhi.cmd_ring");
            line.Hex("rbase", geometry.Base);
            line.Number("n", geometry.Count);
        }
    }

    private void LogCommand(RingElement command, ulong address, CompletionCode code)
    {
        if (_log is { } log)
        {
            using LogLine line = log.Begin("mhi.cmd");
            line.Text("cmd", NameOf(command.Type));
            line.Number("ch", command.Channel);
            line.Hex("ptr", address);
            line.Number("code", (int)code);
        }
    }

    private void LogEvent(RingElement element)
    {
        if (_log is { } log)
        {
            using LogLine line = log.Begin("mhi.event");
            line.Number("ring", 0);
            line.Text("what", element.Type == ElementType.StateChange ? "state:" + NameOf(element.State) : "ee:" + element.Environment);
        }
    }

    private void LogInterrupt(int vector)
    {
        if (_log is { } log)
        {
            using LogLine line = log.Begin("msi");
            line.Number("vector", vector);
        }
    }
}
