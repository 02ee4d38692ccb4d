using System;
using System.IO;
using Mhi.Endpoint.Logging;
using Mhi.Endpoint.VfioUser;
using Mhi.Gateway.Commands;
using Mhi.Gateway.Output;
using Mhi.Interop;

namespace Mhi.Gateway.Endpoint;

/// <summary>Offers an emulated device to virtual machines until told to stop.</summary>
internal static class EndpointRun
{
    /// <summary>Serves clients.</summary>
    /// <param name="request">What is wanted.</param>
    /// <returns>What the program ends with.</returns>
    internal static ExitCode Run(EndpointRequest request)
    {
        using ProtocolLog? log = request.LogPath is null ? null : OpenLog(request.LogPath);
        using VfioUserDevice device = CreateDevice(request, log);
        using VfioUserServer server = Listen(request.SocketPath, device);
        using var signals = new InterruptSignals(server.Stop);
        StandardStreams.WriteErrorText($"{request.Profile.Id} waits at {request.SocketPath}.\n");
        ClientEnd? last;
        try
        {
            last = server.Run(request.Once, Report);
        }
        catch (SystemCallException exception)
        {
            throw new GatewayException(exception.Message, cause: exception);
        }

        return signals.ExitCode ?? (last is { IsOrderly: false } ? ExitCode.Failed : ExitCode.Done);
    }

    private static void Report(ClientEnd end) => StandardStreams.WriteErrorText(end.Reason + "\n");

    private static ProtocolLog OpenLog(string path)
    {
        if (path == "-")
        {
            return new ProtocolLog(StandardStreams.OpenOutput());
        }

        try
        {
            // No buffer: the last line tells where a run that was killed had come to.
            return new ProtocolLog(new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0));
        }
        catch (IOException exception)
        {
            throw new GatewayException($"The log '{path}' cannot be written: {IoFault.Reason(exception)}.", cause: exception);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new GatewayException($"The log '{path}' cannot be written: it is a directory, or access is denied.", cause: exception);
        }
    }

    private static VfioUserDevice CreateDevice(EndpointRequest request, ProtocolLog? log)
    {
        try
        {
            return new VfioUserDevice(
                request.Profile,
                new VfioUserDeviceOptions { Functions = request.Functions, PerVectorMask = request.PerVectorMask, Endpoint = request.Options, Log = log });
        }
        catch (ArgumentException exception)
        {
            throw new GatewayException(exception.Message, ExitCode.Usage, exception);
        }
    }

    private static VfioUserServer Listen(string path, VfioUserDevice device)
    {
        try
        {
            return new VfioUserServer(path, device);
        }
        catch (SystemCallException exception)
        {
            throw new GatewayException($"{exception.Message} Give --vfio-user a path in a directory you can write to, where no other endpoint runs.", cause: exception);
        }
    }
}
