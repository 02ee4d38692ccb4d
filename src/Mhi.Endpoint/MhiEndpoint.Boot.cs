using System;
using Mhi.Endpoint.Boot;
using Mhi.Endpoint.Logging;
using Mhi.Endpoint.Registers;
using Mhi.Protocol;

namespace Mhi.Endpoint;

/// <content>From the primary boot loader to the mission firmware.</content>
public sealed partial class MhiEndpoint
{
    // As long as a device with the timing of an SDX55 takes, shortened to what a host can still tell apart.
    private const int MillisecondsToStartLoader = 200;
    private const int MillisecondsToReady = 30;
    private const int MillisecondsToAnnounce = 5;
    private const int MillisecondsToStartMission = 300;

    private readonly EndpointOptions _options;
    private readonly ImageDownload _download;
    private ExecutionEnvironment _environment;
    private BootStep _bootStep;
    private long _bootDue;
    private uint _wholeResetsSeen;
    private uint _imageDoorbellsSeen;

    private bool IsDownloading => _bootStep == BootStep.Downloads && _registers.IsBusMaster;

    // Whether the next step of the start may be taken when its time has come. Events need a host that takes them.
    private bool CanBoot => _bootStep switch
    {
        BootStep.Loaded or BootStep.Starts => _state == MhiState.Reset,
        BootStep.Announces or BootStep.LoadsMission =>
            _state is MhiState.M0 or MhiState.M1 or MhiState.M2 && _queued == 0 && _registers.IsBusMaster,
        _ => false,
    };

    private void RestartBoot(bool whole)
    {
        if (whole)
        {
            bool loads = _options.StartEnvironment == ExecutionEnvironment.PrimaryBootLoader;
            _bootStep = loads ? BootStep.AwaitsImage : BootStep.Done;
            EnterEnvironment(_options.StartEnvironment);
        }
        else
        {
            // An MHI reset is not one of the processor: what runs goes on, without its host.
            _bootStep = _bootStep switch
            {
                BootStep.Downloads => BootStep.AwaitsImage,
                BootStep.Announces or BootStep.LoadsMission => BootStep.AwaitsHost,
                _ => _bootStep,
            };
        }

        if (_bootStep is not (BootStep.Loaded or BootStep.Starts))
        {
            _bootDue = 0;
        }

        _download.End();
        _imageDoorbellsSeen = _registers.ImageDoorbells;
        _registers.ReportDownload(0, 0, 0, 0);
        EnterState(_bootStep is BootStep.Done or BootStep.AwaitsHost ? MhiState.Ready : MhiState.Reset);
    }

    private void EnterEnvironment(ExecutionEnvironment environment)
    {
        _environment = environment;
        _registers.ReportEnvironment(environment);
        if (Log is { } log)
        {
            using LogLine line = log.Begin("dev.ee");
            line.Text("ee", environment switch
            {
                ExecutionEnvironment.PrimaryBootLoader => "PBL",
                ExecutionEnvironment.SecondaryBootLoader => "SBL",
                _ => "AMSS",
            });
        }
    }

    // The host has requested M0 from READY, and the device is there.
    private void AnnounceEnvironment()
    {
        if (_bootStep == BootStep.AwaitsHost)
        {
            ProceedTo(BootStep.Announces, MillisecondsToAnnounce);
        }
        else
        {
            SendControl(RingElement.EnvironmentEvent(_environment));
        }
    }

    private int HandleImageDoorbell()
    {
        uint doorbells = _registers.ImageDoorbells;
        if (doorbells == _imageDoorbellsSeen)
        {
            return 0;
        }

        _imageDoorbellsSeen = doorbells;
        if (_bootStep is not (BootStep.AwaitsImage or BootStep.Downloads) || _state != MhiState.Reset)
        {
            _violations.Count(HostViolation.ImageOutOfState);
            return 1;
        }

        // A doorbell during a download is a new download: like every doorbell, the newest counts.
        _registers.ReportDownload(0, 0, 0, 0);
        _download.Begin(
            _registers.ImageAddress, _registers.ImageSize, _registers.ImageSequence);
        _bootStep = BootStep.Downloads;
        return 1;
    }

    // One step at most: a piece of the image, or what a time has come for.
    private int Boot()
    {
        if (_bootStep == BootStep.Downloads)
        {
            return Download();
        }

        if (_bootDue == 0 || !CanBoot || _timeProvider.GetTimestamp() < _bootDue)
        {
            return 0;
        }

        _bootDue = 0;
        switch (_bootStep)
        {
            case BootStep.Loaded:
                EnterEnvironment(ExecutionEnvironment.SecondaryBootLoader);
                RaiseStateVector();
                ProceedTo(BootStep.Starts, MillisecondsToReady);
                break;
            case BootStep.Starts:
                _bootStep = BootStep.AwaitsHost;
                EnterState(MhiState.Ready);
                RaiseStateVector();
                break;
            case BootStep.Announces:
                SendControl(RingElement.EnvironmentEvent(_environment));
                ProceedTo(BootStep.LoadsMission, MillisecondsToStartMission);
                break;
            case BootStep.LoadsMission:
                _bootStep = BootStep.Done;
                EnterEnvironment(ExecutionEnvironment.Amss);
                SendControl(RingElement.EnvironmentEvent(_environment));
                break;
        }

        return 1;
    }

    private void ProceedTo(BootStep step, int milliseconds)
    {
        _bootStep = step;
        _bootDue = DueIn(milliseconds * _timeProvider.TimestampFrequency / 1000);
    }

    private int Download()
    {
        if (_state != MhiState.Reset)
        {
            _bootStep = BootStep.AwaitsImage;
            _download.End();
            return 1;
        }

        if (!_registers.IsBusMaster)
        {
            return 0;
        }

        if (!_download.Continue())
        {
            return 1;
        }

        bool isLoaded = _download.Fault == BootFault.None;
        LogDownload(isLoaded);
        _download.End();
        if (isLoaded)
        {
            ProceedTo(BootStep.Loaded, MillisecondsToStartLoader);
        }
        else
        {
            _violations.Count(HostViolation.ImageRefused);
            _bootStep = BootStep.AwaitsImage;
        }

        if (isLoaded)
        {
            _registers.ReportDownload(RegisterLayout.BhiStatusLoaded | _download.Sequence, 0, 0, 0);
        }
        else
        {
            _registers.ReportDownload(
                RegisterLayout.BhiStatusFailed | _download.Sequence, (uint)_download.Fault, _download.Detail, _download.Address);
        }

        RaiseStateVector();
        return 1;
    }

    private void LogDownload(bool isLoaded)
    {
        if (Log is not { } log)
        {
            return;
        }

        using LogLine line = log.Begin("bhi.image");
        line.Hex("addr", _download.Address);
        line.Number("size", _download.Size);
        line.Number("read", _download.Offset);
        if (_download.Fault is BootFault.None or BootFault.WrongImage)
        {
            line.Text("sha256", Convert.ToHexStringLower(_download.Digest));
        }

        line.Number("db", _download.Sequence);
        line.Flag("ok", isLoaded);
    }
}
