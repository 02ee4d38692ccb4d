using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using System.Reflection;
using Xunit;
using Xunit.Sdk;

namespace Mhi.Aot.Tests;

/// <summary>Finds facts and the rows of theories by their attributes.</summary>
[UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "The assembly with the tests is a trimmer root, so all its members stay.")]
[UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "The assembly with the tests is a trimmer root, so all its members stay.")]
internal static class TestDiscovery
{
    private const BindingFlags Methods = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.FlattenHierarchy;

    /// <summary>The tests of an assembly, in a fixed order.</summary>
    /// <param name="assembly">The assembly.</param>
    /// <param name="quick">Whether to leave out what is marked as slow.</param>
    /// <param name="only">What the name of a class must contain; empty for all.</param>
    /// <returns>One entry per fact and per theory row.</returns>
    public static IEnumerable<TestCase> Find(Assembly assembly, bool quick, string only)
    {
        foreach (Type type in assembly.GetTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            // A static class is abstract and sealed; an abstract one that is not sealed runs through those derived from it.
            if (type.ContainsGenericParameters
                || (type.IsAbstract && !type.IsSealed)
                || !type.FullName!.Contains(only, StringComparison.Ordinal)
                || type.GetCustomAttribute<NeedsVariableAttribute>() is { IsSet: false }
                || (quick && IsSlow(type)))
            {
                continue;
            }

            foreach (MethodInfo method in type.GetMethods(Methods).OrderBy(method => method.Name, StringComparer.Ordinal))
            {
                if (method.GetCustomAttribute<FactAttribute>() is { } fact && !(quick && IsSlow(method)))
                {
                    foreach (TestCase test in Rows(type, method, fact))
                    {
                        yield return test;
                    }
                }
            }
        }
    }

    private static IEnumerable<TestCase> Rows(Type type, MethodInfo method, FactAttribute fact)
    {
        // A skipped theory is one result, whatever its rows, as under the test platform.
        if (fact is not TheoryAttribute || fact.Skip is not null)
        {
            yield return new TestCase(type, method, [], fact.Skip is not null);
            yield break;
        }

        foreach (DataAttribute source in method.GetCustomAttributes<DataAttribute>())
        {
            foreach (object?[]? row in source.GetData(method))
            {
                // [InlineData(null)] is a missing array to the compiler, and one null to its author.
                yield return new TestCase(type, method, row ?? [null], source.Skip is not null);
            }
        }
    }

    private static bool IsSlow(MemberInfo member) =>
        member.CustomAttributes.Any(attribute =>
            attribute.AttributeType == typeof(TraitAttribute)
            && attribute.ConstructorArguments is [{ Value: "Category" }, { Value: "Slow" }]);
}
