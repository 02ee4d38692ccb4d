using System;
using System.Collections.Generic;
using Mhi.Endpoint.Dma;
using Mhi.Endpoint.Functions;
using Mhi.Endpoint.Registers;
using Mhi.Profiles;

namespace Mhi.Endpoint;

/// <summary>
/// A whole emulated device, ready to be driven: an endpoint with the usual channel functions, and the PCI function through
/// which a controller reaches it.
/// </summary>
/// <remarks>
/// On each channel answers what <see cref="KnownFunctions.UsualFor"/> says, unless the caller brings a function of its own.
/// Either the caller steps the device with <see cref="Poll"/>, on one thread, or
/// <see cref="Start"/> gives it a thread of its own. Dispose it after the controller that uses it.
/// </remarks>
public sealed class EmulatedModem : IDisposable
{
    private EndpointLoop? _loop;

    /// <summary>Creates the device, powered on and idle.</summary>
    /// <param name="profile">Device family; <see cref="KnownProfiles.FoxconnT99W175"/> by default.</param>
    /// <param name="functions">Functions by channel name, in place of the usual ones.</param>
    /// <param name="name">Name of the controller.</param>
    /// <param name="timeProvider">The device's clock; the system's by default.</param>
    /// <param name="options">How the device starts and when it rests; the defaults if null.</param>
    /// <exception cref="ArgumentException">A function for a channel that the profile does not have in mission mode, or options that do not go together.</exception>
    public EmulatedModem(
        DeviceProfile? profile = null,
        IReadOnlyDictionary<string, ChannelFunction>? functions = null,
        string name = "emu0",
        TimeProvider? timeProvider = null,
        EndpointOptions? options = null)
    {
        profile ??= KnownProfiles.FoxconnT99W175;
        EndpointRegisters registers = EndpointParts.CreateRegisters(profile);
        var memory = new DmaTranslation();
        Function = new EmulatedFunction(name, profile, registers, memory);
        Memory = memory;
        Endpoint = new MhiEndpoint(
            registers,
            memory,
            Function.Vectors,
            profile,
            EndpointParts.CreateFunctions(profile, functions),
            timeProvider ?? TimeProvider.System,
            options);
    }

    /// <summary>What a controller drives.</summary>
    public EmulatedFunction Function { get; }

    /// <summary>The device itself.</summary>
    public MhiEndpoint Endpoint { get; }

    /// <summary>The device's way to host memory.</summary>
    public DmaTranslation Memory { get; }

    /// <summary>The last exception that a channel function let escape on the device's own thread, or null.</summary>
    public Exception? Fault => _loop?.Fault;

    /// <summary>Steps the device once. Not while it has a thread of its own.</summary>
    /// <returns>How much was done; 0 means that the device waits for the host or for a time.</returns>
    /// <exception cref="InvalidOperationException">The device has a thread of its own.</exception>
    public int Poll()
    {
        if (_loop is not null)
        {
            ThrowRunning();
        }

        return Endpoint.Poll();
    }

    /// <summary>Gives the device a thread of its own, until it is disposed.</summary>
    public void Start()
    {
        if (_loop is not null)
        {
            ThrowRunning();
        }

        _loop = new EndpointLoop(Endpoint, $"mhi-endpoint {Function.Name}");
    }

    /// <summary>Stops the device and takes its function off the bus.</summary>
    public void Dispose()
    {
        _loop?.Dispose();
        Function.Dispose();
    }

    private static void ThrowRunning() =>
        throw new InvalidOperationException("The device runs on a thread of its own already; nobody else may step it.");
}
