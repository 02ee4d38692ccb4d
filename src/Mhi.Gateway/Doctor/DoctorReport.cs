using System;
using System.Collections.Generic;
using Mhi.Gateway.Commands;

namespace Mhi.Gateway.Doctor;

/// <summary>The findings of a walk, in order. The last one is the failure, if there is one.</summary>
/// <param name="heard">Told of each finding at once: a device may take its time.</param>
internal sealed class DoctorReport(Action<Finding>? heard = null)
{
    private readonly List<Finding> _findings = [];

    /// <summary>The findings so far.</summary>
    internal IReadOnlyList<Finding> Findings => _findings;

    /// <summary>What ended the walk, or null.</summary>
    internal Finding? Failure => _findings.Find(static finding => finding.State == FindingState.Failed);

    /// <summary>What the program ends with.</summary>
    internal ExitCode ExitCode => Failure?.ExitCode ?? ExitCode.Done;

    /// <summary>Adds a finding.</summary>
    /// <param name="finding">The finding.</param>
    /// <returns>Whether the walk goes on.</returns>
    internal bool Add(Finding finding)
    {
        _findings.Add(finding);
        heard?.Invoke(finding);
        return finding.State != FindingState.Failed;
    }
}
