using System;

namespace Mhi.Generators.Models;

/// <summary>A value together with the token it was read from.</summary>
internal sealed record Located<T>(T Value, SourcePlace Place)
    where T : IEquatable<T>;
