using Temporalio.Workflows;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Incidents;
using VirtEngine.DR.Contracts.Locks;
using VirtEngine.DR.Workflows.Incidents;

namespace VirtEngine.DR.Workflows.Flow;

/// <summary>Everything that a run knows of itself. Verbs write on it, the machine reads it at its next safe point; nobody else keeps state.</summary>
public sealed class RunBoard
{
    private readonly Visibility visibility;

    /// <summary>A fresh board.</summary>
    public RunBoard(RunHeader header, bool hasUngraceful)
    {
        ArgumentNullException.ThrowIfNull(header);
        Header = header;
        HasUngraceful = hasUngraceful;
        Clock = new(header.TriggeredAt ?? Now, Now);
        Keys = new(header.Takeover?.Run);
        if (header.Takeover is { } takeover)
        {
            Undo.Restore(takeover.Run.Undo);
            Inherited.AddRange(takeover.Run.Inherited);
            Abort = AbortStage.AtWork;
        }

        visibility = new(this);
        Escalation = new(this);
    }

    /// <summary>From the input.</summary>
    public RunHeader Header { get; }

    /// <summary>From the estate, once it is pinned.</summary>
    public RunScope? Scope { get; set; }

    /// <summary>Facts.</summary>
    public FactBook Facts { get; } = new();

    /// <summary>Journal.</summary>
    public Journal Journal { get; } = new();

    /// <summary>Clock.</summary>
    public ClockKeeper Clock { get; }

    /// <summary>The keys of its acts.</summary>
    public StepKeys Keys { get; }

    /// <summary>Undo stack of the current round.</summary>
    public UndoStack Undo { get; private set; } = new();

    /// <summary>What runs of a lower rank did and handed over.</summary>
    public List<RunHandover> Inherited { get; } = [];

    /// <summary>The locks, once they are asked for.</summary>
    public LockTaker? Locks { get; set; }

    /// <summary>1, and one more after each relapse.</summary>
    public int Round { get; private set; } = 1;

    /// <summary>What is missing is more than a step that was left out: Partial at best.</summary>
    public bool Unproven { get; set; }

    /// <summary>Everything is done and watched.</summary>
    public bool Watching { get; set; }

    /// <summary>How it compares with other runs.</summary>
    public int Rank => Ranks.Of(Header.Rank, Header.IncidentClass);

    /// <summary>Gates of the current plan, and those opened on the way.</summary>
    public List<Gate> Gates { get; } = [];

    /// <summary>What is parked.</summary>
    public List<ParkItem> Parks { get; } = [];

    /// <summary>Steps by id.</summary>
    public StepBoard Steps { get; } = new();

    /// <summary>The current plan.</summary>
    public Plan? Plan { get; set; }

    /// <summary>The unwinding plan.</summary>
    public PlanState? Unwinding { get; set; }

    /// <summary>Where an abort is.</summary>
    public AbortStage Abort { get; set; }

    /// <summary>A person paused it.</summary>
    public bool Paused { get; set; }

    /// <summary>The commit was scheduled.</summary>
    public bool Committed { get; set; }

    /// <summary>Whether the runbook has a mode without the lost side.</summary>
    public bool HasUngraceful { get; }

    /// <summary>Steps that need the lost side are left out.</summary>
    public bool Ungraceful { get; set; }

    /// <summary>Facts must be gathered again before the next act.</summary>
    public bool Stale { get; set; } = true;

    /// <summary>This execution is not its workflow's first: a reset made it.</summary>
    public static bool FollowsAnother => Workflow.Info.RunId != Workflow.Info.FirstExecutionRunId;

    /// <summary>The run was reset, and noticed it: it may only be repaired.</summary>
    public bool Reset { get; set; }

    /// <summary>A run of a higher rank wants the lock.</summary>
    public LockHolder? YieldTo { get; set; }

    /// <summary>The history grew long: only what a person must know is sent.</summary>
    public bool Quiet { get; set; }

    /// <summary>Pages one person after the other while somebody is needed.</summary>
    public EscalationDesk Escalation { get; }

    /// <summary>What people owe after the run, once it is closed.</summary>
    public IReadOnlyList<AftermathTask> Aftermath { get; set; } = [];

    /// <summary>Who is on it; stops repeated pages.</summary>
    public string? AcknowledgedBy { get; set; }

    /// <summary>Who has it now.</summary>
    public string? HandedTo { get; set; }

    /// <summary>What is missing, unproven or left behind.</summary>
    public List<string> Missing { get; } = [];

    /// <summary>How it ended.</summary>
    public RunOutcome? Outcome { get; set; }

    /// <summary>Why it ended so, in a sentence.</summary>
    public string? Ending { get; set; }

    /// <summary>The evidence's key.</summary>
    public string? Evidence { get; set; }

    /// <summary>Closed: nothing is done any more.</summary>
    public bool Closed { get; set; }

    /// <summary>Workflow time.</summary>
    public static DateTimeOffset Now => new(Workflow.UtcNow, TimeSpan.Zero);

    /// <summary>The open gate, if there is one.</summary>
    public Gate? OpenGate => Gates.Find(g => g.Open);

    /// <summary>The approval policy; before the estate is pinned, the strictest default.</summary>
    public ApprovalSpec Approvals => Scope?.Approvals ?? new ApprovalSpec();

    /// <summary>Something was done that is not undone, by this run or by one whose undo it has.</summary>
    public bool Acted => Undo.Any || Committed || Inherited.Count > 0;

    /// <summary>Where the run is, read from what is going on.</summary>
    public RunPhase Phase => this switch
    {
        { Closed: true } => RunPhase.Closed,
        { Parks.Count: > 0 } or { Reset: true } => RunPhase.Parked,
        { Paused: true } => RunPhase.Paused,
        { OpenGate: not null } => RunPhase.AwaitingApproval,
        { Abort: not AbortStage.None } => RunPhase.Unwinding,
        { Plan: null } => RunPhase.Planning,
        { Watching: true } => RunPhase.Watching,
        _ => RunPhase.Running,
    };

    /// <summary>A relapse: what is done stays done, and the next plan begins with an undo stack and a commit of its own.</summary>
    public void NextRound()
    {
        Round++;
        Keys.NextRound();
        Clock.Relapse();
        Escalation.Relapsed();
        Undo = new();
        Committed = false;
        Stale = true;
        Steps.Restart();
    }

    /// <summary>This run, for its escalation and its aftermath; only a run of an incident class has them.</summary>
    public IncidentRun Incident() => new(
        Workflow.Info.WorkflowId, Workflow.Info.FirstExecutionRunId, Header.Runbook, Header.Target, Header.IncidentClass ?? "",
        HandedTo ?? Header.Operator ?? "(unnamed)", Header.Mode == RunMode.Practice);

    /// <summary>Writes an entry and shows the new state to whoever looks.</summary>
    public void Note(string actor, string what, string text)
    {
        Journal.Add(actor, what, text);
        visibility.Refresh();
    }
}
