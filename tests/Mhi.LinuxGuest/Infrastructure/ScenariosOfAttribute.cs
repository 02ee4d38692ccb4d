using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Xunit.Sdk;

namespace Mhi.LinuxGuest.Infrastructure;

/// <summary>Makes each scenario of a boot one test.</summary>
/// <typeparam name="TBoot">Which boot.</typeparam>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ScenariosOfAttribute<TBoot> : DataAttribute
    where TBoot : IGuestBoot
{
    /// <inheritdoc/>
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) =>
        TBoot.Options.Scenarios.Select(scenario => new object[] { scenario });
}
