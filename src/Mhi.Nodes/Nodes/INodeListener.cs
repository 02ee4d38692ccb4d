namespace Mhi.Nodes;

/// <summary>Learns that a handle has become ready.</summary>
public interface INodeListener
{
    /// <summary>What was armed has come about; called once for each armed event.</summary>
    /// <param name="events">The armed events that this ends.</param>
    /// <remarks>Called by any thread that holds no lock of the channel, never from inside a call to the handle.</remarks>
    void OnReady(NodeEvents events);
}
