using System;
using System.Collections.Generic;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Mhi.Endpoint.Functions;
using Mhi.Endpoint.Tests.Infrastructure;
using Mhi.Pci;
using Mhi.Protocol;

namespace Mhi.Endpoint.Tests;

public sealed class RandomHostPropertyTests
{
    private static readonly uint[] s_registers =
    [
        MhiRegisters.Control, MhiRegisters.Configuration, MhiRegisters.ChannelContextBase, MhiRegisters.EventContextBase,
        MhiRegisters.CommandContextBase, MhiRegisters.CommandDoorbell, MhiRegisters.SocResetRequest, TestHost.Bhi + BhiRegisters.InterruptVector,
    ];

    /// <summary>
    /// A host that writes anything anywhere: registers, contexts, rings, mappings. The device never fails, every poll ends,
    /// and after a reset and a proper power-up it works.
    /// </summary>
    [Property(MaxTest = 200)]
    public Property AnyHost_NeverBreaksTheDevice() => Prop.ForAll(
        Gen.Choose(0, int.MaxValue).ToArbitrary(),
        seed =>
        {
            var random = new Random(seed);
            var clock = new ManualClock();
            var functions = new Dictionary<string, ChannelFunction> { ["MBIM"] = new EchoFunction(), ["IP_HW0_MBIM"] = new EchoFunction() };
            using var host = new TestHost(functions, clock);
            if (random.Next(8) != 0)
            {
                host.PowerUp();
                foreach (int channel in new[] { 0, 1, 4, 5, 12, 13, 32, 33, 100, 101 })
                {
                    if (random.Next(3) != 0)
                    {
                        _ = host.Start(channel);
                    }
                }
            }

            DmaRegion scratch = host.Buffer(new byte[65536]);
            for (int step = 0; step < 400; step++)
            {
                Misbehave(host, scratch, random);
                _ = host.Modem.Poll();
                clock.Advance(random.Next(3));
            }

            host.Write(MhiRegisters.Control, MhiRegisters.ControlReset);
            _ = host.Step();
            host.PowerUp();
            host.AssertEchoes();
            return true;
        });

    private static void Misbehave(TestHost host, DmaRegion scratch, Random random)
    {
        switch (random.Next(12))
        {
            case 0:
                host.Write((uint)random.Next(0, 0x1100), (uint)random.NextInt64());
                break;
            case 1:
                uint register = s_registers[random.Next(s_registers.Length)];
                host.WriteRegisterPair(register, AnyAddress(host, scratch, random));
                break;
            case 2:
                host.RequestState((MhiState)random.Next(0, 7));
                break;
            case 3:
                host.RingChannel(random.Next(0, 128), AnyAddress(host, scratch, random));
                break;
            case 4:
                Scribble(host.ChannelContexts, random);
                break;
            case 5:
                Scribble(random.Next(4) == 0 ? host.EventContexts : host.Commands.Memory, random);
                break;
            case 6:
                host.WriteRegisterPair(TestHost.EventDoorbells + (uint)(8 * random.Next(4)), AnyAddress(host, scratch, random));
                break;
            case 7:
                _ = host.Commands.Queue(RingElement.Command((ElementType)random.Next(0x0f, 0x14), (byte)random.Next(0, 140)));
                host.Commands.RingDoorbell();
                break;
            case 8:
                host.Function.SetBusMaster(random.Next(4) != 0);
                break;
            case 9:
                host.EventRings[random.Next(4)].Release();
                break;
            default:
                int[] channels = [0, 1, 4, 5, 12, 13, 32, 33, 100, 101];
                TestRing ring = host.TransferRing(channels[random.Next(channels.Length)]);
                int count = random.Next(1, 40);
                for (int i = 0; i < count; i++)
                {
                    uint word1 = random.Next(10) == 0 ? (uint)random.NextInt64() : 0x0002_0000 | ((uint)random.Next() & 0x701);
                    _ = ring.Queue(new RingElement(AnyAddress(host, scratch, random), (uint)random.Next(0, 0x2_0000), word1));
                }

                ring.RingDoorbell();
                break;
        }
    }

    private static ulong AnyAddress(TestHost host, DmaRegion scratch, Random random) => random.Next(8) switch
    {
        0 => (ulong)random.NextInt64(),
        1 => ulong.MaxValue - (ulong)random.Next(64),
        2 => host.ChannelContexts.BusAddress + (ulong)(random.Next(200) * 4),
        3 => host.TransferRing(12).AddressOf(random.Next(32)),
        4 => host.EventRings[random.Next(4)].AddressOf(random.Next(128)),
        _ => scratch.BusAddress + (ulong)random.Next(65536),
    };

    private static void Scribble(DmaRegion region, Random random)
    {
        int offset = random.Next((int)region.Length - 16);
        random.NextBytes(region.Memory.Slice(offset, random.Next(1, 16)));
    }
}
