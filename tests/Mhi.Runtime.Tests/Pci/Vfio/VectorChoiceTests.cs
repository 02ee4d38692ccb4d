using System;
using System.Collections.Generic;
using Mhi.Interop.Vfio;
using Mhi.Pci.Vfio;
using Xunit;

namespace Mhi.Runtime.Tests.Pci.Vfio;

public class VectorChoiceTests
{
    private const int NoSpace = -28;

    [Fact]
    public void Make_WhenMsiHasEnough_TakesThem() =>
        Assert.Equal(new VectorChoice(VfioInterrupt.Msi, 5, 0), Make(5, msi: 32, msiX: 32, static (_, _) => 0));

    [Fact]
    public void Make_WhenMsiHasTooFew_TakesMsiX() =>
        Assert.Equal(new VectorChoice(VfioInterrupt.MsiX, 5, 0), Make(5, msi: 4, msiX: 5, static (_, _) => 0));

    [Fact]
    public void Make_WhenThePlatformGrantsFewer_TakesMsiXOrASharedVector()
    {
        Assert.Equal(new VectorChoice(VfioInterrupt.MsiX, 5, 0), Make(5, 32, 32, static (kind, _) => kind == VfioInterrupt.Msi ? 4 : 0));
        Assert.Equal(new VectorChoice(VfioInterrupt.Msi, 1, 0), Make(5, 32, 0, static (_, count) => count > 1 ? 1 : 0));
        Assert.Equal(new VectorChoice(VfioInterrupt.MsiX, 1, 0), Make(5, 32, 32, static (kind, count) => kind == VfioInterrupt.Msi || count > 1 ? NoSpace : 0));
    }

    [Fact]
    public void Make_WhenOneIsWanted_AsksForOne()
    {
        List<(VfioInterrupt Kind, int Count)> asked = [];
        var choice = Make(1, 32, 32, (kind, count) =>
        {
            asked.Add((kind, count));
            return 0;
        });

        Assert.Equal(new VectorChoice(VfioInterrupt.Msi, 1, 0), choice);
        Assert.Equal([(VfioInterrupt.Msi, 1)], asked);
    }

    [Fact]
    public void Make_WhenNothingIsGranted_KeepsTheError()
    {
        Assert.Equal(new VectorChoice(default, 0, NoSpace), Make(5, 32, 32, static (_, _) => NoSpace));
        Assert.Equal(new VectorChoice(default, 0, 0), Make(5, 0, 0, static (_, _) => throw new InvalidOperationException("must not be asked")));
    }

    private static VectorChoice Make(int wanted, uint msi, uint msiX, Func<VfioInterrupt, int, int> connect) => VectorChoice.Make(
        wanted, kind => kind switch { VfioInterrupt.Msi => msi, VfioInterrupt.MsiX => msiX, _ => 1 }, connect);
}
