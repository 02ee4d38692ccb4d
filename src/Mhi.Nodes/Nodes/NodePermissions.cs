namespace Mhi.Nodes;

/// <summary>Who may open a node.</summary>
/// <param name="Mode">Permission bits, such as octal 660.</param>
/// <param name="Owner">Number of the user it belongs to.</param>
/// <param name="Group">Number of the group it belongs to.</param>
public readonly record struct NodePermissions(uint Mode, uint Owner, uint Group)
{
    /// <summary>Mode 0660, user and group 0: root alone, until another group is given.</summary>
    public static NodePermissions Default { get; } = new(0x1b0, 0, 0);
}
