using System;

namespace Mhi.Interleavings.Scheduling;

/// <summary>Unwinds a logical thread whose execution is over: it failed elsewhere, or nobody waits for this thread.</summary>
internal sealed class AbandonedException() : Exception("The execution is over.");
