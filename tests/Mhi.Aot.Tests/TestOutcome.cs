namespace Mhi.Aot.Tests;

/// <summary>What came of a test.</summary>
internal enum TestOutcome
{
    /// <summary>It returned.</summary>
    Passed,

    /// <summary>It threw, or could not be run.</summary>
    Failed,

    /// <summary>Its attribute says why it is not run.</summary>
    Skipped,
}
