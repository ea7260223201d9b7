using Temporalio.Exceptions;
using Temporalio.Workflows;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Incidents;
using VirtEngine.DR.Contracts.Locks;

namespace VirtEngine.DR.Workflows.Flow;

/// <summary>A run's life: pin, lock, gather, plan, gates and steps with a safe point before each, close.</summary>
public sealed class RunMachine
{
    private readonly RunBoard board;
    private readonly IPlaybook playbook;
    private readonly Pager pager;
    private readonly GateKeeper gates;
    private readonly Planner planner;
    private readonly StepRunner runner;
    private readonly SafePoint safePoint;
    private readonly RunCloser closer;
    private readonly VerbDesk desk;
    private readonly Succession succession;
    private readonly Watcher watcher;
    private readonly Repairer repairer;
    private readonly RunLocks locks;
    private bool freshForCommit;

    /// <summary>State is there before the first message is.</summary>
    public RunMachine(RunHeader header, IPlaybook playbook)
    {
        ArgumentNullException.ThrowIfNull(playbook);
        this.playbook = playbook;
        board = new(header, playbook.HasUngraceful);
        pager = new(board);
        var limits = new LimitsWatch(board, pager);
        var resets = new ResetWatch(board, pager);
        desk = new(board, pager, limits, resets);
        gates = new(board, pager);
        planner = new(board, playbook, gates, pager);
        runner = new(board);
        succession = new(board, playbook, pager, resets);
        locks = new(board, succession);
        var unwinder = new Unwinder(board, gates, succession, pager);
        safePoint = new(board, unwinder, succession, pager, limits, resets);
        watcher = new(board, safePoint, pager);
        repairer = new(board, gates, safePoint, succession, unwinder);
        closer = new(board, playbook, succession, pager, resets);
    }

    /// <summary>The run as it is now.</summary>
    public RunState State => StateView.Of(board) with { Handover = board.Locks is null && board.Header.Takeover is null ? null : succession.Describe() };

    /// <summary>The keys of its acts.</summary>
    public StepKeys Keys => board.Keys;

    /// <summary>1, and one more after each relapse.</summary>
    public int Round => board.Round;

    /// <summary>Somebody wants the run to end, or its locks: a step that only waits ends now.</summary>
    public bool Leaving => board.Abort == AbortStage.Asked || board.YieldTo is not null;

    /// <summary>Writes into the journal what came to the runbook beside the verbs.</summary>
    public void Note(string actor, string what, string text) => board.Note(actor, what, text);

    /// <summary>A run of a lower rank handed over what it did.</summary>
    public void Inherit(RunHandover run) => succession.Inherit(run);

    /// <summary>The escalation paged somebody.</summary>
    public void Escalated(EscalationTold told) => board.Escalation.Heard(told);

    /// <summary>A verb, from an update or a signal.</summary>
    public VerbReply Handle(string verb, VerbMessage message, bool signal) => desk.Handle(verb, message, signal);

    /// <summary>A run of a higher rank wants the lock: not yet acted, this run ends; watching, it goes on without the lock; otherwise it hands over at its next safe point.</summary>
    public void Yield(LockHolder claimant)
    {
        ArgumentNullException.ThrowIfNull(claimant);
        if (claimant.Rank <= board.Rank || board.Closed)
        {
            board.Note(claimant.WorkflowId, "yield.refused", $"{claimant.WorkflowId} asks for the lock but is of no higher rank{(board.Closed ? ", or late: this run is ending" : "")}.");
        }
        else if (board.Acted && !board.Watching && !claimant.Inherits)
        {
            board.Paused = true;
            board.Note(claimant.WorkflowId, "yield.paused", $"{claimant.WorkflowId} ({claimant.Runbook}) wants the lock, but this run has acted: paused. Abort it, or let it end.");
            pager.Page("critical", $"paused for {claimant.WorkflowId} ({claimant.Runbook}); abort or resume");
        }
        else
        {
            board.YieldTo = claimant;
            board.Note(claimant.WorkflowId, "yield", $"Yields to {claimant.WorkflowId} ({claimant.Runbook}).");
        }
    }

    /// <summary>Runs to the end.</summary>
    /// <exception cref="ApplicationFailureException">The input is wrong or the lock is held: nothing was touched.</exception>
    public async Task<RunState> RunAsync()
    {
        var header = board.Header;
        Visibility.Introduce(header);
        board.Note(header.Operator ?? "(unnamed)", "run.started", $"{header.Runbook} on {header.Target}, {header.Mode}. {header.Reason}");
        _ = WatchForCancellationAsync();
        Refuse(playbook.Mistakes());
        await PinAsync();
        var end = header.Takeover is { } takeover ? await RepairAsync(takeover) : await locks.TakeAsync() ?? await WorkAsync();
        await closer.CloseAsync(end);
        return State;
    }

    private static void Refuse(IReadOnlyList<string> mistakes)
    {
        if (mistakes.Count > 0)
        {
            throw new ApplicationFailureException(string.Join("\n", mistakes), ErrorTypes.InvalidInput, nonRetryable: true);
        }
    }

    private async Task WatchForCancellationAsync()
    {
        await Durable.CancelledAsync();
        desk.Cancelled();
    }

    private async Task PinAsync()
    {
        RunScope scope;
        try
        {
            scope = await playbook.PinAsync(board.Facts);
        }
        catch (ActivityFailureException e)
        {
            var failure = Failure.From(e);
            throw new ApplicationFailureException(failure.Message, failure.Type, nonRetryable: true);
        }

        Refuse(board.Header.Mode switch
        {
            RunMode.Live when scope.Simulated => ["mode: the estate is a simulated one; use practice or dryRun, not live"],
            RunMode.Practice when !scope.Simulated => ["mode: the estate is a real one; use live or dryRun, not practice"],
            _ => [],
        });
        board.Scope = scope;
        board.Clock.Target = scope.Rto;
        Visibility.Locate(scope, board.Header.TriggeredAt ?? RunBoard.Now);
    }

    /// <summary>Takes the locks of the run that left them, learns how its steps are undone, and settles them.</summary>
    private async Task<RunEnd> RepairAsync(Takeover takeover)
    {
        var run = takeover.Run;
        if (takeover.Digest is { } digest && !UndoLines.RepairDigest(run, takeover.Adopt).StartsWith(digest, StringComparison.OrdinalIgnoreCase))
        {
            Refuse([$"takeover: its digest is {UndoLines.RepairDigest(run, takeover.Adopt)[..8]}, not {digest}; look at the plan again"]);
        }

        await locks.AdoptAsync(takeover);
        await board.Escalation.BeginAsync();
        while (!takeover.Adopt && run.Undo.Count > 0 && board.Stale)
        {
            if (await safePoint.HoldAsync() is { } left)
            {
                return left;
            }

            if (await planner.RefreshAsync() is { } failure
                && await safePoint.ParkAsync([new("facts", "gathering facts", failure.Message, failure.Advice, skippable: false, undo: false)]) is { } end)
            {
                return end;
            }
        }

        board.Undo.Bind(board.Steps.Declared);
        return await repairer.RunAsync(takeover);
    }

    private async Task<RunEnd> WorkAsync()
    {
        await board.Escalation.BeginAsync();
        while (true)
        {
            if (await safePoint.HoldAsync() is { } left)
            {
                return left;
            }

            if (board.Stale)
            {
                if (await RefreshAsync() is { } failed)
                {
                    return failed;
                }

                continue;
            }

            if (board.Header.Mode == RunMode.DryRun)
            {
                return RunEnd.Planned;
            }

            var steps = board.Steps.Next();
            if (steps.Count == 0)
            {
                if (await watcher.RunAsync() is { } watched)
                {
                    return watched;
                }

                continue;
            }

            var end = gates.NextFor(steps[^1]) is { } gate
                ? await GateAsync(gate)
                : await StepAsync(steps);
            if (end is { } over)
            {
                return over;
            }
        }
    }

    private async Task<RunEnd?> RefreshAsync()
    {
        if (await planner.RefreshAsync() is not { } failure)
        {
            return null;
        }

        if (board.Header.Mode == RunMode.DryRun || (failure.Permanent && board.Plan is null))
        {
            board.Ending = failure.Message;
            return RunEnd.PlanFailed;
        }

        return await safePoint.ParkAsync([new("facts", "gathering facts", failure.Message, failure.Advice, skippable: false, undo: false)]);
    }

    private async Task<RunEnd?> GateAsync(Gate gate)
    {
        var end = await gates.PassAsync(
            gate, () => board.Stale || board.Abort != AbortStage.None || board.YieldTo is not null);
        if (end != GateEnd.Denied)
        {
            board.Stale = true;
            return null;
        }

        return board.Acted
            ? await safePoint.ParkAsync(
                [new("gate:" + gate.Name, $"gate {gate.Name}", $"Denied by {gate.DeniedBy}.", "retry asks again, abort goes back.", skippable: false, undo: false)])
            : RunEnd.Denied;
    }

    private async Task<RunEnd?> StepAsync(IReadOnlyList<StepDeclaration> steps)
    {
        if (steps.Any(s => s.Commit))
        {
            if (!freshForCommit)
            {
                freshForCommit = true;
                board.Stale = true;
                return null;
            }

            board.Committed = true;
            board.Note(Journal.Flow, "run.committed", "The point of no return is passed: no abort from here on.");
        }

        var failures = await Workflow.WhenAllAsync(steps.Select(runner.AttemptAsync));
        var parked = steps.Zip(failures).Where(p => p.Second is not null).ToArray();
        freshForCommit &= parked.Length == 0;
        board.Stale |= steps.Any(s => s.Replans);
        return parked.Length == 0
            ? null
            : await safePoint.ParkAsync([.. parked.Select(p => new ParkItem(
                p.First.Id, $"{p.First.Number} {p.First.Id}", p.Second!.Message, p.Second.Advice, p.First.Skippable, undo: false))]);
    }
}
