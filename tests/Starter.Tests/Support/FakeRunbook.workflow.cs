using Temporalio.Exceptions;
using Temporalio.Workflows;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Starter.Tests.Support;

/// <summary>Answers to the verbs as a runbook does, without any activity: one gate, then a park, then the end.</summary>
[Workflow(WorkflowTypes.BackupRestore)]
public sealed class FakeRunbook
{
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);
    private RunState state;
    private bool closed;

    [WorkflowInit]
    public FakeRunbook(BackupRestoreInput input)
    {
        state = Samples.AwaitingApproval with
        {
            WorkflowId = Workflow.Info.WorkflowId,
            Target = "node/" + input.Node,
            Mode = input.Mode,
            Operator = input.Operator ?? "",
            Journal = [],
            Handover = new RunHandover
            {
                WorkflowId = Workflow.Info.WorkflowId,
                FirstRunId = Workflow.Info.FirstExecutionRunId,
                Runbook = WorkflowTypes.BackupRestore,
                Target = "node/" + input.Node,
                Number = 4,
                Undo = [new("stop", "4", UndoKind.Restore, "running", "it ran", "stopped", false, ""), new("swap", "5", UndoKind.Restore, "not swapped", "", "swapped", true, "")],
                Input = System.Text.Json.JsonSerializer.SerializeToElement(input with { Backup = "b-7" }, DrDataConverter.JsonOptions),
            },
        };
    }

    [WorkflowRun]
    public async Task<RunState> RunAsync(BackupRestoreInput input)
    {
        if (input.Node == "unknown")
        {
            throw new ApplicationFailureException("node 'unknown' is not in the estate; there is: fullnode-0", ErrorTypes.NotFound, nonRetryable: true);
        }

        if (input.Mode == RunMode.DryRun)
        {
            state = state with { Phase = RunPhase.Closed, Outcome = RunOutcome.Planned, Headline = "The plan.", Gates = [] };
            return state;
        }

        await Workflow.WaitConditionAsync(() => closed);
        await Workflow.WaitConditionAsync(() => Workflow.AllHandlersFinished);
        return state;
    }

    [WorkflowQuery(Verbs.State)]
    public RunState State() => state;

    [WorkflowUpdate(Verbs.Approve)]
    public Task<VerbReply> ApproveAsync(VerbMessage message) => Task.FromResult(Apply(Verbs.Approve, message));

    [WorkflowSignal(Verbs.Approve)]
    public Task ApproveSignalAsync(VerbMessage message) => Task.FromResult(Apply(Verbs.Approve, message));

    [WorkflowUpdate(Verbs.Deny)]
    public Task<VerbReply> DenyAsync(VerbMessage message) => Task.FromResult(Apply(Verbs.Deny, message));

    [WorkflowUpdate(Verbs.Pause)]
    public Task<VerbReply> PauseAsync(VerbMessage message) => Task.FromResult(Apply(Verbs.Pause, message));

    [WorkflowSignal(Verbs.Pause)]
    public Task PauseSignalAsync(VerbMessage message) => Task.FromResult(Apply(Verbs.Pause, message));

    [WorkflowUpdate(Verbs.Note)]
    public Task<VerbReply> NoteAsync(VerbMessage message) => Task.FromResult(Apply(Verbs.Note, message));

    [WorkflowUpdate(Verbs.Retry)]
    public Task<VerbReply> RetryAsync(VerbMessage message) => Task.FromResult(Apply(Verbs.Retry, message));

    [WorkflowUpdate(Verbs.Abort)]
    public Task<VerbReply> AbortAsync(VerbMessage message) => Task.FromResult(Apply(Verbs.Abort, message));

    private VerbReply Apply(string verb, VerbMessage message)
    {
        if (message.Id is { } id && !seen.Add(id))
        {
            return new VerbReply(true, "seen before", state);
        }

        var entry = new JournalEntry(new DateTimeOffset(Workflow.UtcNow, TimeSpan.Zero), message.By, verb, $"{verb} {message.Why}".Trim());
        state = state with { Journal = [.. state.Journal, entry] };
        return verb switch
        {
            Verbs.Approve when message.By == state.Operator => new VerbReply(false, "the starter may not approve; ask somebody else", state),
            Verbs.Approve when message.Digest is { } digest && Samples.Digest.StartsWith(digest, StringComparison.Ordinal) => Become(Samples.Parked),
            Verbs.Approve => new VerbReply(false, "this plan has another digest", state),
            Verbs.Deny => Close(RunOutcome.Denied),
            Verbs.Retry when state.Phase == RunPhase.Parked => Close(RunOutcome.Succeeded),
            Verbs.Retry => new VerbReply(false, "nothing failed; approve would work", state),
            Verbs.Abort when message.Digest is null => Become(Samples.Unwinding),
            Verbs.Abort => Close(RunOutcome.RolledBack),
            _ => new VerbReply(true, "done", state),
        };
    }

    private VerbReply Become(RunState sample)
    {
        state = state with
        {
            Phase = sample.Phase,
            Headline = sample.Headline,
            Steps = sample.Steps,
            Gates = sample.Gates,
            Allowed = sample.Allowed,
            Unwinding = sample.Unwinding,
        };
        return new VerbReply(true, "done", state);
    }

    private VerbReply Close(RunOutcome outcome)
    {
        closed = true;
        state = state with { Phase = RunPhase.Closed, Outcome = outcome, Headline = "Over.", Gates = [], Allowed = [] };
        return new VerbReply(true, "done", state);
    }
}
