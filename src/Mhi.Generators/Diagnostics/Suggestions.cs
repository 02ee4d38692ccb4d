using System;
using System.Collections.Immutable;

namespace Mhi.Generators.Diagnostics;

/// <summary>Turns a word that is not known into advice: the nearest known word, or all of them.</summary>
internal static class Suggestions
{
    private const int LongestWord = 64;

    public static string For(string word, ImmutableArray<string> known)
    {
        string nearest = known[0];
        int nearestDistance = int.MaxValue;
        foreach (string candidate in known)
        {
            if (word.Length > LongestWord)
            {
                break;
            }

            int distance = Distance(word.ToUpperInvariant(), candidate.ToUpperInvariant());
            if (distance < nearestDistance)
            {
                (nearest, nearestDistance) = (candidate, distance);
            }
        }

        // A third of the word may be wrong; beyond that the guess would mislead more than the list.
        return nearestDistance <= Math.Max(1, nearest.Length / 3)
            ? $"Did you mean '{nearest}'?"
            : $"Known are '{string.Join("', '", known)}'.";
    }

    /// <summary>Edit distance with insertions, deletions, substitutions and swaps of neighbours.</summary>
    private static int Distance(string left, string right)
    {
        int[,] cost = new int[left.Length + 1, right.Length + 1];
        for (int i = 0; i <= left.Length; i++)
        {
            for (int j = 0; j <= right.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    cost[i, j] = i + j;
                    continue;
                }

                int change = left[i - 1] == right[j - 1] ? 0 : 1;
                cost[i, j] = Math.Min(Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1, cost[i - 1, j - 1] + change);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                {
                    cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
                }
            }
        }

        return cost[left.Length, right.Length];
    }
}
