using System;
using System.Security.Cryptography;

namespace Mhi.LinuxGuest;

/// <summary>Images for an SDX55 that starts in its primary boot loader: noise, whose every byte the endpoint checks.</summary>
internal static class BootImage
{
    /// <summary>Where the driver looks for it, below the guest's firmware folder.</summary>
    public const string Path = "qcom/sdx55m/sbl1.mbn";

    private const int Bytes = 300_001;

    /// <summary>Makes an image.</summary>
    /// <param name="seed">Other seeds make other images.</param>
    /// <returns>Its bytes.</returns>
    public static byte[] Make(int seed)
    {
        byte[] image = new byte[Bytes];
        new Random(seed).NextBytes(image);
        return image;
    }

    /// <summary>The hash for the endpoint's command line.</summary>
    /// <param name="image">The image.</param>
    /// <returns>SHA-256 in hexadecimal digits.</returns>
    public static string HashOf(byte[] image) => Convert.ToHexStringLower(SHA256.HashData(image));
}
