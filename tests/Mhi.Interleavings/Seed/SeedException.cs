using System;

namespace Mhi.Interleavings.Seed;

/// <summary>What a call on the seed driver's node returns when it fails.</summary>
internal sealed class SeedException(string errno) : Exception(errno);
