using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using System.Threading.Tasks;
using Xunit;

namespace Mhi.Aot.Tests;

/// <summary>Runs one test in a fresh instance of its class.</summary>
[UnconditionalSuppressMessage("Trimming", "IL2072", Justification = "The assembly with the tests is a trimmer root, so all its members stay.")]
internal static class TestRunner
{
    /// <summary>Runs a test to its end, asynchronous ones too.</summary>
    /// <param name="test">The test.</param>
    /// <returns>What came of it.</returns>
    [SuppressMessage("Design", "CA1031", Justification = "A test may throw anything, and all of it is a failure.")]
    public static TestResult Run(TestCase test)
    {
        if (test.IsSkipped)
        {
            return new TestResult(test, TestOutcome.Skipped, string.Empty);
        }

        try
        {
            RunAsync(test).GetAwaiter().GetResult();
            return new TestResult(test, TestOutcome.Passed, string.Empty);
        }
        catch (Exception exception)
        {
            return new TestResult(test, TestOutcome.Failed, exception.ToString());
        }
    }

    private static async Task RunAsync(TestCase test)
    {
        object? instance = test.Method.IsStatic ? null : Activator.CreateInstance(test.Class);
        try
        {
            if (instance is IAsyncLifetime started)
            {
                await started.InitializeAsync();
            }

            object? returned = test.Method.Invoke(
                instance, BindingFlags.DoNotWrapExceptions, binder: null, Convert(test.Method.GetParameters(), test.Arguments), culture: null);
            switch (returned)
            {
                case Task task:
                    await task;
                    break;
                case ValueTask task:
                    await task;
                    break;
            }
        }
        finally
        {
            if (instance is IAsyncLifetime ended)
            {
                await ended.DisposeAsync();
            }

            (instance as IDisposable)?.Dispose();
        }
    }

    // A literal in an attribute is an int, whatever small number the parameter is; xunit converts it, and so does this.
    private static object?[] Convert(ParameterInfo[] parameters, object?[] arguments)
    {
        object?[] converted = [.. arguments];
        for (int i = 0; i < Math.Min(parameters.Length, arguments.Length); i++)
        {
            if (parameters[i].ParameterType.IsPrimitive && arguments[i] is IConvertible number)
            {
                converted[i] = number.ToType(parameters[i].ParameterType, CultureInfo.InvariantCulture);
            }
        }

        return converted;
    }
}
