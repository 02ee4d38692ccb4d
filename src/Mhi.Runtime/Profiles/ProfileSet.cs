using System;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using Mhi.Controller;
using Mhi.Pci;

namespace Mhi.Profiles;

/// <summary>
/// The profiles of a program, as the generator compiles them. A profile is made when somebody asks for it, and only once.
/// </summary>
/// <remarks>Any number of threads may use it.</remarks>
public sealed class ProfileSet
{
    /// <summary>In a row of PCI IDs: this part of the subsystem counts.</summary>
    public const uint Vendor = 0x1_0000;

    /// <summary>In a row of PCI IDs: this part of the subsystem counts.</summary>
    public const uint Device = 0x2_0000;

    // Vendor and device; subsystem vendor and device; profile, and which parts of the subsystem count.
    private const int RowLength = 3;

    private readonly uint[] _rows;
    private readonly Func<int, DeviceProfile> _create;
    private readonly DeviceProfile?[] _made;

    /// <summary>Makes the set.</summary>
    /// <param name="ids">Names of the profiles.</param>
    /// <param name="rows">
    /// PCI IDs in match order, three words each: vendor and device number, those of the subsystem, and the index of the
    /// profile with <see cref="Vendor"/> and <see cref="Device"/> for the parts of the subsystem that count.
    /// </param>
    /// <param name="create">Makes the profile of an index.</param>
    public ProfileSet(ImmutableArray<string> ids, uint[] rows, Func<int, DeviceProfile> create)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(create);
        Ids = ids;
        _rows = rows;
        _create = create;
        _made = new DeviceProfile?[ids.Length];
    }

    /// <summary>Names of all profiles, in ascending order. Makes none of them.</summary>
    public ImmutableArray<string> Ids { get; }

    /// <summary>All profiles, in the order of their names. Makes those that nobody has asked for yet.</summary>
    public ImmutableArray<DeviceProfile> All
    {
        get
        {
            var all = ImmutableArray.CreateBuilder<DeviceProfile>(Ids.Length);
            for (int index = 0; index < Ids.Length; index++)
            {
                all.Add(this[index]);
            }

            return all.MoveToImmutable();
        }
    }

    /// <summary>The profile of an index.</summary>
    /// <param name="index">Place of its name in <see cref="Ids"/>.</param>
    public DeviceProfile this[int index]
    {
        get
        {
            DeviceProfile? made = Volatile.Read(ref _made[index]);
            if (made is null)
            {
                DeviceProfile mine = _create(index);

                // Two threads may both make it; all callers get the first one.
                made = Interlocked.CompareExchange(ref _made[index], mine, null) ?? mine;
            }

            return made;
        }
    }

    /// <summary>Looks a profile up by its name.</summary>
    /// <param name="id">Its name.</param>
    /// <param name="profile">The profile.</param>
    /// <returns>Whether there is one.</returns>
    public bool TryFind(string id, [NotNullWhen(true)] out DeviceProfile? profile)
    {
        int index = Ids.IndexOf(id);
        profile = index < 0 ? null : this[index];
        return profile is not null;
    }

    /// <summary>Looks up the profile of a PCI function: that of the first PCI ID that matches.</summary>
    /// <param name="identity">The function.</param>
    /// <param name="profile">The profile.</param>
    /// <returns>Whether there is one.</returns>
    public bool TryMatch(PciIdentity identity, [NotNullWhen(true)] out DeviceProfile? profile)
    {
        for (int row = 0; row < _rows.Length; row += RowLength)
        {
            if (Pattern(row).Matches(identity))
            {
                profile = this[ProfileOf(row)];
                return true;
            }
        }

        profile = null;
        return false;
    }

    /// <summary>What to say when no profile stands for a function.</summary>
    /// <param name="identity">The function.</param>
    /// <param name="place">Where it is.</param>
    /// <returns>The exception to throw.</returns>
    internal static MhiException NoMatch(PciIdentity identity, string place) => new(
        MhiErrorCode.NotAnMhiDevice,
        $"No profile stands for the function {identity} (subsystem {identity.SubsystemVendor:x4}:{identity.SubsystemDevice:x4}) at {place}. If it is an MHI device, add its ids to a file in profiles/ (docs/profiles.md says how), or name the profile of a device like it (`--profile`).");

    /// <summary>The PCI IDs of a profile, in match order.</summary>
    /// <param name="index">Place of its name in <see cref="Ids"/>.</param>
    /// <returns>The PCI IDs.</returns>
    public ImmutableArray<PciIdPattern> PciIds(int index)
    {
        var patterns = ImmutableArray.CreateBuilder<PciIdPattern>();
        for (int row = 0; row < _rows.Length; row += RowLength)
        {
            if (ProfileOf(row) == index)
            {
                patterns.Add(Pattern(row));
            }
        }

        return patterns.ToImmutable();
    }

    private int ProfileOf(int row) => (int)(_rows[row + 2] & 0xffff);

    private PciIdPattern Pattern(int row)
    {
        uint counts = _rows[row + 2];
        return new PciIdPattern(
            High(_rows[row]),
            Low(_rows[row]),
            (counts & Vendor) != 0 ? High(_rows[row + 1]) : null,
            (counts & Device) != 0 ? Low(_rows[row + 1]) : null);

        static ushort High(uint word) => (ushort)(word >> 16);

        static ushort Low(uint word) => (ushort)word;
    }
}
