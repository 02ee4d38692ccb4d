using System;
using System.Collections.Generic;
using System.Globalization;

namespace Mhi.InstructionCount;

/// <summary>What the command line asks for.</summary>
internal sealed class Arguments
{
    private Arguments(bool json, int functions, IReadOnlyList<string> only)
    {
        Json = json;
        Functions = functions;
        Only = only;
    }

    /// <summary>One JSON object instead of tables.</summary>
    public bool Json { get; }

    /// <summary>How many functions of each workload to list.</summary>
    public int Functions { get; }

    /// <summary>Names of the workloads wanted; empty for all.</summary>
    public IReadOnlyList<string> Only { get; }

    /// <summary>Reads the command line.</summary>
    /// <param name="args">The arguments.</param>
    /// <returns>What they ask for.</returns>
    /// <exception cref="ArgumentException">An argument that is not known or lacks its value.</exception>
    public static Arguments Parse(ReadOnlySpan<string> args)
    {
        bool json = false;
        int functions = 0;
        List<string> only = [];
        for (int i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--json":
                    json = true;
                    break;
                case "--functions" when i + 1 < args.Length
                    && int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out functions):
                    i++;
                    break;
                case "--only" when i + 1 < args.Length:
                    only.Add(args[++i]);
                    break;
                default:
                    throw new ArgumentException($"'{args[i]}' is not understood here, or lacks its value.");
            }
        }

        return new Arguments(json, functions, only);
    }
}
