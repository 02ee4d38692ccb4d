using System;
using System.Linq;
using System.Text;
using Mhi.Controller;
using Mhi.Interop.Sockets;
using Mhi.Pci.VfioUser;
using Mhi.Pci.VfioUser.Protocol;
using Mhi.Profiles;
using Xunit;
using static Mhi.Pci.VfioUser.Protocol.WireFormat;

namespace Mhi.Runtime.Tests.Pci.VfioUser;

/// <summary>What opening finds, and what it says when there is nothing to open.</summary>
public sealed class OpeningTests : IDisposable
{
    private readonly ScriptedServer _server = new();

    [Fact]
    public void HonestServer_IsOpened_WithoutBusMaster()
    {
        using VfioUserFunction function = _server.Open();

        Assert.Equal("105b:e0ab", function.Identity.ToString());
        Assert.Equal("foxconn-t99w175", function.Profile.Id);
        Assert.Equal("script", function.Name);
        Assert.Equal((uint)ScriptedServer.BarLength, function.RegisterLength);
        Assert.False(function.HasMappedRegisters);
        Assert.Equal(5, function.Vectors.Length);
        Assert.Equal(2, _server.Config[4]);
        Assert.Null(function.CheckAlarms());
    }

    [Theory]
    [InlineData("/run/mhi/modem.sock", "modem.sock")]
    [InlineData("a b/c d_e\n", "c_d_e_")]
    [InlineData("/", "_")]
    public void Name_IsThatOfTheSocket_AsANodeNameTakesIt(string place, string name)
    {
        using VfioUserFunction function = _server.Open(place: place);

        Assert.Equal(name, function.Name);
    }

    [Fact]
    public void PathWithoutSocket_SaysHowToStartADevice()
    {
        MhiException error = Assert.Throws<MhiException>(() => VfioUserFunction.Open("/nonexistent/socket"));

        Assert.Equal(MhiErrorCode.DeviceNotFound, error.Code);
        Assert.Equal("There is no socket '/nonexistent/socket'. Start the device first, such as with `mhi endpoint --vfio-user /nonexistent/socket`.", error.Message);
    }

    [Fact]
    public void PathThatIsNoSocket_IsSaid()
    {
        MhiException error = Assert.Throws<MhiException>(() => VfioUserFunction.Open("/proc/self/status"));

        Assert.Equal(MhiErrorCode.DeviceNotFound, error.Code);
        Assert.StartsWith("Nobody listens at '/proc/self/status'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PathThatIsTooLong_IsSaid()
    {
        MhiException error = Assert.Throws<MhiException>(() => VfioUserFunction.Open(new string('x', 200)));

        Assert.Equal(MhiErrorCode.DeviceNotFound, error.Code);
        Assert.Contains("more than 107 bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ServerThatSpeaksSomethingElse_IsAViolation()
    {
        _server.SendRaw(Encoding.ASCII.GetBytes("220 mail.example.org ESMTP ready"));

        AssertRefused(MhiErrorCode.ProtocolViolation, "The server at 'script' announced a message of");
    }

    [Fact]
    public void ServerThatIsSilent_CountsAsBusy()
    {
        _server.Spoil = (_, _) => null;

        AssertRefused(
            MhiErrorCode.DeviceInUse,
            "The server at 'script' has not answered VERSION for 50 ms. It was asked for its version first: either it serves another client, or it does not speak vfio-user.",
            new VfioUserOptions { ReplyTimeout = TimeSpan.FromMilliseconds(50) });
    }

    [Fact]
    public void ServerThatHangsUpAtOnce_CountsAsBusy()
    {
        _server.HangUp();

        AssertRefused(MhiErrorCode.DeviceInUse, "The server at 'script' has ended the connection.");
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public void ServerOfAnotherVersion_IsSaid(byte major, byte minor)
    {
        _server.Version = [major, 0, minor, 0];

        AssertRefused(MhiErrorCode.NotSupported, $"The server at 'script' speaks version {major}.{minor} of vfio-user; this program speaks 0.0.");
    }

    [Theory]
    [InlineData("{\"capabilities\":{}}")]
    [InlineData("{\"capabilities\":{\"max_msg_fds\":0}}\0")]
    [InlineData("{\"capabilities\":{\"max_msg_fds\":-1}}\0")]
    [InlineData("{\"capabilities\":{\"max_data_xfer_size\":\"x\"}}\0")]
    [InlineData("{\"capabilities\":{\"pgsizes\":1e99}}\0")]
    [InlineData("{\"capabilities\":{\"max_dma_maps\"\0")]
    [InlineData("[]\0")]
    public void CapabilitiesThatMakeNoSense_AreAViolation(string text)
    {
        _server.Capabilities = text;

        AssertRefused(MhiErrorCode.ProtocolViolation, "The server at 'script' answered VERSION with");
    }

    [Fact]
    public void CommandThatIsRefused_IsNamedWithItsError()
    {
        _server.Refuse = command => command == VfioUserCommand.GetDeviceInfo ? 5u : 0;

        AssertRefused(MhiErrorCode.NotSupported, "The server at 'script' refused DEVICE_GET_INFO: Input/output error (errno 5).");
    }

    [Fact]
    public void DeviceThatIsNoPciFunction_IsSaid()
    {
        _server.DeviceFlags = 1;

        AssertRefused(MhiErrorCode.NotAnMhiDevice, "The server at 'script' has a device with flags 0x1, 9 regions and 5 kinds of interrupts; that is no PCI function.");
    }

    [Theory]
    [InlineData(0ul)]
    [InlineData(3ul)]
    [InlineData(0x1_0000_0000ul)]
    [InlineData(ulong.MaxValue)]
    public void BarOfAnImpossibleSize_IsSaid(ulong size)
    {
        _server.BarSize = size;

        AssertRefused(MhiErrorCode.NotAnMhiDevice, $"The server at 'script' has the function 105b:e0ab, whose BAR 0 has {size} bytes");
    }

    [Fact]
    public void ConfigurationSpaceThatIsTooShort_IsSaid()
    {
        _server.ConfigSize = 64;

        AssertRefused(MhiErrorCode.NotAnMhiDevice, "The server at 'script' has 64 bytes of configuration space");
    }

    [Fact]
    public void FunctionThatNoProfileKnows_IsSaidWithItsIds_AndTakenWithAProfile()
    {
        ScriptedServer.Words(0x5678_1234).CopyTo(_server.Config, 0);
        ScriptedServer.Words(0x2222_1111).CopyTo(_server.Config, 0x2c);
        AssertRefused(
            MhiErrorCode.NotAnMhiDevice,
            "No profile stands for the function 1234:5678 (subsystem 1111:2222) at 'script'. If it is an MHI device, add its ids to a file in profiles/ (docs/profiles.md says how), or name the profile of a device like it (`--profile`).");

        using var server = new ScriptedServer();
        ScriptedServer.Words(0x5678_1234).CopyTo(server.Config, 0);
        using VfioUserFunction function = server.Open(profile: KnownProfiles.SierraEm919X);
        Assert.Equal("sierra-em919x", function.Profile.Id);
    }

    [Fact]
    public void FunctionWithoutVectors_IsSaid()
    {
        _server.MsiVectors = 0;

        AssertRefused(MhiErrorCode.NoInterrupts, "The server at 'script' has a function without MSI and MSI-X vectors");
    }

    [Theory]
    [InlineData(32, 0, 1, 5)]
    [InlineData(0, 8, 2, 5)]
    [InlineData(4, 5, 2, 5)]
    [InlineData(4, 0, 1, 1)]
    [InlineData(1, 1, 1, 1)]
    public void Vectors_AreOfTheKindThatHasMore_AndOneWhenThereAreTooFew(uint msi, uint msiX, uint kind, int count)
    {
        _server.MsiVectors = msi;
        _server.MsiXVectors = msiX;
        using VfioUserFunction function = _server.Open();

        Assert.Equal(count, function.Vectors.Length);
        var set = Assert.Single(_server.SeenOf(VfioUserCommand.SetInterrupts));
        Assert.Equal(ScriptedServer.Words(20, 0x24, kind, 0, (uint)count), set.Payload);
        Assert.Equal(count, set.Descriptors);
    }

    [Theory]
    [InlineData(1, "0+1 1+1 2+1 3+1 4+1")]
    [InlineData(2, "0+2 2+2 4+1")]
    [InlineData(1000, "0+5")]
    public void Vectors_AreGivenInPiecesThatTheServerTakes(int maxDescriptors, string pieces)
    {
        _server.Capabilities = $"{{\"capabilities\":{{\"max_msg_fds\":{maxDescriptors}}}}}\0";
        using VfioUserFunction function = _server.Open();

        Assert.Equal(pieces, string.Join(' ', _server.SeenOf(VfioUserCommand.SetInterrupts).Select(set => $"{Word(set.Payload, 12)}+{set.Descriptors}")));
    }

    [Fact]
    public void SmallTransfers_AreEnoughForConfigurationSpace()
    {
        _server.Capabilities = "{\"capabilities\":{\"max_data_xfer_size\":6}}\0";
        using VfioUserFunction function = _server.Open();

        Assert.Equal("105b:e0ab", function.Identity.ToString());
        Assert.All(_server.SeenOf(VfioUserCommand.RegionRead), read => Assert.Equal(4u, Word(read.Payload, 12)));
    }

    [Theory]
    [InlineData((int)VfioUserCommand.Version)]
    [InlineData((int)VfioUserCommand.GetDeviceInfo)]
    [InlineData((int)VfioUserCommand.RegionRead)]
    [InlineData((int)VfioUserCommand.GetRegionInfo)]
    public void DescriptorsThatNobodyAskedFor_AreClosed(int command)
    {
        (LocalSocket mine, LocalSocket theirs) = LocalSocket.CreatePair();
        using (mine)
        {
            using (FileDescriptor copy = FileDescriptor.Of(theirs))
            {
                theirs.Dispose();
                bool sent = false;
                _server.Attach = asked => asked == (VfioUserCommand)command && !sent && (sent = true) ? copy : null;
                using VfioUserFunction function = _server.Open();
                Assert.True(sent);
            }

            // Every copy of the other end is closed, so this end reads its end.
            Assert.Equal(SocketWait.Ready, mine.WaitToReceive(null, 20_000));
        }
    }

    [Fact]
    public void Dispose_GivesEverythingBack()
    {
        VfioUserFunction function = _server.Open();
        _ = function.AllocateDma(4096, 1);
        function.SetBusMaster(true);
        Assert.Equal(6, _server.Config[4]);
        function.Dispose();
        function.Dispose();

        Assert.Equal(2, _server.Config[4]);
        Assert.Equal(ScriptedServer.Words(20, 0x21, 1, 0, 0), _server.SeenOf(VfioUserCommand.SetInterrupts)[^1].Payload);
        Assert.Single(_server.SeenOf(VfioUserCommand.DmaUnmap));
        Assert.Throws<ObjectDisposedException>(() => function.AllocateDma(1, 1));
    }

    public void Dispose() => _server.Dispose();

    private void AssertRefused(MhiErrorCode code, string beginning, VfioUserOptions? options = null)
    {
        MhiException error = Assert.Throws<MhiException>(() => _server.Open(options));
        Assert.StartsWith(beginning, error.Message, StringComparison.Ordinal);
        Assert.Equal(code, error.Code);
    }
}
