namespace Mhi.Endpoint.Functions;

/// <summary>How a command is asked.</summary>
internal enum AtCommandForm
{
    /// <summary>The name alone, or a basic command with its number.</summary>
    Action,

    /// <summary>The name and <c>?</c>: the present value.</summary>
    Read,

    /// <summary>The name and <c>=?</c>: the possible values.</summary>
    Test,

    /// <summary>The name, <c>=</c> and a value.</summary>
    Set,
}
