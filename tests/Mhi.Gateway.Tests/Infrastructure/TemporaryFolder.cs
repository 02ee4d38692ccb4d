using System;
using System.IO;

namespace Mhi.Gateway.Tests.Infrastructure;

/// <summary>A folder for one test.</summary>
public sealed class TemporaryFolder : IDisposable
{
    /// <summary>Its path.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("mhi-tests-").FullName;

    /// <summary>The path of a file in it.</summary>
    /// <param name="name">The file's name.</param>
    /// <returns>The path.</returns>
    public string PathOf(string name) => Path.Combine(Folder, name);

    /// <summary>Makes a file in it.</summary>
    /// <param name="name">The file's name.</param>
    /// <param name="bytes">What is in it.</param>
    /// <returns>The path.</returns>
    public string Add(string name, byte[] bytes)
    {
        string path = PathOf(name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
