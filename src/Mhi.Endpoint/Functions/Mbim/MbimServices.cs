using System;

namespace Mhi.Endpoint.Functions.Mbim;

/// <summary>UUIDs, in network byte order.</summary>
internal static class MbimServices
{
    /// <summary>The Basic Connect service: a289cc33-bcbb-8b4f-b6b0-133ec2aae6df.</summary>
    internal static ReadOnlySpan<byte> BasicConnect =>
        [0xa2, 0x89, 0xcc, 0x33, 0xbc, 0xbb, 0x8b, 0x4f, 0xb6, 0xb0, 0x13, 0x3e, 0xc2, 0xaa, 0xe6, 0xdf];

    /// <summary>The context type of a session that is not active: b43f758c-a560-4b46-b35e-c5869641fb54.</summary>
    internal static ReadOnlySpan<byte> ContextNone =>
        [0xb4, 0x3f, 0x75, 0x8c, 0xa5, 0x60, 0x4b, 0x46, 0xb3, 0x5e, 0xc5, 0x86, 0x96, 0x41, 0xfb, 0x54];
}
