using System;
using Mhi.Interop.Memory;
using Xunit;

namespace Mhi.Interop.Tests;

public sealed class SystemCallExceptionTests
{
    [Fact]
    public void Message_NamesThePurposeTheCallAndTheError()
    {
        // Whole pages, and more of them than any file may have.
        const long Length = long.MaxValue - 0xffff - ((long.MaxValue - 0xffff) % 0x10000);

        var exception = Assert.Throws<SystemCallException>(() => MappedMemory.Allocate(Length));

        Assert.StartsWith("Cannot ", exception.Message, StringComparison.Ordinal);
        Assert.Contains($"{Length} bytes of DMA memory", exception.Message, StringComparison.Ordinal);
        Assert.Contains($"{exception.Call} failed with \"", exception.Message, StringComparison.Ordinal);
        Assert.EndsWith($"\" (errno {exception.NativeErrorCode}).", exception.Message, StringComparison.Ordinal);
        Assert.NotEqual(0, exception.NativeErrorCode);
    }
}
