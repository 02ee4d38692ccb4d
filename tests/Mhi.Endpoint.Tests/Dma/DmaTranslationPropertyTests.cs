using System;
using System.Collections.Generic;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Mhi.Endpoint.Dma;
using Mhi.Interop.Memory;

namespace Mhi.Endpoint.Tests.Dma;

public sealed class DmaTranslationPropertyTests
{
    private const int Page = 4096;
    private const int Pages = 16;

    /// <summary>
    /// Against a model with one byte of memory and one permission per bus address: whatever is mapped and unmapped, an
    /// access succeeds exactly when every byte of it allows it, and moves exactly those bytes.
    /// </summary>
    [Property(MaxTest = 100)]
    public Property AnyTable_AnyAccess_AgreesWithTheModel() => Prop.ForAll(
        Gen.Choose(0, int.MaxValue).ToArbitrary(),
        seed =>
        {
            var random = new Random(seed);
            using MappedMemory memory = MappedMemory.Allocate(Pages * Page);
            random.NextBytes(memory.Slice(0, Pages * Page));
            var translation = new DmaTranslation();
            var model = new Dictionary<ulong, (int MemoryPage, DmaAccess Access)>();
            ulong start = (ulong)random.Next(1, 1000) * Page;
            for (int step = 0; step < 200; step++)
            {
                ulong page = (ulong)random.Next(0, Pages);
                ulong iova = start + (page * Page);
                switch (random.Next(4))
                {
                    case 0:
                        var access = (DmaAccess)random.Next(1, 4);
                        int memoryPage = random.Next(0, Pages);
                        bool mapped = translation.TryMap(iova, memory.Window(memoryPage * Page, Page), access);
                        if (mapped != model.TryAdd(page, (memoryPage, access)))
                        {
                            return false;
                        }

                        break;
                    case 1:
                        if (translation.TryUnmap(iova, Page) != model.Remove(page))
                        {
                            return false;
                        }

                        break;
                    default:
                        if (!Agrees(translation, memory, model, start, random))
                        {
                            return false;
                        }

                        break;
                }
            }

            return true;
        });

    private static bool Agrees(
        DmaTranslation translation, MappedMemory memory, Dictionary<ulong, (int MemoryPage, DmaAccess Access)> model, ulong start, Random random)
    {
        long offset = random.Next(-100, (Pages * Page) + 100);
        byte[] buffer = new byte[random.Next(0, 3 * Page)];
        random.NextBytes(buffer);
        int hint = random.Next(-1, Pages);
        bool isWrite = random.Next(2) == 0;
        bool expected = true;
        byte[] contents = new byte[buffer.Length];
        var places = new long[buffer.Length];
        for (int i = 0; i < buffer.Length && expected; i++)
        {
            long address = offset + i;
            expected = address >= 0
                && model.TryGetValue((ulong)address / Page, out (int MemoryPage, DmaAccess Access) entry)
                && entry.Access.HasFlag(isWrite ? DmaAccess.Write : DmaAccess.Read);
            if (expected)
            {
                places[i] = ((long)model[(ulong)address / Page].MemoryPage * Page) + (address % Page);
                contents[i] = memory.Slice(places[i], 1)[0];
            }
        }

        byte[] before = memory.Slice(0, Pages * Page).ToArray();
        ulong iova = unchecked(start + (ulong)offset);
        if (!isWrite)
        {
            return translation.TryRead(iova, buffer, ref hint) == expected && (!expected || buffer.AsSpan().SequenceEqual(contents));
        }

        if (translation.TryWrite(iova, buffer, ref hint) != expected)
        {
            return false;
        }

        for (int i = 0; expected && i < buffer.Length; i++)
        {
            before[places[i]] = buffer[i];
        }

        return memory.Slice(0, Pages * Page).SequenceEqual(before);
    }
}
