namespace Mhi.Endpoint;

/// <summary>The interrupt vectors of a device, as the device sees them.</summary>
/// <remarks>Called by the thread that polls the endpoint; must not block.</remarks>
public interface IInterruptLines
{
    /// <summary>Number of vectors, 1 to 64; never changes.</summary>
    int Count { get; }

    /// <summary>Raises a vector.</summary>
    /// <param name="vector">Its number, below <see cref="Count"/>.</param>
    void Raise(int vector);
}
