using System;

namespace Mhi.Gateway.At;

/// <summary>A channel with an AT command interpreter behind it, whatever its type.</summary>
internal interface IAtPort
{
    /// <summary>Name of the channel.</summary>
    string Name { get; }

    /// <summary>Sends characters, blocking while there is no room.</summary>
    /// <param name="characters">The characters.</param>
    void Send(ReadOnlySpan<byte> characters);

    /// <summary>Receives characters, blocking while there are none.</summary>
    /// <param name="destination">Receives them.</param>
    /// <param name="timeout">Longest wait; null waits without limit.</param>
    /// <returns>How many, at least one.</returns>
    /// <exception cref="TimeoutException">The time is over.</exception>
    int Receive(Span<byte> destination, TimeSpan? timeout);
}
