namespace Mhi.Controller;

/// <summary>Follows the life of a controller: what a layer above needs to publish and withdraw what it makes of it.</summary>
internal interface IControllerObserver
{
    /// <summary>
    /// The controller has entered a state. Called on the poll thread, in order, once per state entered; by the disposing
    /// thread for the last one. On a failure and at a power-down every channel has been taken down before. Must return soon,
    /// throw nothing, and ask the controller for something only by what is posted to it.
    /// </summary>
    /// <param name="state">The state.</param>
    /// <param name="failure">Why, for <see cref="MhiControllerState.Failed"/>; null otherwise.</param>
    void StateChanged(MhiControllerState state, MhiFailure? failure);
}
