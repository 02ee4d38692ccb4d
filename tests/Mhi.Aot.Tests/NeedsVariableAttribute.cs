using System;

namespace Mhi.Aot.Tests;

/// <summary>Tests that are found only where a variable of the environment says what they are to run on.</summary>
/// <param name="name">Name of the variable.</param>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class NeedsVariableAttribute(string name) : Attribute
{
    /// <summary>Name of the variable.</summary>
    public string Name { get; } = name;

    /// <summary>Whether it is set.</summary>
    public bool IsSet => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Name));
}
