using System;
using System.Collections.Generic;
using System.Globalization;
using Mhi.Generators.Diagnostics;
using Mhi.Generators.Models;

namespace Mhi.Generators.Validation;

/// <summary>The channel and class names a table has given away so far.</summary>
internal sealed class TakenNames
{
    private readonly Dictionary<string, int> _lineByName = new(StringComparer.Ordinal);

    // Names of generated files do not tell upper from lower case, so class names must differ in more than that.
    private readonly Dictionary<string, string> _nameByClass = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Takes a name for an entry.</summary>
    /// <returns>The reason why it cannot have it, or null.</returns>
    public DiagnosticInfo? Claim(Located<string> name, string className)
    {
        if (_lineByName.TryGetValue(name.Value, out int line))
        {
            return DiagnosticInfo.Create(
                Descriptors.DuplicateName, name.Place, name.Value, line.ToString(CultureInfo.InvariantCulture));
        }

        _lineByName.Add(name.Value, name.Place.Lines.Start.Line + 1);
        if (_nameByClass.TryGetValue(className, out string first))
        {
            return DiagnosticInfo.Create(Descriptors.ClassNameTaken, name.Place, name.Value, className, first);
        }

        _nameByClass.Add(className, name.Value);
        return null;
    }
}
