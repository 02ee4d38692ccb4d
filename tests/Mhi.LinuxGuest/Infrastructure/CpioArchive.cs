using System;
using System.Globalization;
using System.IO;
using System.Text;

namespace Mhi.LinuxGuest.Infrastructure;

/// <summary>
/// Writes a cpio archive in the "newc" format, the one the kernel unpacks as initramfs. Archives may follow each other in one
/// file, compressed or not, so a boot's own files are simply appended to the prepared ones.
/// </summary>
internal sealed class CpioArchive(Stream output)
{
    private const int RegularExecutableFile = 0x81ed;
    private const int Folder = 0x41ed;
    private const int Alignment = 4;

    private int _inode = 0x10000;

    /// <summary>Adds a folder.</summary>
    /// <param name="path">Its path without a leading slash; the folder above must be there.</param>
    public void AddFolder(string path) => Add(path, Folder, []);

    /// <summary>Adds a file that may be executed.</summary>
    /// <param name="path">Its path without a leading slash; its folder must be there.</param>
    /// <param name="contents">What is in it.</param>
    public void AddFile(string path, ReadOnlySpan<byte> contents) => Add(path, RegularExecutableFile, contents);

    /// <summary>Ends the archive.</summary>
    public void Complete() => Add("TRAILER!!!", mode: 0, []);

    private void Add(string path, int mode, ReadOnlySpan<byte> contents)
    {
        byte[] name = Encoding.ASCII.GetBytes(path + '\0');
        var header = new StringBuilder("070701");
        ReadOnlySpan<int> fields = [_inode++, mode, 0, 0, 1, 0, contents.Length, 0, 0, 0, 0, name.Length, 0];
        foreach (int field in fields)
        {
            header.Append(field.ToString("X8", CultureInfo.InvariantCulture));
        }

        output.Write(Encoding.ASCII.GetBytes(header.ToString()));
        output.Write(name);
        Pad(header.Length + name.Length);
        output.Write(contents);
        Pad(contents.Length);
    }

    private void Pad(int length)
    {
        Span<byte> zeros = stackalloc byte[Alignment];
        zeros.Clear();
        output.Write(zeros[..(-length & (Alignment - 1))]);
    }
}
