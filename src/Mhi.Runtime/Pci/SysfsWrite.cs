namespace Mhi.Pci;

/// <summary>One value written to one file of sysfs.</summary>
/// <param name="Path">The file.</param>
/// <param name="Value">The value, without a line end.</param>
public readonly record struct SysfsWrite(string Path, string Value)
{
    /// <summary>The write as a shell command.</summary>
    /// <returns>Such as <c>echo 0000:01:00.0 &gt; /sys/bus/pci/drivers_probe</c>.</returns>
    public override string ToString() => Value.Length == 0 ? $"echo > {Path}" : $"echo {Value} > {Path}";
}
