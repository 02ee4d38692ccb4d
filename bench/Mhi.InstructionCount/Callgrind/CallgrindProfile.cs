using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;

namespace Mhi.InstructionCount.Callgrind;

/// <summary>Instructions by function, read from what callgrind wrote without name and position compression.</summary>
internal sealed class CallgrindProfile
{
    private const string FunctionKey = "fn=";
    private const string CalleeKey = "cfn=";
    private const string CallKey = "calls=";

    private readonly Dictionary<string, long> _self = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Caller, string Callee), long> _calls = [];

    /// <summary>Instructions of each function itself, without what it calls.</summary>
    public IReadOnlyDictionary<string, long> Self => _self;

    /// <summary>Instructions of each callee with all that it calls, by caller.</summary>
    public IReadOnlyDictionary<(string Caller, string Callee), long> Calls => _calls;

    /// <summary>Reads a profile.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The profile.</returns>
    /// <exception cref="InvalidDataException">No function in it: the program was not run, or has no symbols.</exception>
    public static CallgrindProfile Read(string path)
    {
        var profile = new CallgrindProfile();
        string function = string.Empty;
        string callee = string.Empty;
        bool isCallCost = false;
        foreach (string line in File.ReadLines(path))
        {
            if (line.StartsWith(FunctionKey, StringComparison.Ordinal))
            {
                function = line[FunctionKey.Length..];
            }
            else if (line.StartsWith(CalleeKey, StringComparison.Ordinal))
            {
                callee = line[CalleeKey.Length..];
            }
            else if (line.StartsWith(CallKey, StringComparison.Ordinal))
            {
                isCallCost = true;
            }
            else if (line.Length != 0 && char.IsAsciiDigit(line[0]))
            {
                profile.Add(function, isCallCost ? callee : null, CostOf(line));
                isCallCost = false;
            }
        }

        if (profile._self.Count == 0)
        {
            throw new InvalidDataException($"{path} names no function. Publish the program with its symbols, and see what valgrind said.");
        }

        return profile;
    }

    /// <summary>Instructions of all functions whose name ends so, each with all that it calls.</summary>
    /// <param name="ending">End of the name.</param>
    /// <returns>The sum; such functions must not call each other.</returns>
    public long InclusiveOf(string ending)
    {
        long sum = 0;
        foreach ((string name, long self) in _self)
        {
            sum += name.EndsWith(ending, StringComparison.Ordinal) ? self : 0;
        }

        foreach (((string caller, _), long cost) in _calls)
        {
            sum += caller.EndsWith(ending, StringComparison.Ordinal) ? cost : 0;
        }

        return sum;
    }

    // A cost line is a position and a count; the count is absent when it is zero.
    private static long CostOf(string line)
    {
        int space = line.IndexOf(' ', StringComparison.Ordinal);
        return space < 0 ? 0 : long.Parse(line.AsSpan(space + 1), CultureInfo.InvariantCulture);
    }

    private void Add(string function, string? callee, long cost)
    {
        if (callee is null)
        {
            _self[function] = _self.GetValueOrDefault(function) + cost;
        }
        else
        {
            _calls[(function, callee)] = _calls.GetValueOrDefault((function, callee)) + cost;
        }
    }
}
