using System;
using Mhi.Interop.Vfio;

namespace Mhi.Pci.Vfio;

/// <summary>Which interrupts a function gets: all that the controller has use for, or one for everything.</summary>
/// <remarks>MSI comes first: it is what the family's devices are made for, and needs no table in a BAR.</remarks>
/// <param name="Kind">The kind, when any were granted.</param>
/// <param name="Count">Number of vectors; 0 when none was granted.</param>
/// <param name="Error">The last negative error number; 0 when there was none.</param>
internal readonly record struct VectorChoice(VfioInterrupt Kind, int Count, int Error)
{
    private static readonly VfioInterrupt[] s_order = [VfioInterrupt.Msi, VfioInterrupt.MsiX];

    /// <summary>Tries until the kernel grants something.</summary>
    /// <param name="wanted">One for state changes and one for each event ring.</param>
    /// <param name="offered">How many vectors of a kind the function has.</param>
    /// <param name="connect">
    /// Asks the kernel: 0 when granted, else how many there are, or a negative error number.
    /// </param>
    /// <returns>What was granted.</returns>
    internal static VectorChoice Make(int wanted, Func<VfioInterrupt, uint> offered, Func<VfioInterrupt, int, int> connect)
    {
        int error = 0;

        // Fewer than wanted are no better than one: the controller shares that for everything.
        foreach (int count in wanted > 1 ? [wanted, 1] : (ReadOnlySpan<int>)[1])
        {
            foreach (VfioInterrupt kind in s_order)
            {
                if (offered(kind) < (uint)count)
                {
                    continue;
                }

                int result = connect(kind, count);
                if (result == 0)
                {
                    return new VectorChoice(kind, count, 0);
                }

                error = Math.Min(error, result);
            }
        }

        return new VectorChoice(default, 0, error);
    }
}
