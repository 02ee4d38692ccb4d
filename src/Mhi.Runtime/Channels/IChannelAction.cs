namespace Mhi.Channels;

/// <summary>
/// Code to be run with a channel's definition as its type argument: how a name known only at run time reaches code
/// compiled for that channel's constants. The generated table's <c>Invoke</c> calls it.
/// </summary>
/// <typeparam name="TResult">What the action returns.</typeparam>
public interface IChannelAction<out TResult>
{
    /// <summary>Runs the action for <typeparamref name="TDefinition"/>.</summary>
    /// <typeparam name="TDefinition">The definition found in the table.</typeparam>
    /// <returns>The action's result.</returns>
    TResult Invoke<TDefinition>()
        where TDefinition : struct, IChannelDefinition;
}
