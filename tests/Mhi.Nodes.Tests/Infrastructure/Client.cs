using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Threading.Tasks;
using Xunit;

namespace Mhi.Nodes.Tests.Infrastructure;

/// <summary>A program nobody here wrote, using a node. It never outlives the test.</summary>
internal sealed class Client : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Task<string> _errors;

    private Client(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    public Stream Output => _process.StandardOutput.BaseStream;

    public Stream Input => _process.StandardInput.BaseStream;

    public int Id => _process.Id;

    public static Client Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new Client(Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start."));
    }

    /// <summary>Runs a program to its end, which must be a success.</summary>
    public static string Run(string program, params string[] arguments)
    {
        using Client client = Start(program, arguments);
        client.Input.Close();
        return client.Finish();
    }

    public static string Python(string script, params string[] arguments)
    {
        using Client client = StartPython(script, arguments);
        client.Input.Close();
        return client.Finish();
    }

    public static Client StartPython(string script, params string[] arguments) =>
        Start("python3", ["-u", "-c", "import sys, os, fcntl, select, signal, asyncio, errno, time\n" + script, .. arguments]);

    /// <summary>Takes a line that the program prints.</summary>
    public string ReadLine() =>
        _process.StandardOutput.ReadLineAsync().WaitAsync(s_limit).GetAwaiter().GetResult() ?? throw Failed("ended without the line");

    public void Signal(string name)
    {
        using Process kill = Process.Start("kill", [name, _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Waits until the program sleeps in the kernel.</summary>
    public void UntilAsleep() => Mounted.Until(() => State is 'S' or 'D');

    /// <summary>What the kernel says the program does.</summary>
    public char State
    {
        get
        {
            string status = File.ReadAllText($"/proc/{Id}/stat");
            return status[status.LastIndexOf(')') + 2];
        }
    }

    /// <summary>Waits for the end, which must be a success.</summary>
    public string Finish()
    {
        (int code, string output) = Wait();
        return code == 0 ? output : throw Failed($"ended with {code}");
    }

    /// <summary>Waits for the end.</summary>
    public (int Code, string Output) Wait()
    {
        string output = _process.StandardOutput.ReadToEndAsync().WaitAsync(s_limit).GetAwaiter().GetResult();
        Assert.True(_process.WaitForExit(s_limit), "The program did not end.");
        return (_process.ExitCode, output);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        Assert.True(_process.WaitForExit(s_limit), "The program could not be killed.");
        _process.Dispose();
    }

    private InvalidOperationException Failed(string what) =>
        new($"The program {what}: {(_errors.Wait(s_limit) ? _errors.Result : "it still runs")}");
}
