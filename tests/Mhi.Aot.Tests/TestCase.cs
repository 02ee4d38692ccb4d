using System;
using System.Globalization;
using System.Linq;
using System.Reflection;

namespace Mhi.Aot.Tests;

/// <summary>One test method with one set of arguments.</summary>
/// <param name="Class">Class that declares or inherits the method.</param>
/// <param name="Method">The method.</param>
/// <param name="Arguments">Its arguments, empty for a fact.</param>
/// <param name="IsSkipped">Whether an attribute says that it is not to be run.</param>
internal sealed record TestCase(Type Class, MethodInfo Method, object?[] Arguments, bool IsSkipped)
{
    /// <summary>Class and method, the same for every row of a theory; the test platform's result file says it this way too.</summary>
    public string FullName => $"{Class.FullName}.{Method.Name}";

    /// <summary>Class, method and arguments.</summary>
    public string DisplayName =>
        Arguments.Length == 0
            ? FullName
            : $"{FullName}({string.Join(", ", Arguments.Select(argument => Convert.ToString(argument, CultureInfo.InvariantCulture)))})";
}
