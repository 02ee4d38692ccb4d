namespace Mhi.Nodes.Protocol;

/// <summary>Requests of ioctl(2) that terminals know, and FIONREAD; the numbers are the same on x64 and arm64.</summary>
internal static class TerminalCommands
{
    internal const uint GetTermios = 0x5401;
    internal const uint SetTermios = 0x5402;
    internal const uint SetTermiosAfterDrain = 0x5403;
    internal const uint SetTermiosAfterFlush = 0x5404;
    internal const uint Flush = 0x540b;
    internal const uint GetModemLines = 0x5415;
    internal const uint RaiseModemLines = 0x5416;
    internal const uint DropModemLines = 0x5417;
    internal const uint SetModemLines = 0x5418;
    internal const uint BytesAvailable = 0x541b;
    internal const uint GetTermios2 = 0x802c542a;
    internal const uint SetTermios2 = 0x402c542b;
    internal const uint SetTermios2AfterDrain = 0x402c542c;
    internal const uint SetTermios2AfterFlush = 0x402c542d;

    internal const int TermiosLength = 36;
    internal const int Termios2Length = 44;
    internal const int NumberLength = 4;

    /// <summary>Says how much memory a request reads and writes, which its number does not always say.</summary>
    /// <param name="command">The request.</param>
    /// <param name="isTerminal">Whether the file is one.</param>
    /// <param name="inLength">Bytes the program passes.</param>
    /// <param name="outLength">Bytes the program receives.</param>
    /// <returns>False when the file does not know the request.</returns>
    internal static bool TryGetLengths(uint command, bool isTerminal, out int inLength, out int outLength)
    {
        inLength = 0;
        outLength = 0;
        switch (command)
        {
            case BytesAvailable:
                outLength = NumberLength;
                return true;
            case Flush:
                return isTerminal;
            case GetTermios:
                outLength = TermiosLength;
                return isTerminal;
            case GetTermios2:
                outLength = Termios2Length;
                return isTerminal;
            case GetModemLines:
                outLength = NumberLength;
                return isTerminal;
            case SetTermios or SetTermiosAfterDrain or SetTermiosAfterFlush:
                inLength = TermiosLength;
                return isTerminal;
            case SetTermios2 or SetTermios2AfterDrain or SetTermios2AfterFlush:
                inLength = Termios2Length;
                return isTerminal;
            case RaiseModemLines or DropModemLines or SetModemLines:
                inLength = NumberLength;
                return isTerminal;
            default:
                return false;
        }
    }
}
