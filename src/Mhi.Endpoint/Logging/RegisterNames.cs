using System.Globalization;
using Mhi.Endpoint.Registers;
using Mhi.Protocol;

namespace Mhi.Endpoint.Logging;

/// <summary>What the specification calls the registers of the BAR.</summary>
internal static class RegisterNames
{
    /// <summary>The name of a register.</summary>
    /// <param name="offset">Its offset in the BAR.</param>
    /// <returns>Block and name, such as <c>mhi.MHICTRL</c> or <c>chdb.32.L</c>.</returns>
    internal static string Of(uint offset)
    {
        if (offset - RegisterLayout.ChannelDoorbells < RegisterLayout.ChannelDoorbellsLength)
        {
            return Doorbell("chdb", offset - RegisterLayout.ChannelDoorbells);
        }

        if (offset - RegisterLayout.EventDoorbells < RegisterLayout.EventDoorbellsLength)
        {
            return Doorbell("erdb", offset - RegisterLayout.EventDoorbells);
        }

        string? name = Single(offset) ?? Half(offset);
        return name ?? string.Create(CultureInfo.InvariantCulture, $"0x{offset:x}");
    }

    private static string Doorbell(string array, uint offset) => string.Create(
        CultureInfo.InvariantCulture,
        $"{array}.{offset / Protocol.Doorbell.EntryLength}.{((offset & RegisterLayout.HighHalf) != 0 ? 'H' : 'L')}");

    private static string? Single(uint offset) => offset switch
    {
        MhiRegisters.RegisterLength => "mhi.MHIREGLEN",
        MhiRegisters.Version => "mhi.MHIVER",
        MhiRegisters.Configuration => "mhi.MHICFG",
        MhiRegisters.ChannelDoorbellOffset => "mhi.CHDBOFF",
        MhiRegisters.EventDoorbellOffset => "mhi.ERDBOFF",
        MhiRegisters.BhiOffset => "mhi.BHIOFF",
        MhiRegisters.BhieOffset => "mhi.BHIEOFF",
        MhiRegisters.Control => "mhi.MHICTRL",
        MhiRegisters.Status => "mhi.MHISTATUS",
        MhiRegisters.SocResetRequest => "mhi.SOC_RESET_REQ",
        MhiRegisters.SocHardwareVersion => "mhi.SOC_HW_VERSION",
        RegisterLayout.Bhi + BhiRegisters.ImageAddress => "bhi.IMGADDR_L",
        RegisterLayout.Bhi + BhiRegisters.ImageAddress + RegisterLayout.HighHalf => "bhi.IMGADDR_H",
        RegisterLayout.Bhi + BhiRegisters.ImageSize => "bhi.IMGSIZE",
        RegisterLayout.Bhi + BhiRegisters.ImageDoorbell => "bhi.IMGTXDB",
        RegisterLayout.Bhi + BhiRegisters.Status => "bhi.STATUS",
        RegisterLayout.Bhi + RegisterLayout.BhiErrorCode => "bhi.ERRCODE",
        RegisterLayout.Bhi + BhiRegisters.InterruptVector => "bhi.INTVEC",
        RegisterLayout.Bhi + BhiRegisters.ExecutionEnvironment => "bhi.EXECENV",
        RegisterLayout.Bhi + BhiRegisters.SerialNumber => "bhi.SERIALNU",
        _ => null,
    };

    private static string? Half(uint offset) => offset switch
    {
        MhiRegisters.ChannelContextBase => "mhi.CCABAP_L",
        MhiRegisters.ChannelContextBase + RegisterLayout.HighHalf => "mhi.CCABAP_H",
        MhiRegisters.EventContextBase => "mhi.ECABAP_L",
        MhiRegisters.EventContextBase + RegisterLayout.HighHalf => "mhi.ECABAP_H",
        MhiRegisters.CommandContextBase => "mhi.CRCBAP_L",
        MhiRegisters.CommandContextBase + RegisterLayout.HighHalf => "mhi.CRCBAP_H",
        MhiRegisters.CommandDoorbell => "mhi.CRDB_L",
        MhiRegisters.CommandDoorbell + RegisterLayout.HighHalf => "mhi.CRDB_H",
        MhiRegisters.ControlBase => "mhi.CTRLBASE_L",
        MhiRegisters.ControlBase + RegisterLayout.HighHalf => "mhi.CTRLBASE_H",
        MhiRegisters.ControlLimit => "mhi.CTRLLIMIT_L",
        MhiRegisters.ControlLimit + RegisterLayout.HighHalf => "mhi.CTRLLIMIT_H",
        MhiRegisters.DataBase => "mhi.DATABASE_L",
        MhiRegisters.DataBase + RegisterLayout.HighHalf => "mhi.DATABASE_H",
        MhiRegisters.DataLimit => "mhi.DATALIMIT_L",
        MhiRegisters.DataLimit + RegisterLayout.HighHalf => "mhi.DATALIMIT_H",
        _ => null,
    };
}
