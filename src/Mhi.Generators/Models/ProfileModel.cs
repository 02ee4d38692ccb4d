namespace Mhi.Generators.Models;

/// <summary>All that a generated profile depends on. No positions: a white-space edit must not change it.</summary>
internal sealed record ProfileModel(
    string Id,
    string PropertyName,
    string Description,
    EquatableArray<PciIdModel> PciIds,
    int TimeoutMs,
    int ReadyTimeoutMs,
    int DmaAddressBits,
    int VirtualFunctionDmaAddressBits,
    int Mru,
    string? BootImage,
    string? EdlImage,
    EquatableArray<string> Flags,
    EquatableArray<ProfileChannelModel> Channels,
    EquatableArray<EventRingModel> EventRings);
