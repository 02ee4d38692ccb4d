namespace Mhi.Generators.Models;

/// <summary>An object of a profile file: its scalar properties as written, and where it begins.</summary>
internal sealed record ParsedObject(SourcePlace Start, EquatableArray<ParsedProperty> Properties)
{
    /// <summary>A property by name; null when it is absent or was no token of its kind.</summary>
    public Located<string>? this[string name]
    {
        get
        {
            foreach (ParsedProperty property in Properties)
            {
                if (property.Name == name)
                {
                    return property.Value;
                }
            }

            return null;
        }
    }
}
