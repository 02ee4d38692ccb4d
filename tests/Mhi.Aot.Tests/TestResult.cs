namespace Mhi.Aot.Tests;

/// <summary>A test and what came of it.</summary>
/// <param name="Test">The test.</param>
/// <param name="Outcome">What came of it.</param>
/// <param name="Details">The failure with its stack, otherwise empty.</param>
internal sealed record TestResult(TestCase Test, TestOutcome Outcome, string Details);
