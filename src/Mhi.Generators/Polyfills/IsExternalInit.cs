namespace System.Runtime.CompilerServices;

/// <summary>What the compiler asks for to build records; netstandard2.0 has none of its own.</summary>
internal static class IsExternalInit;
