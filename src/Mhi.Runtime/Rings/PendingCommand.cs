using System;
using Mhi.Protocol;

namespace Mhi.Rings;

/// <summary>A command that waits for its completion.</summary>
/// <param name="Type">START, STOP or RESET.</param>
/// <param name="Channel">Channel number.</param>
/// <param name="Deadline">Time stamp of the controller's clock at which the host gives up.</param>
/// <param name="Completed">
/// What to do with the answer: the device's code, or <see cref="CompletionCode.Invalid"/> when the time is over.
/// </param>
internal sealed record PendingCommand(ElementType Type, byte Channel, long Deadline, Action<PendingCommand, CompletionCode> Completed);
