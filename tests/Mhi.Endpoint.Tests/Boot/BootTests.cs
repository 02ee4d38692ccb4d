using System;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using Mhi.Endpoint.Tests.Infrastructure;
using Mhi.Pci;
using Mhi.Protocol;
using Xunit;

namespace Mhi.Endpoint.Tests.Boot;

public sealed class BootTests
{
    private const uint Status = TestHost.Bhi + BhiRegisters.Status;
    private const uint Environment = TestHost.Bhi + BhiRegisters.ExecutionEnvironment;
    private const uint ErrorCode = TestHost.Bhi + 0x30;
    private const uint ErrorDebug = TestHost.Bhi + 0x34;
    private const uint Sequence = 0x140a_98aa;
    private const uint Loaded = 0x8000_0000;
    private const uint Failed = 0xc000_0000;

    // More than four pieces, the last one odd.
    private static readonly byte[] s_image = MakeImage(300_001);

    private readonly ManualClock _clock = new();

    [Fact]
    public void AfterPowerOn_DeviceIsInItsBootLoader_NotReady_AndIdentifiesItself()
    {
        using TestHost host = Create();

        Assert.Equal(0u, host.Read(MhiRegisters.Status));
        Assert.Equal(0u, host.Read(Environment));
        Assert.Equal(0u, host.Read(Status));
        Assert.Equal(EndpointIdentity.Emulated.SerialNumber, host.Read(TestHost.Bhi + BhiRegisters.SerialNumber));
        Assert.Equal(0u, host.Read(TestHost.Bhi + 0x64));
        Assert.False(host.Endpoint.TryGetDelay(out _));
    }

    [Fact]
    public void GoodImage_BringsTheDeviceToMissionMode_StepByStep()
    {
        using TestHost host = Create(SHA256.HashData(s_image));
        host.Function.Vectors[0].Arm();

        Download(host, s_image);
        Assert.Equal(Loaded | Sequence, host.Read(Status));
        Assert.True(host.Function.Vectors[0].Descriptor.Drain());
        Assert.Equal(0u, host.Read(Environment));
        Assert.Equal(0u, host.Read(MhiRegisters.Status));

        Pass(host, 200);
        Assert.Equal((uint)ExecutionEnvironment.SecondaryBootLoader, host.Read(Environment));
        Assert.Equal(0u, host.Read(MhiRegisters.Status));
        Pass(host, 30);
        Assert.Equal(0x101u, host.Read(MhiRegisters.Status));
        Assert.False(host.Endpoint.TryGetDelay(out _));

        RequestM0(host);
        AssertEvents.Equal(host.EventRings[0].Take(), RingElement.StateEvent(MhiState.M0));
        Pass(host, 5);
        AssertEvents.Equal(
            host.EventRings[0].Take(), RingElement.EnvironmentEvent(ExecutionEnvironment.SecondaryBootLoader));
        Pass(host, 300);
        Assert.Equal((uint)ExecutionEnvironment.Amss, host.Read(Environment));
        AssertEvents.Equal(host.EventRings[0].Take(), RingElement.EnvironmentEvent(ExecutionEnvironment.Amss));
        host.EventRings[1].Release();
        host.AssertEchoes();
        Assert.Equal(0, host.Endpoint.CountOf(HostViolation.ImageRefused));
    }

    [Fact]
    public void Image_IsReadInPieces_OnePerPoll()
    {
        using TestHost host = Create();
        Ring(host, host.Buffer(s_image).BusAddress, (uint)s_image.Length);

        int polls = 0;
        while (host.Read(Status) == 0)
        {
            Assert.Equal(1, Math.Sign(host.Modem.Poll()));
            polls++;
        }

        Assert.Equal(5, polls);
    }

    [Fact]
    public void WrongImage_IsRefused_AndTheRightOneIsTakenAfterwards()
    {
        using TestHost host = Create(SHA256.HashData(s_image));
        byte[] wrong = [.. s_image];
        wrong[^1] ^= 1;
        host.Function.Vectors[0].Arm();

        Download(host, wrong);
        Assert.Equal(Failed | Sequence, host.Read(Status));
        Assert.Equal(3u, host.Read(ErrorCode));
        Assert.Equal(BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(wrong)), host.Read(ErrorDebug));
        Assert.True(host.Function.Vectors[0].Descriptor.Drain());
        Assert.Equal(1, host.Endpoint.CountOf(HostViolation.ImageRefused));
        Assert.False(host.Endpoint.TryGetDelay(out _));

        Download(host, s_image);
        Assert.Equal(Loaded | Sequence, host.Read(Status));
        Assert.Equal(0u, host.Read(ErrorCode));
        AssertStarts(host);
    }

    [Theory]
    [InlineData(0xdead_0000_0000, 4096u, 2u, 0u)]
    [InlineData(0xdead_0000_0000, 0u, 1u, 0u)]
    [InlineData(0x1000, 0xffff_ffffu, 1u, 0xffff_ffffu)]
    [InlineData(-4096L, 8192u, 1u, 8192u)]
    public void ImpossibleImage_IsAnError_AndANewAttemptIsPossible(long address, uint size, uint code, uint detail)
    {
        using TestHost host = Create();

        Ring(host, (ulong)address, size);
        _ = host.Step();
        Assert.Equal(Failed | Sequence, host.Read(Status));
        Assert.Equal(code, host.Read(ErrorCode));
        Assert.Equal(detail, host.Read(ErrorDebug));
        Assert.Equal((uint)address, host.Read(ErrorDebug + 4));
        Assert.Equal((uint)(address >> 32), host.Read(ErrorDebug + 8));

        Download(host, s_image);
        AssertStarts(host);
    }

    [Fact]
    public void ImageThatEndsInUnmappedMemory_IsAnErrorAtThatPlace()
    {
        using TestHost host = Create();
        DmaRegion region = host.Buffer(s_image);

        Ring(host, region.BusAddress, 100 << 20);
        _ = host.Step();

        Assert.Equal(Failed | Sequence, host.Read(Status));
        Assert.Equal(2u, host.Read(ErrorCode));
        Assert.Equal(4u * 65536, host.Read(ErrorDebug));
    }

    [Fact]
    public void ClearedStatus_StaysCleared_UntilTheNextReport()
    {
        using TestHost host = Create();
        Ring(host, 0, 0);
        _ = host.Step();
        Assert.Equal(Failed | Sequence, host.Read(Status));

        host.Write(Status, 0);
        Assert.Equal(0u, host.Read(Status));
        _ = host.Step();
        Assert.Equal(0u, host.Read(Status));

        Download(host, s_image);
        Assert.Equal(Loaded | Sequence, host.Read(Status));
    }

    [Fact]
    public void SecondDoorbellDuringADownload_StartsAnew_AndOneAfterItIsCounted()
    {
        using TestHost host = Create(SHA256.HashData(s_image));
        Ring(host, host.Buffer(MakeImage(200_000)).BusAddress, 200_000);
        _ = host.Modem.Poll();
        Assert.Equal(0u, host.Read(Status));

        Download(host, s_image);
        Assert.Equal(Loaded | Sequence, host.Read(Status));

        Ring(host, 0, 0, clear: false);
        _ = host.Step();
        Assert.Equal(1, host.Endpoint.CountOf(HostViolation.ImageOutOfState));
        Assert.Equal(0, host.Endpoint.CountOf(HostViolation.ImageRefused));
        Assert.Equal(Loaded | Sequence, host.Read(Status));
        AssertStarts(host);
    }

    [Fact]
    public void DownloadWithoutBusMaster_WaitsForIt()
    {
        using TestHost host = Create();
        host.Function.SetBusMaster(false);

        Ring(host, host.Buffer(s_image).BusAddress, (uint)s_image.Length);
        _ = host.Step();
        Assert.Equal(0u, host.Read(Status));
        Assert.Equal(0, host.Modem.Memory.RefusedReads);

        host.Function.SetBusMaster(true);
        _ = host.Step();
        Assert.Equal(Loaded | Sequence, host.Read(Status));
    }

    [Fact]
    public void MhiReset_DuringADownload_EndsIt_AndTheBootLoaderWaitsAgain()
    {
        using TestHost host = Create();
        Ring(host, host.Buffer(s_image).BusAddress, (uint)s_image.Length);
        _ = host.Modem.Poll();

        host.Write(MhiRegisters.Control, MhiRegisters.ControlReset);
        _ = host.Step();
        Assert.Equal(0u, host.Read(Status));
        Assert.Equal(0u, host.Read(MhiRegisters.Control));
        Assert.Equal(0u, host.Read(MhiRegisters.Status));
        Assert.Equal(0u, host.Read(Environment));

        Download(host, s_image);
        AssertStarts(host);
    }

    [Fact]
    public void MhiReset_InTheSecondLoader_StaysThere_AndTheStartGoesOn()
    {
        using TestHost host = Create();
        Download(host, s_image);
        AssertStarts(host);
        RequestM0(host);
        _ = host.EventRings[0].Take();

        host.Write(MhiRegisters.Control, MhiRegisters.ControlReset);
        _ = host.Step();
        Assert.Equal((uint)ExecutionEnvironment.SecondaryBootLoader, host.Read(Environment));
        Assert.Equal(0x101u, host.Read(MhiRegisters.Status));

        StartMission(host);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ResetOfTheWholeDevice_LeadsBackToTheBootLoader_AnMhiResetDoesNot(bool isFunctionReset)
    {
        using TestHost host = Create();
        Download(host, s_image);
        AssertStarts(host);
        StartMission(host);
        host.Write(MhiRegisters.Control, MhiRegisters.ControlReset);
        _ = host.Step();
        Assert.Equal((uint)ExecutionEnvironment.Amss, host.Read(Environment));
        Assert.Equal(0x101u, host.Read(MhiRegisters.Status));

        if (isFunctionReset)
        {
            host.Function.Reset();
        }
        else
        {
            host.Write(MhiRegisters.SocResetRequest, 1);
        }

        _ = host.Step();
        Assert.Equal(0u, host.Read(Environment));
        Assert.Equal(0u, host.Read(MhiRegisters.Status));
        host.Function.SetBusMaster(true);
        Download(host, s_image);
        AssertStarts(host);
        StartMission(host);
    }

    [Fact]
    public void InTheSecondLoader_MissionChannelsDoNotExist()
    {
        using TestHost host = Create();
        Download(host, s_image);
        AssertStarts(host);
        RequestM0(host);
        _ = host.EventRings[0].Take();

        host.WriteChannelContext(TestHost.LoopbackUp, host.DefaultChannelContext(TestHost.LoopbackUp));

        Assert.Equal(CompletionCode.UndefinedError, host.Command(ElementType.StartChannel, TestHost.LoopbackUp));
        Assert.Equal(1, host.Endpoint.CountOf(HostViolation.UnknownChannel));
    }

    [Fact]
    public void ImageDoorbell_InMissionMode_IsCountedAndIgnored()
    {
        using TestHost host = TestHost.PoweredUp();

        Ring(host, 0x1000, 4096);
        _ = host.Step();

        Assert.Equal(1, host.Endpoint.CountOf(HostViolation.ImageOutOfState));
        Assert.Equal(0u, host.Read(Status));
        host.AssertEchoes();
    }

    [Fact]
    public void OptionsThatDoNotGoTogether_AreRefused()
    {
        _ = Assert.Throws<ArgumentException>(() => new EmulatedModem(
            options: new EndpointOptions { StartEnvironment = ExecutionEnvironment.RamDump }));
        _ = Assert.Throws<ArgumentException>(() => new EmulatedModem(
            options: new EndpointOptions { FirmwareSha256 = [.. new byte[32]] }));
        _ = Assert.Throws<ArgumentException>(() => new EmulatedModem(
            options: new EndpointOptions { StartEnvironment = ExecutionEnvironment.PrimaryBootLoader, FirmwareSha256 = [1] }));
        _ = Assert.Throws<ArgumentException>(() => new EmulatedModem(options: new EndpointOptions { IdleTime = TimeSpan.Zero }));
    }

    private static byte[] MakeImage(int length)
    {
        byte[] image = new byte[length];
        new Random(length).NextBytes(image);
        return image;
    }

    private static void Ring(TestHost host, ulong address, uint size, bool clear = true)
    {
        if (clear)
        {
            host.Write(Status, 0);
        }

        host.WriteRegisterPair(TestHost.Bhi + BhiRegisters.ImageAddress, address);
        host.Write(TestHost.Bhi + BhiRegisters.ImageSize, size);
        host.Write(TestHost.Bhi + BhiRegisters.ImageDoorbell, Sequence);
    }

    private static void Download(TestHost host, byte[] image)
    {
        Ring(host, host.Buffer(image).BusAddress, (uint)image.Length);
        _ = host.Step();
    }

    private static void RequestM0(TestHost host)
    {
        host.Program();
        host.RequestState(MhiState.M0);
        _ = host.Step();
        Assert.Equal(MhiState.M0, host.Endpoint.State);
    }

    private TestHost Create(byte[]? hash = null)
    {
        var options = new EndpointOptions
        {
            StartEnvironment = ExecutionEnvironment.PrimaryBootLoader,
            FirmwareSha256 = hash is null ? [] : ImmutableArray.Create(hash),
        };
        var host = new TestHost(clock: _clock, options: options);
        host.Function.SetBusMaster(true);
        return host;
    }

    // Nothing happens a millisecond before, and the device says when to come back.
    private void Pass(TestHost host, int milliseconds)
    {
        Assert.True(host.Endpoint.TryGetDelay(out TimeSpan delay));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), delay);
        _clock.Advance(milliseconds - 1);
        Assert.Equal(0, host.Step());
        _clock.Advance(1);
        Assert.NotEqual(0, host.Step());
    }

    private void AssertStarts(TestHost host)
    {
        Pass(host, 200);
        Pass(host, 30);
        Assert.Equal(0x101u, host.Read(MhiRegisters.Status));
    }

    private void StartMission(TestHost host)
    {
        RequestM0(host);
        Pass(host, 5);
        Pass(host, 300);
        AssertEvents.Equal(
            host.EventRings[0].Take(),
            RingElement.StateEvent(MhiState.M0),
            RingElement.EnvironmentEvent(ExecutionEnvironment.SecondaryBootLoader),
            RingElement.EnvironmentEvent(ExecutionEnvironment.Amss));
        host.EventRings[1].Release();
        host.AssertEchoes();
    }
}
