namespace Mhi.Endpoint.Functions;

/// <summary>What a channel function can do to the device it belongs to.</summary>
public interface IDeviceControl
{
    /// <summary>
    /// Makes the device fail: SYS_ERR on the next poll, until the host resets it. Channels stop then, and this function is
    /// told like every other. May be called by any thread.
    /// </summary>
    void RaiseSystemError();

    /// <summary>
    /// Makes a device that sleeps look at its functions: one that has something to send on its own calls this, and sends when
    /// it is polled. May be called by any thread.
    /// </summary>
    void Wake();
}
