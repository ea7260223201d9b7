using Temporalio.Workflows;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Incidents;
using VirtEngine.DR.Contracts.Locks;

namespace VirtEngine.DR.Workflows.Flow;

/// <summary>
/// What every runbook inherits: the verbs as updates and as signals of the same name, and the state query. All is delegated to
/// one machine that exists before the first message does. A derived workflow declares its own <c>[WorkflowRun]</c> and <c>[WorkflowInit]</c>.
/// </summary>
public abstract class Runbook : IPlaybook
{
    /// <summary>Makes the machine from the input's header.</summary>
    protected Runbook(RunHeader header) => Flow = new(header, this);

    /// <inheritdoc/>
    public virtual bool HasUngraceful => false;

    /// <inheritdoc/>
    public abstract object Pinned { get; }

    /// <summary>The run as it is now.</summary>
    [WorkflowQuery(Verbs.State)]
    public RunState State => Flow.State;

    /// <summary>The machine.</summary>
    protected RunMachine Flow { get; }

    /// <inheritdoc/>
    public abstract IReadOnlyList<string> Mistakes();

    /// <inheritdoc/>
    public abstract Task<RunScope> PinAsync(FactBook facts);

    /// <inheritdoc/>
    public abstract Task GatherAsync(FactBook facts);

    /// <inheritdoc/>
    public abstract PlanDraft Draft(bool ungraceful);

    /// <inheritdoc/>
    public virtual IReadOnlyList<string> LeftBehind() => [];

    /// <summary>See <see cref="Verbs.Approve"/>.</summary>
    [WorkflowUpdate(Verbs.Approve)]
    public Task<VerbReply> ApproveAsync(VerbMessage message) => Answer(Verbs.Approve, message);

    /// <summary>See <see cref="Verbs.Approve"/>.</summary>
    [WorkflowSignal(Verbs.Approve)]
    public Task ApproveSignalAsync(VerbMessage message) => Take(Verbs.Approve, message);

    /// <summary>See <see cref="Verbs.Deny"/>.</summary>
    [WorkflowUpdate(Verbs.Deny)]
    public Task<VerbReply> DenyAsync(VerbMessage message) => Answer(Verbs.Deny, message);

    /// <summary>See <see cref="Verbs.Deny"/>.</summary>
    [WorkflowSignal(Verbs.Deny)]
    public Task DenySignalAsync(VerbMessage message) => Take(Verbs.Deny, message);

    /// <summary>See <see cref="Verbs.Pause"/>.</summary>
    [WorkflowUpdate(Verbs.Pause)]
    public Task<VerbReply> PauseAsync(VerbMessage message) => Answer(Verbs.Pause, message);

    /// <summary>See <see cref="Verbs.Pause"/>.</summary>
    [WorkflowSignal(Verbs.Pause)]
    public Task PauseSignalAsync(VerbMessage message) => Take(Verbs.Pause, message);

    /// <summary>See <see cref="Verbs.Resume"/>.</summary>
    [WorkflowUpdate(Verbs.Resume)]
    public Task<VerbReply> ResumeAsync(VerbMessage message) => Answer(Verbs.Resume, message);

    /// <summary>See <see cref="Verbs.Resume"/>.</summary>
    [WorkflowSignal(Verbs.Resume)]
    public Task ResumeSignalAsync(VerbMessage message) => Take(Verbs.Resume, message);

    /// <summary>See <see cref="Verbs.Retry"/>.</summary>
    [WorkflowUpdate(Verbs.Retry)]
    public Task<VerbReply> RetryAsync(VerbMessage message) => Answer(Verbs.Retry, message);

    /// <summary>See <see cref="Verbs.Retry"/>.</summary>
    [WorkflowSignal(Verbs.Retry)]
    public Task RetrySignalAsync(VerbMessage message) => Take(Verbs.Retry, message);

    /// <summary>See <see cref="Verbs.Skip"/>.</summary>
    [WorkflowUpdate(Verbs.Skip)]
    public Task<VerbReply> SkipAsync(VerbMessage message) => Answer(Verbs.Skip, message);

    /// <summary>See <see cref="Verbs.Skip"/>.</summary>
    [WorkflowSignal(Verbs.Skip)]
    public Task SkipSignalAsync(VerbMessage message) => Take(Verbs.Skip, message);

    /// <summary>See <see cref="Verbs.Abort"/>.</summary>
    [WorkflowUpdate(Verbs.Abort)]
    public Task<VerbReply> AbortAsync(VerbMessage message) => Answer(Verbs.Abort, message);

    /// <summary>See <see cref="Verbs.Abort"/>.</summary>
    [WorkflowSignal(Verbs.Abort)]
    public Task AbortSignalAsync(VerbMessage message) => Take(Verbs.Abort, message);

    /// <summary>See <see cref="Verbs.Switch"/>.</summary>
    [WorkflowUpdate(Verbs.Switch)]
    public Task<VerbReply> SwitchAsync(VerbMessage message) => Answer(Verbs.Switch, message);

    /// <summary>See <see cref="Verbs.Switch"/>.</summary>
    [WorkflowSignal(Verbs.Switch)]
    public Task SwitchSignalAsync(VerbMessage message) => Take(Verbs.Switch, message);

    /// <summary>See <see cref="Verbs.Note"/>.</summary>
    [WorkflowUpdate(Verbs.Note)]
    public Task<VerbReply> NoteAsync(VerbMessage message) => Answer(Verbs.Note, message);

    /// <summary>See <see cref="Verbs.Note"/>.</summary>
    [WorkflowSignal(Verbs.Note)]
    public Task NoteSignalAsync(VerbMessage message) => Take(Verbs.Note, message);

    /// <summary>See <see cref="Verbs.Acknowledge"/>.</summary>
    [WorkflowUpdate(Verbs.Acknowledge)]
    public Task<VerbReply> AcknowledgeAsync(VerbMessage message) => Answer(Verbs.Acknowledge, message);

    /// <summary>See <see cref="Verbs.Acknowledge"/>.</summary>
    [WorkflowSignal(Verbs.Acknowledge)]
    public Task AcknowledgeSignalAsync(VerbMessage message) => Take(Verbs.Acknowledge, message);

    /// <summary>See <see cref="Verbs.HandOver"/>.</summary>
    [WorkflowUpdate(Verbs.HandOver)]
    public Task<VerbReply> HandOverAsync(VerbMessage message) => Answer(Verbs.HandOver, message);

    /// <summary>See <see cref="Verbs.HandOver"/>.</summary>
    [WorkflowSignal(Verbs.HandOver)]
    public Task HandOverSignalAsync(VerbMessage message) => Take(Verbs.HandOver, message);

    /// <summary>A run of a higher rank wants this run's lock.</summary>
    [WorkflowSignal(LockVerbs.Yield)]
    public Task YieldSignalAsync(LockHolder claimant)
    {
        Flow.Yield(claimant);
        return Task.CompletedTask;
    }

    /// <summary>A run of a lower rank that acted hands over what it did.</summary>
    [WorkflowSignal(LockVerbs.Inherit)]
    public Task InheritSignalAsync(RunHandover run)
    {
        Flow.Inherit(run);
        return Task.CompletedTask;
    }

    /// <summary>The run's escalation paged somebody.</summary>
    [WorkflowSignal(EscalationVerbs.Escalated)]
    public Task EscalatedSignalAsync(EscalationTold told)
    {
        Flow.Escalated(told);
        return Task.CompletedTask;
    }

    private Task<VerbReply> Answer(string verb, VerbMessage message) => Task.FromResult(Flow.Handle(verb, message, signal: false));

    private Task Take(string verb, VerbMessage message)
    {
        _ = Flow.Handle(verb, message, signal: true);
        return Task.CompletedTask;
    }
}
