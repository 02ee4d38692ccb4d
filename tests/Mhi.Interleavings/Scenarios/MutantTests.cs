using System;
using Mhi.Channels;
using Mhi.Interleavings.Mutants;
using Xunit;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Mhi.Interleavings.Scenarios;

/// <summary>
/// The seed driver's defects once more, each put into the product's own sources as nearly as the product's design has a
/// counterpart: the scenarios that pass on the product must fail on every such mutant.
/// </summary>
[Trait("Category", "Slow")]
public class MutantTests(ITestOutputHelper output)
{
    // The mutants differ from this by their faults alone.
    [Fact]
    public void NoFault_ScenarioPasses()
    {
        using var mutant = new Mutant();
        mutant.Run(typeof(OpenCloseTests), nameof(OpenCloseTests.Close_TwoAtOnce_TheChannelStopsOnce), output);
    }

    [Fact]
    public void D01_OpenDecidesBeforeTheLock_IsFound() => Find(
        "deadlock",
        typeof(OpenCloseTests),
        nameof(OpenCloseTests.Open_TwoAtOnce_OneStartsAndBothWork),
        [],
        new Fault(
            "UciNode.Line.cs",
            "bool starts = false;",
            "bool starts = false;\n        UciNodeLife life = _life;"),
        new Fault("UciNode.Line.cs", "switch (_life)", "switch (life)"));

    [Fact]
    public void D02_FailedStartLetsNobodyElseTry_IsFound() => Find(
        "deadlock",
        typeof(OpenCloseTests),
        nameof(OpenCloseTests.Open_StartFailsWhileAnotherWaits_TheOtherTriesForItself),
        [1],
        new Fault(
            "UciNode.Life.cs",
            "failed = _starter;\n            starts = TryLetNextStart();",
            "failed = _starter;\n            starts = TryLetNextStart() && failed is null;"));

    [Fact]
    public void D03_LastCloseIsDecidedBeforeTheLock_IsFound() => Find(
        "Assert.Equal() Failure",
        typeof(OpenCloseTests),
        nameof(OpenCloseTests.Close_TwoAtOnce_TheChannelStopsOnce),
        [],
        new Fault("UciNode.Life.cs", "        bool isLast;\n", "        bool isLast = _opens == 1;\n"),
        new Fault("UciNode.Life.cs", "isLast = --_opens == 0;", "_opens--;"));

    [Fact]
    public void D04_LastCloseActsAfterTheLock_IsFound() => Find(
        "Assert.True() Failure",
        typeof(OpenCloseTests),
        nameof(OpenCloseTests.Close_LastWhileAnotherOpens_TheOpenedHandleWorks),
        [],
        new Fault(
            "UciNode.Life.cs",
            "            if (isLast)\n            {\n                _life = UciNodeLife.Stopping;\n            }\n        }\n",
            "        }\n\n        if (isLast)\n        {\n            _life = UciNodeLife.Stopping;\n        }\n"));

    [Fact]
    public void D04_OpenDoesNotWaitForTheStop_IsFound() => Find(
        "is open already",
        typeof(TimeTests),
        nameof(TimeTests.Close_LingerWhileAnotherOpens_TheOpenedHandleWorks),
        [],
        new Fault("UciNode.Life.cs", "await UciWork.EndOf(Controller.CloseChannelAsync(", "await UciWork.EndOf(Task.CompletedTask);\n        _ = (Controller.CloseChannelAsync("));

    [Fact]
    public void D14_WaitingReaderLetsGoOfTheTurn_IsFound() => Find(
        "deadlock",
        typeof(ReadTests),
        nameof(ReadTests.Read_TwoAndOnePacket_OneGetsItAndTheOtherTheNext),
        [false],
        new Fault(
            "UciOperation.Read.cs",
            "direction.Waiter = this;",
            "_hasTurn = false;\n            direction.Turn.Release();\n            direction.Waiter = this;"));

    [Fact]
    public void D15_PacketThatIsHalfReadDoesNotCount_IsFound() => Find(
        "Assert.True() Failure",
        typeof(WaitTests),
        nameof(WaitTests.Poll_TwoAndAReaderAndOnePacket_NobodySleepsOnAReadyHandle),
        [false],
        new Fault("DownlinkPort.cs", "return has || Volatile.Read(ref _hasCurrent);", "return has;"));

    [Fact]
    public void D15_PacketIsNowhereForAMoment_IsFound() => Find(
        "Assert.True() Failure",
        typeof(WaitTests),
        nameof(WaitTests.Poll_TwoAndAReaderAndOnePacket_NobodySleepsOnAReadyHandle),
        [false],
        new Fault(
            "DownlinkPort.cs",
            "_hasCurrent = true;\n        SchedulePoint.HitInside();\n        _pending.Advance(1);",
            "_pending.Advance(1);\n        SchedulePoint.HitInside();\n        _hasCurrent = true;"));

    [Fact]
    public void D28_TurnIsGivenBackAfterEachPacket_IsFound() => Find(
        "Packets of two writers alternate",
        typeof(WriteTests),
        nameof(WriteTests.Write_TwoOfSeveralDescriptors_EachStaysTogetherAndWhole),
        [false, WritePolicy.WholeMessage],
        new Fault(
            "UciOperation.Write.cs",
            "                    return Finish();\n                }\n\n                continue;",
            "                    return Finish();\n                }\n\n                _hasTurn = false;\n                direction.Turn.Release();\n                continue;"));

    [Fact]
    public void D29_ShortWriteTakesNoTurn_IsFound() => Find(
        "Two threads use the same direction",
        typeof(WriteTests),
        nameof(WriteTests.TrySend_BesideAWaitingWriter_QueuesWholePacketsOrNothing),
        [],
        new Fault("UciHandle.Write.cs", " || !direction.Turn.TryTake())", ")"),
        new Fault("UciHandle.Write.cs", "TryWriteOne(data);\n        direction.Turn.Release();", "TryWriteOne(data);"));

    [Fact]
    public void D29_LongWriteTakesNoTurn_IsFound() => Find(
        "Two threads use the same direction",
        typeof(WriteTests),
        nameof(WriteTests.Write_TwoOfSeveralDescriptors_EachStaysTogetherAndWhole),
        [false, WritePolicy.WholeMessage],
        new Fault("UciOperation.Write.cs", "if (!_hasTurn && TakeTurn(direction) is var turn", "if (UciTurn.Taken is var turn"));

    [Fact]
    public void SignalOpensNoGate_IsFound() => Find(
        "deadlock",
        typeof(ReadTests),
        nameof(ReadTests.Read_TwoReadHalfAPacketEach_NeitherSleepsOn),
        [false],
        new Fault("UciOperation.cs", "_gate.Open();", ""));

    [Fact]
    public void TryReadTakesNoTurn_IsFound() => Find(
        "Two threads use the same direction",
        typeof(ReadTests),
        nameof(ReadTests.TryRead_BesideAWaitingReader_TakesOnlyWhatIsThere),
        [],
        new Fault("UciHandle.Read.cs", "count = 0;\n        UciFault fault = Session.Fault;\n        if (!TryTakeTurn(direction))", "count = 0;\n        UciFault fault = Session.Fault;\n        if (direction is null)"),
        new Fault("UciHandle.Read.cs", "TryRead(destination, out count);\n        direction.Turn.Release();", "TryRead(destination, out count);"));

    [Fact]
    public void GateIsShutAfterTheAnnouncement_IsFound() => Find(
        "deadlock",
        typeof(ReadTests),
        nameof(ReadTests.UCI_050_ReadCanceledAsAPacketArrives_HasItOrLeavesIt),
        [false],
        new Fault("UciOperation.cs", "            _gate.Close();\n", ""),
        new Fault("UciOperation.cs", "_ = Interlocked.Exchange(ref _phase, wait);", "_ = Interlocked.Exchange(ref _phase, wait);\n        _gate.Close();"));

    [Fact]
    public void ReaderDoesNotLookOnceMore_IsFound() => Find(
        "deadlock",
        typeof(ReadTests),
        nameof(ReadTests.Read_TwoReadHalfAPacketEach_NeitherSleepsOn),
        [false],
        new Fault("UciOperation.Read.cs", "if (!port.HasPacket() && ", "if ("));

    [Fact]
    public void SignalIsTakenAfterTheWaiterIsWoken_IsFound() => Find(
        "deadlock",
        typeof(ReadTests),
        nameof(ReadTests.Read_TwoAndOnePacket_OneGetsItAndTheOtherTheNext),
        [false],
        new Fault("UciDirection.cs", "source.TakeSignal();\n        SchedulePoint.Hit();\n        Waiter?.Signal();", "Waiter?.Signal();\n        SchedulePoint.Hit();\n        source.TakeSignal();"));

    [Fact]
    public void TurnIsPassedOnWithoutAWord_IsFound() => Find(
        "deadlock",
        typeof(ReadTests),
        nameof(ReadTests.Read_TwoReadHalfAPacketEach_NeitherSleepsOn),
        [false],
        new Fault("TurnQueue.cs", "next.Signal();", ""));

    [Fact]
    public void FreeTurnIsLookedAtAndThenTaken_IsFound() => Find(
        "Assert.Equal() Failure",
        typeof(TurnQueueTests),
        nameof(TurnQueueTests.Turn_TwoInEveryOrder_OneHolderAndNobodyOvertakes),
        ["TQ"],
        new Fault(
            "TurnQueue.cs",
            "if (Interlocked.CompareExchange(ref _state, Taken, Free) != Free)",
            "int seen = _state;\n        SchedulePoint.Hit();\n        if (seen != Free || Interlocked.Exchange(ref _state, Taken) == Contended)"));

    [Fact]
    public void ClosedPortWakesNobody_IsFound() => Find(
        "deadlock",
        typeof(FailureTests),
        nameof(FailureTests.Receive_AsTheChannelIsReset_HasWhatArrivedAndThenTheReason),
        [false],
        new Fault("DownlinkPort.PollThread.cs", "int read = Readable.Wake();\n        Readable.Complete(read, isDown: !", "int read = 0;\n        Readable.Complete(read, isDown: !"));

    [Fact]
    public void PortsAreClosedBeforeTheReasonIsThere_IsFound() => Find(
        "deadlock",
        typeof(FailureTests),
        nameof(FailureTests.Receive_AsTheChannelIsReset_HasWhatArrivedAndThenTheReason),
        [false],
        new Fault("ChannelPair.cs", "            Volatile.Write(ref _failure, failure);\n        }\n\n        Uplink?.Close();\n        Downlink?.Close();\n", "        }\n\n        Uplink?.Close();\n        Downlink?.Close();\n        Volatile.Write(ref _failure, failure);\n"));

    [Fact]
    public void RecoveryWakesNobody_IsFound() => Find(
        "deadlock",
        typeof(FailureTests),
        nameof(FailureTests.Receive_AsTheControllerFailsAndRecovers_EndsWithTheRecovery),
        [false],
        new Fault("UciNode.Life.cs", "OnControllerChanged() => Volatile.Read(ref _session)?.SignalEverybody();", "OnControllerChanged() => _ = Volatile.Read(ref _session);"));

    [Fact]
    public void OpenThatWasGivenUpBeforeItBeganBeginsAllTheSame_IsFound() => Find(
        "Assert.False() Failure",
        typeof(OpenCloseTests),
        nameof(OpenCloseTests.Open_WhileTheDeviceLeaves_SaysSoAtOnceOrOnFirstUse),
        [],
        new Fault("ControllerEngine.Opening.cs", "if (opening.IsAborted)", "if (opening.IsAborted && opening.Pair is not null)"));

    [Fact]
    public void StartThatNobodyWantsLeavesTheNodeStopping_IsFound() => Find(
        "deadlock",
        typeof(OpenCloseTests),
        nameof(OpenCloseTests.Open_CanceledAsItComesToStart_SpoilsNothing),
        [],
        new Fault("UciNode.Life.cs", "        if (!isWanted)\n        {\n            EndStop();\n", "        if (!isWanted)\n        {\n"));

    private void Find(string symptom, Type tests, string name, object[] arguments, params Fault[] faults)
    {
        using var mutant = new Mutant(faults);
        var failure = Assert.ThrowsAny<XunitException>(() => mutant.Run(tests, name, output, arguments));
        output.WriteLine(failure.Message);
        Assert.Contains(symptom, failure.Message, StringComparison.Ordinal);
    }
}
