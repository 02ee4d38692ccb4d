namespace Mhi.Generators.Models;

/// <summary>A property with the text of its value; booleans are <c>true</c> and <c>false</c>.</summary>
internal sealed record ParsedProperty(string Name, Located<string> Value);
