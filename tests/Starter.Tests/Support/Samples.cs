using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Starter.Tests.Support;

/// <summary>Runs as they look in each situation.</summary>
internal static class Samples
{
    public const string Digest = "1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f809";

    public static DateTimeOffset Start { get; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static RunState AwaitingApproval { get; } = new()
    {
        Runbook = "RB-DR-006",
        Title = "Backup restore",
        WorkflowId = "RB-DR-006.fullnode-0.20260301-120000-abc",
        Target = "node/fullnode-0",
        Region = "us-east-1",
        IncidentClass = "D1",
        Mode = RunMode.Practice,
        Phase = RunPhase.AwaitingApproval,
        Headline = "One approval is needed before anything is touched.",
        Operator = "alice",
        Clock = new ClockState(Start, TimeSpan.FromHours(2), null, TimeSpan.FromSeconds(4), TimeSpan.Zero),
        Plan = new PlanState(1, Digest, ["backup 20260301T115900Z-7f at height 4711", "at most 130 blocks are replayed"], ["the former data is gone"]),
        Gates = [new GateState("restore", "Restore node fullnode-0 from this backup?", 1, true, false, [], null, Start.AddHours(4), "hold")],
        Steps =
        [
            new StepState { Id = "choose", Number = "1", Title = "Choose the backup", Status = StepStatus.Done, Detail = "newest proven, height 4711", StartedAt = Start, EndedAt = Start.AddSeconds(1.2) },
            new StepState { Id = "download", Number = "2", Title = "Download to staging", Status = StepStatus.Waiting, Changes = "a folder beside data", Undo = UndoKind.Restore },
            new StepState { Id = "swap", Number = "5", Title = "Swap [data]", Status = StepStatus.Waiting, Changes = "data", Undo = UndoKind.Restore },
        ],
        Facts = [new FactState("free space", "12 GB", Start)],
        Allowed = [new AllowedVerb(Verbs.Approve, "opens the gate"), new AllowedVerb(Verbs.Deny, "closes the run as denied")],
        Journal = [new JournalEntry(Start, "flow", "run.planned", "Plan 1 is made."), new JournalEntry(Start.AddSeconds(2), "alice", "note", "the [disk] is gone")],
    };

    public static RunState Running { get; } = AwaitingApproval with
    {
        Phase = RunPhase.Running,
        Headline = "Downloading.",
        Gates = [AwaitingApproval.Gates[0] with { Open = false, Passed = true, Approvals = ["bob"] }],
        Steps =
        [
            AwaitingApproval.Steps[0],
            AwaitingApproval.Steps[1] with { Status = StepStatus.Running, Detail = "1.2 of 3.0 GB", StartedAt = Start.AddSeconds(10) },
            AwaitingApproval.Steps[2],
        ],
    };

    public static RunState Parked { get; } = Running with
    {
        Phase = RunPhase.Parked,
        Headline = "Step 2 failed; a person decides.",
        Steps =
        [
            AwaitingApproval.Steps[0],
            AwaitingApproval.Steps[1] with { Status = StepStatus.Failed, Error = "no space: needs 3.0 GB, free are 1.0 GB", StartedAt = Start, EndedAt = Start.AddSeconds(5) },
            AwaitingApproval.Steps[2],
        ],
        Allowed = [new AllowedVerb(Verbs.Retry, "tries step 2 again"), new AllowedVerb(Verbs.Abort, "shows the unwinding plan")],
    };

    public static RunState Unwinding { get; } = Parked with
    {
        Phase = RunPhase.Unwinding,
        Headline = "The unwinding plan awaits its confirmation.",
        Unwinding = new PlanState(1, "feedc0de" + Digest[8..], ["drop the staging folder"], []),
        Allowed = [new AllowedVerb(Verbs.Abort, "unwinds when confirmed")],
    };

    public static RunState Closed { get; } = Running with
    {
        Phase = RunPhase.Closed,
        Outcome = RunOutcome.Succeeded,
        Headline = "Restored and proven.",
        Clock = Running.Clock with { ProvenAt = Start.AddMinutes(3) },
        Allowed = [],
        Evidence = "evidence/rb-dr-006.json",
    };
}
