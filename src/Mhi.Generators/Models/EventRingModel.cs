namespace Mhi.Generators.Models;

/// <summary>An event ring of a profile.</summary>
internal sealed record EventRingModel(int Elements, int ModerationMs, bool Hardware, bool Control);
