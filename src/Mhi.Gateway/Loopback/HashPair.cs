using System;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Threading;

namespace Mhi.Gateway.Loopback;

/// <summary>
/// SHA-256 over what was sent and over what came back. Loading the library behind it takes longer than powering up the
/// emulated device, so it happens on a thread of its own meanwhile.
/// </summary>
internal sealed class HashPair : IDisposable
{
    // The names that the class library looks for.
    private static readonly string[] s_libraries = ["libssl.so.3", "libssl.so.1.1", "libssl.so.1.0.2", "libssl.so.1.0.0", "libssl.so.10"];

    private readonly Thread _loading;
    private IncrementalHash? _sent;
    private IncrementalHash? _received;
    private Exception? _fault;

    /// <summary>Begins to load.</summary>
    internal HashPair()
    {
        _loading = new Thread(Load) { IsBackground = true, Name = "mhi hash" };
        _loading.Start();
    }

    /// <summary>Over what was sent.</summary>
    internal IncrementalHash Sent => _sent ?? throw NotLoaded();

    /// <summary>Over what came back.</summary>
    internal IncrementalHash Received => _received ?? throw NotLoaded();

    /// <summary>Waits until both can be used.</summary>
    internal void Wait()
    {
        _loading.Join();
        if (_fault is not null)
        {
            throw new GatewayException("SHA-256 is not available: the OpenSSL library (libssl) could not be loaded. Install it; Debian's package is libssl3.", cause: _fault);
        }
    }

    /// <summary>Frees both.</summary>
    public void Dispose()
    {
        _loading.Join();
        _sent?.Dispose();
        _received?.Dispose();
    }

    private static InvalidOperationException NotLoaded() => new("The hashes are used before Wait has returned.");

    private void Load()
    {
        // Asked first, because the class library ends the process when it does not find it.
        if (!Array.Exists(s_libraries, static name => NativeLibrary.TryLoad(name, out _)))
        {
            _fault = new DllNotFoundException(string.Join(", ", s_libraries));
            return;
        }

        try
        {
            _sent = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            _received = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        }
        catch (Exception fault) when (fault is CryptographicException or TypeInitializationException or PlatformNotSupportedException)
        {
            _fault = fault;
        }
    }
}
