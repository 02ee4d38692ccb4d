using System;
using System.Runtime.InteropServices;
using Mhi.Interop.Linux;

namespace Mhi.Interop.Vfio;

/// <content>Requests whose answer may be longer than its fixed part.</content>
internal static unsafe partial class VfioAbi
{
    // Far more than any kernel answers; larger is no answer.
    private const uint LongestAnswer = 0x1_0000;

    /// <summary>Asks, and asks again with as much room as the kernel says it needs.</summary>
    /// <param name="descriptor">Whom.</param>
    /// <param name="request">What.</param>
    /// <param name="name">Its name, for the error.</param>
    /// <param name="question">The fixed part; its first field, the size, is filled in here.</param>
    /// <returns>The answer; its first field is what the kernel wrote there.</returns>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    internal static byte[] Ask(int descriptor, nuint request, string name, byte[] question)
    {
        byte[] answer = question.AsSpan().ToArray();
        while (true)
        {
            uint room = (uint)answer.Length;
            MemoryMarshal.Write(answer, in room);
            fixed (byte* start = answer)
            {
                if (Libc.Ioctl(descriptor, request, start) != 0)
                {
                    throw new SystemCallException(name, "ask the kernel about the device");
                }
            }

            uint needed = MemoryMarshal.Read<uint>(answer);
            if (needed <= room || needed > LongestAnswer)
            {
                return answer;
            }

            answer = new byte[needed];
            question.CopyTo(answer, 0);
        }
    }
}
