using System.Runtime.InteropServices;

namespace Mhi.Protocol;

/// <summary>
/// One 16-byte element as it lies in any ring, little-endian: pointer, two words, the type in bits [23:16] of the last.
/// A value, copied out of shared memory once and only then looked at.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public readonly struct RingElement
{
    /// <summary>Bytes of one element.</summary>
    public const int Length = 16;

    /// <summary>Binary logarithm of <see cref="Length"/>.</summary>
    public const int LengthShift = 4;

    /// <summary>CHAIN: the descriptor continues in the next element.</summary>
    public const uint ChainFlag = 1u << 0;

    /// <summary>IEOB: event wanted at the end of this block, also inside a chain.</summary>
    public const uint EndOfBlockFlag = 1u << 8;

    /// <summary>IEOT: event wanted at the end of the transfer.</summary>
    public const uint EndOfTransferFlag = 1u << 9;

    /// <summary>BEI: the event is written but its interrupt is moderated.</summary>
    public const uint BlockInterruptFlag = 1u << 10;

    /// <summary>Largest length of a transfer element, in bytes.</summary>
    public const int MaxTransferLength = 0xffff;

    // The order of these two is the order on the wire. Both words in one field: the element then travels in two registers
    // instead of through the stack.
    private readonly ulong _address;
    private readonly ulong _words;

    /// <summary>Creates an element from its words.</summary>
    /// <param name="address">Bus address, or zero.</param>
    /// <param name="word0">Word at byte 8.</param>
    /// <param name="word1">Word at byte 12.</param>
    public RingElement(ulong address, uint word0, uint word1)
    {
        _address = address;
        _words = word0 | ((ulong)word1 << 32);
    }

    /// <summary>Bus address: of a buffer, of the element an event is about, or zero.</summary>
    public ulong Address => _address;

    /// <summary>Word at byte 8: length, code or state.</summary>
    public uint Word0 => (uint)_words;

    /// <summary>Word at byte 12: channel, type and flags.</summary>
    public uint Word1 => (uint)(_words >> 32);

    /// <summary>Type of the element.</summary>
    public ElementType Type => (ElementType)(byte)(Word1 >> 16);

    /// <summary>Channel of a command or a transfer event.</summary>
    public byte Channel => (byte)(Word1 >> 24);

    /// <summary>Length of a transfer element or transfer event, in bytes.</summary>
    public ushort TransferLength => (ushort)Word0;

    /// <summary>Completion code of an event.</summary>
    public CompletionCode Code => (CompletionCode)(byte)(Word0 >> 24);

    /// <summary>State of a state-change event.</summary>
    public MhiState State => (MhiState)(byte)(Word0 >> 24);

    /// <summary>Environment of an execution environment event.</summary>
    public ExecutionEnvironment Environment => (ExecutionEnvironment)(byte)(Word0 >> 24);

    /// <summary>Whether a transfer element is continued by the next one.</summary>
    public bool IsChained => (Word1 & ChainFlag) != 0;

    /// <summary>Makes a transfer element.</summary>
    /// <param name="address">Bus address of the buffer.</param>
    /// <param name="lengthBytes">Length of the buffer, at most <see cref="MaxTransferLength"/>.</param>
    /// <param name="flags">Any of the flags of this type.</param>
    /// <returns>The element.</returns>
    public static RingElement Transfer(ulong address, ushort lengthBytes, uint flags) =>
        new(address, lengthBytes, ((uint)ElementType.Transfer << 16) | flags);

    /// <summary>Makes a command element.</summary>
    /// <param name="command">One of the command types.</param>
    /// <param name="channel">Channel number.</param>
    /// <returns>The element.</returns>
    public static RingElement Command(ElementType command, byte channel) =>
        new(0, 0, ((uint)channel << 24) | ((uint)command << 16));

    /// <summary>Makes a transfer event.</summary>
    /// <param name="elementAddress">Bus address of the last element it covers.</param>
    /// <param name="code">Completion code.</param>
    /// <param name="lengthBytes">Bytes moved for that element.</param>
    /// <param name="channel">Channel number.</param>
    /// <returns>The element.</returns>
    public static RingElement TransferEvent(ulong elementAddress, CompletionCode code, ushort lengthBytes, byte channel) =>
        new(elementAddress, ((uint)code << 24) | lengthBytes, ((uint)channel << 24) | ((uint)ElementType.TransferCompletion << 16));

    /// <summary>Makes a command completion event.</summary>
    /// <param name="commandAddress">Bus address of the command element.</param>
    /// <param name="code">Completion code.</param>
    /// <returns>The element.</returns>
    public static RingElement CommandEvent(ulong commandAddress, CompletionCode code) =>
        new(commandAddress, (uint)code << 24, (uint)ElementType.CommandCompletion << 16);

    /// <summary>Makes a state-change event.</summary>
    /// <param name="state">The new state.</param>
    /// <returns>The element.</returns>
    public static RingElement StateEvent(MhiState state) =>
        new(0, (uint)state << 24, (uint)ElementType.StateChange << 16);

    /// <summary>Makes an execution environment event.</summary>
    /// <param name="environment">The new environment.</param>
    /// <returns>The element.</returns>
    public static RingElement EnvironmentEvent(ExecutionEnvironment environment) =>
        new(0, (uint)environment << 24, (uint)ElementType.ExecutionEnvironmentChange << 16);
}
