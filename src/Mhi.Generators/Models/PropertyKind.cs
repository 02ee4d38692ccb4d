namespace Mhi.Generators.Models;

/// <summary>What a property of a profile file holds.</summary>
internal enum PropertyKind
{
    Text,
    Number,
    Boolean,
    Array,
}
