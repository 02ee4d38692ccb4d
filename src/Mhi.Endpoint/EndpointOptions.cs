using System;
using System.Collections.Immutable;
using Mhi.Protocol;

namespace Mhi.Endpoint;

/// <summary>How a <see cref="MhiEndpoint"/> starts, and when it rests.</summary>
public sealed record EndpointOptions
{
    /// <summary>Bytes of a SHA-256.</summary>
    public const int FirmwareHashLength = 32;

    /// <summary>
    /// Where power on, SoC reset and function reset lead: <see cref="ExecutionEnvironment.Amss"/>, the default, or
    /// <see cref="ExecutionEnvironment.PrimaryBootLoader"/>, which waits for an image.
    /// </summary>
    public ExecutionEnvironment StartEnvironment { get; init; } = ExecutionEnvironment.Amss;

    /// <summary>SHA-256 that the downloaded image must have; any image by default.</summary>
    public ImmutableArray<byte> FirmwareSha256 { get; init; } = [];

    /// <summary>Time without traffic and without device wake after which the device goes to M1 by itself; null, the default, for never.</summary>
    public TimeSpan? IdleTime { get; init; }

    /// <summary>Checks that the values go together.</summary>
    /// <exception cref="ArgumentException">They do not.</exception>
    internal void Validate()
    {
        bool boots = StartEnvironment == ExecutionEnvironment.PrimaryBootLoader;
        if (!boots && StartEnvironment != ExecutionEnvironment.Amss)
        {
            throw new ArgumentException($"An endpoint starts in PBL or AMSS, not in {StartEnvironment}.", nameof(StartEnvironment));
        }

        if (!FirmwareSha256.IsDefaultOrEmpty && (!boots || FirmwareSha256.Length != FirmwareHashLength))
        {
            throw new ArgumentException(
                $"A firmware hash needs an endpoint that starts in PBL, and has {FirmwareHashLength} bytes.", nameof(FirmwareSha256));
        }

        if (IdleTime is { } time && (time < TimeSpan.FromMilliseconds(1) || time > TimeSpan.FromHours(1)))
        {
            throw new ArgumentException("The idle time must be between a millisecond and an hour; null turns it off.", nameof(IdleTime));
        }
    }
}
