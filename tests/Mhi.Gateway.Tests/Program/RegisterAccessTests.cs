using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using Mhi.Gateway.Tests.Infrastructure;
using Xunit;

namespace Mhi.Gateway.Tests.Program;

/// <summary>What a register of a mapped BAR costs, in the program that ships: one store to write it, one load to read it.</summary>
public sealed partial class RegisterAccessTests
{
    private const string MappedController = "ControllerEngine_1<Mhi_Runtime_Mhi_Pci_Vfio_MappedRegisters>";

    [MachineCodeFact]
    public void WritingADoorbell_IsTwoStores_ForItsTwoRegisters()
    {
        List<string> code = MachineCode.Disassemble("__WritePair", MappedController);

        Assert.Equal(2, code.Count(static instruction => Store().IsMatch(instruction)));
        AssertStraight(code);
    }

    [MachineCodeFact]
    public void ReadingARegister_IsOneLoad()
    {
        List<string> code = MachineCode.Disassemble("__TryReadRegister", MappedController);

        // Up to where the value is compared with all ones; what follows is the end of the device.
        code = [.. code.TakeWhile(static instruction => !instruction.StartsWith("jne", StringComparison.Ordinal))];
        Assert.Contains(code, static instruction => instruction.StartsWith("cmp", StringComparison.Ordinal) && instruction.Contains("$0xffffffff", StringComparison.Ordinal));
        Assert.Single(code, static instruction => Load().IsMatch(instruction));
        AssertStraight(code);
    }

    // No call, no fence, no locked instruction, no loop.
    private static void AssertStraight(List<string> code) =>
        Assert.DoesNotContain(code, static instruction => Slow().IsMatch(instruction));

    [GeneratedRegex(@"^movl? %e?[a-z0-9]+d?,\(%r\w+,%r\w+,1\)$")]
    private static partial Regex Store();

    [GeneratedRegex(@"^movl? \(%r\w+,%r\w+,1\),%\w+$")]
    private static partial Regex Load();

    [GeneratedRegex(@"^(call|lock|mfence|lfence|sfence|xchg|rep|j\w+)")]
    private static partial Regex Slow();
}
