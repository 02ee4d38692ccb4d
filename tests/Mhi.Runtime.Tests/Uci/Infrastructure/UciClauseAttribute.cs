using System;

namespace Mhi.Runtime.Tests.Uci.Infrastructure;

/// <summary>The clause of the client interface's specification that a test proves: a row of docs/uci.md.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class UciClauseAttribute(int number, string requirement) : Attribute
{
    public int Number { get; } = number;

    /// <summary>What is required, in one sentence.</summary>
    public string Requirement { get; } = requirement;

    /// <summary>Where and why the implementation does something better than the clause asks, or null.</summary>
    public string? Departure { get; init; }
}
