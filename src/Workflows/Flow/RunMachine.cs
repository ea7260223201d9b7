using Temporalio.Exceptions;
using Temporalio.Workflows;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Flow;
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
    private LockTaker? locks;
    private bool freshForCommit;

    /// <summary>State is there before the first message is.</summary>
    public RunMachine(RunHeader header, IPlaybook playbook)
    {
        ArgumentNullException.ThrowIfNull(playbook);
        this.playbook = playbook;
        board = new(header, playbook.HasUngraceful);
        pager = new(board);
        var limits = new LimitsWatch(board, pager);
        var keys = new StepKeys();
        desk = new(board, pager, limits);
        gates = new(board, pager);
        planner = new(board, playbook, gates, pager);
        runner = new(board, keys);
        safePoint = new(board, new(board, keys, gates, pager), pager, limits);
        closer = new(board, playbook, pager);
    }

    /// <summary>The run as it is now.</summary>
    public RunState State => StateView.Of(board);

    /// <summary>A verb, from an update or a signal.</summary>
    public VerbReply Handle(string verb, VerbMessage message, bool signal) => desk.Handle(verb, message, signal);

    /// <summary>A run of a higher rank wants the lock: not yet acted, this run ends; otherwise it stops and says so.</summary>
    public void Yield(LockHolder claimant)
    {
        ArgumentNullException.ThrowIfNull(claimant);
        if (claimant.Rank <= board.Header.Rank)
        {
            board.Note(claimant.WorkflowId, "yield.refused", $"{claimant.WorkflowId} asks for the lock but is of no higher rank.");
        }
        else if (board.Undo.Any)
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
        var end = await LockAsync() ?? await WorkAsync();
        await closer.CloseAsync(end, locks);
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

    private async Task<RunEnd?> LockAsync()
    {
        var header = board.Header;
        var scope = board.Scope!;
        if (header.Mode == RunMode.DryRun)
        {
            return null;
        }

        locks = new(new(
            LockTaker.Holder(header.Runbook, header.Operator, header.Rank, header.Reason ?? header.Title), scope.Channels, header.IncidentClass,
            header.Mode == RunMode.Practice));
        var taken = await locks.TakeAsync(
            scope.Locks, () => board.Abort != AbortStage.None, text => board.Note(Journal.Flow, "lock.waiting", text));
        if (!taken)
        {
            return RunEnd.Aborted;
        }

        board.Note(Journal.Flow, "lock.taken", string.Join(", ", scope.Locks));
        return null;
    }

    private async Task<RunEnd> WorkAsync()
    {
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
                return RunEnd.Done;
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
            gate, () => board.Stale || board.Abort != AbortStage.None || (board.YieldTo is not null && !board.Undo.Any));
        if (end != GateEnd.Denied)
        {
            board.Stale = true;
            return null;
        }

        return board.Undo.Any || board.Committed
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
        return parked.Length == 0
            ? null
            : await safePoint.ParkAsync([.. parked.Select(p => new ParkItem(
                p.First.Id, $"{p.First.Number} {p.First.Id}", p.Second!.Message, p.Second.Advice, p.First.Skippable, undo: false))]);
    }
}
