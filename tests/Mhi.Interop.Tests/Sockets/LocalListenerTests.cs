using System;
using System.IO;
using System.Threading;
using Mhi.Interop.Sockets;
using Mhi.Interop.Threading;
using Xunit;

namespace Mhi.Interop.Tests.Sockets;

public sealed class LocalListenerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mhi-").FullName;
    private readonly EventFd _stop = new();

    private string SocketPath => Path.Combine(_folder, "s");

    public void Dispose()
    {
        _stop.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Listen_MakesOneFile_ThatItsOwnerAloneMayUse_AndDisposeRemovesIt()
    {
        using (LocalListener.Listen(SocketPath))
        {
            Assert.Equal([SocketPath], Directory.GetFileSystemEntries(_folder));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, new FileInfo(SocketPath).UnixFileMode);
        }

        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    /// <summary>A client that looks all the time connects as soon as it sees the path, whenever that is.</summary>
    [Fact]
    public void Path_AppearsWhenTheSocketListens()
    {
        using var done = new ManualResetEventSlim();
        int connected = 0;
        Exception? failure = null;
        var client = new Thread(() =>
        {
            while (!done.IsSet && failure is null)
            {
                if (!File.Exists(SocketPath))
                {
                    continue;
                }

                try
                {
                    LocalSocket.Connect(SocketPath).Dispose();
                    connected++;
                    done.Set();
                }
                catch (SystemCallException exception)
                {
                    failure = exception;
                }
            }
        });
        client.Start();
        using LocalListener listener = LocalListener.Listen(SocketPath);
        client.Join();

        Assert.Null(failure);
        Assert.Equal(1, connected);
        using LocalSocket? accepted = listener.Accept(_stop);
        Assert.NotNull(accepted);
    }

    [Fact]
    public void SocketFileThatNobodyListensOn_IsReplaced()
    {
        LocalListener first = LocalListener.Listen(SocketPath);
        string kept = Path.Combine(_folder, "kept");
        File.Move(SocketPath, kept);
        first.Dispose();
        File.Move(kept, SocketPath);

        using LocalListener second = LocalListener.Listen(SocketPath);
        using LocalSocket client = LocalSocket.Connect(SocketPath);
        using LocalSocket? accepted = second.Accept(_stop);
        Assert.NotNull(accepted);
    }

    [Fact]
    public void PathThatSomebodyListensOn_IsRefused_AndStays()
    {
        using LocalListener first = LocalListener.Listen(SocketPath);

        SystemCallException exception = Assert.Throws<SystemCallException>(() => LocalListener.Listen(SocketPath));

        Assert.Contains(SocketPath, exception.Message, StringComparison.Ordinal);
        using LocalSocket client = LocalSocket.Connect(SocketPath);
        Assert.Equal([SocketPath], Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void FileOfAnotherKind_IsRefused_AndStays()
    {
        File.WriteAllText(SocketPath, "precious");

        _ = Assert.Throws<SystemCallException>(() => LocalListener.Listen(SocketPath));

        Assert.Equal("precious", File.ReadAllText(SocketPath));
        Assert.Equal([SocketPath], Directory.GetFileSystemEntries(_folder));
    }

    [Theory]
    [InlineData(LocalListener.MaxPath + 1)]
    [InlineData(500)]
    public void PathThatIsTooLong_IsRefused(int length) =>
        Assert.Throws<ArgumentException>(() => LocalListener.Listen(new string('x', length)));

    [Fact]
    public void Accept_EndsWhenItIsToldTo()
    {
        using LocalListener listener = LocalListener.Listen(SocketPath);
        _stop.Signal();

        Assert.Null(listener.Accept(_stop));
    }
}
