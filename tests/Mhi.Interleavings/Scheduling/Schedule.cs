using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Mhi.Interleavings.Scheduling;

/// <summary>
/// A list of choices as text: "0*37,1,0*5,2". Zeros at the end are left out; a schedule of a fine search begins with "fine:".
/// </summary>
internal static class Schedule
{
    private const string FineMark = "fine:";

    public static string Format(IReadOnlyList<Choice> choices, bool isFine)
    {
        int end = choices.Count;
        while (end > 0 && choices[end - 1].Taken == 0)
        {
            end--;
        }

        var text = new StringBuilder(isFine ? FineMark : "");
        for (int i = 0; i < end;)
        {
            int run = 1;
            while (i + run < end && choices[i + run].Taken == choices[i].Taken)
            {
                run++;
            }

            text.Append(i == 0 ? "" : ",").Append(CultureInfo.InvariantCulture, $"{choices[i].Taken}");
            if (run > 1)
            {
                text.Append(CultureInfo.InvariantCulture, $"*{run}");
            }

            i += run;
        }

        return text.ToString();
    }

    public static IReadOnlyList<int> Parse(string schedule, out bool isFine)
    {
        isFine = schedule.StartsWith(FineMark, StringComparison.Ordinal);
        schedule = isFine ? schedule[FineMark.Length..] : schedule;
        List<int> choices = [];
        foreach (string part in schedule.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] halves = part.Split('*');
            int taken = int.Parse(halves[0], CultureInfo.InvariantCulture);
            int run = halves.Length == 1 ? 1 : int.Parse(halves[1], CultureInfo.InvariantCulture);
            for (int i = 0; i < run; i++)
            {
                choices.Add(taken);
            }
        }

        return choices;
    }
}
