using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Runtime.InteropServices;

namespace Mhi.Gateway.Tests.Infrastructure;

/// <summary>The machine code of the native binary, as <c>objdump</c> shows it.</summary>
internal static class MachineCode
{
    /// <summary>Why the machine code cannot be looked at; null when it can.</summary>
    internal static string? Obstacle { get; } = FindObstacle();

    // run.sh copies the binary out of the directory in which its symbols stay.
    private static string Published => Path.Combine(Path.GetDirectoryName(MhiProgram.NativeBinary)!, "../artifacts/mhi/mhi");

    private static string Symbols => Published + ".dbg";

    /// <summary>Disassembles a function.</summary>
    /// <param name="name">How the name of its symbol ends.</param>
    /// <param name="of">What else the name contains.</param>
    /// <returns>Its instructions, as <c>mov %edx,(%rdi,%rcx,1)</c>.</returns>
    internal static List<string> Disassemble(string name, string of)
    {
        string[] symbols = RunTool("nm", "-n", "--defined-only", Symbols);
        int index = Array.FindIndex(symbols, line => line.EndsWith(name, StringComparison.Ordinal) && line.Contains(of, StringComparison.Ordinal) && !line.Contains("_lsda", StringComparison.Ordinal));
        if (index < 0 || index == symbols.Length - 1)
        {
            throw new InvalidOperationException($"{Symbols} has no function ...{of}...{name}.");
        }

        List<string> instructions = [];
        foreach (string line in RunTool("objdump", "-d", "--no-show-raw-insn", $"--start-address=0x{AddressOf(symbols[index])}", $"--stop-address=0x{AddressOf(symbols[index + 1])}", Published))
        {
            // "  2038bb:\tmov    %r8d,(%rax,%rcx,1)"
            int tab = line.IndexOf(":\t", StringComparison.Ordinal);
            if (tab > 0)
            {
                instructions.Add(string.Join(' ', line[(tab + 2)..].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
            }
        }

        return instructions;
    }

    private static string AddressOf(string symbol) => symbol[..symbol.IndexOf(' ', StringComparison.Ordinal)];

    private static string? FindObstacle()
    {
        if (MhiProgram.NativeBinary is not { } binary)
        {
            return MhiProgram.NoNativeBinary;
        }

        if (RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            return "What is expected is written down for x64.";
        }

        if (!File.Exists(Symbols) || !File.ReadAllBytes(Published).AsSpan().SequenceEqual(File.ReadAllBytes(binary)))
        {
            return "The symbols of the native binary are not where run.sh leaves them.";
        }

        try
        {
            _ = RunTool("objdump", "--version");
            _ = RunTool("nm", "--version");
            return null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "objdump and nm are not installed (binutils).";
        }
    }

    private static string[] RunTool(string tool, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(tool, arguments) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            : throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{tool} ended with {process.ExitCode}."));
    }
}
