using Temporalio.Exceptions;
using Temporalio.Workflows;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Incidents;
using VirtEngine.DR.Workflows.Flow;

namespace VirtEngine.DR.Workflows.Incidents;

/// <summary>
/// A run's side of its escalation: begins a clock when somebody is needed, ends it when nobody is, and keeps who was paged. It never waits
/// within a verb: what it sends goes out one after the other, behind the verbs.
/// </summary>
public sealed class EscalationDesk(RunBoard board)
{
    /// <summary>The mark of runs that have an escalation. Runs that began before it go on without one.</summary>
    public const string Patch = "escalation";

    private readonly List<EscalationTold> told = [];
    private readonly List<Task> answers = [];
    private Task tail = Task.CompletedTask;
    private int clock;
    private bool on;
    private bool running;
    private bool hushed;

    /// <summary>Whom it paged, oldest first.</summary>
    public IReadOnlyList<EscalationTold> Told => [.. told.OrderBy(t => t.At)];

    private string Current => Names.EscalationId(Workflow.Info.WorkflowId, Workflow.Info.FirstExecutionRunId, clock);

    /// <summary>The run has its locks: the first clock counts from the trigger's own time. Returns when it exists.</summary>
    public Task BeginAsync()
    {
        if (board.Header.Mode == RunMode.DryRun || board.Header.IncidentClass is null || !Workflow.Patched(Patch))
        {
            return Task.CompletedTask;
        }

        on = true;
        var trigger = board.Header.TriggeredAt is { } at && at < RunBoard.Now ? at : RunBoard.Now;
        Start(trigger, board.Header.TriggeredAt is null ? "the run began" : "the trigger", null);
        return tail;
    }

    /// <summary>The application is proven healthy.</summary>
    public void Proven() => End("proven healthy");

    /// <summary>The run is ending.</summary>
    public void Closing() => End("the run is closed");

    /// <summary>What was proven is so no more.</summary>
    public void Relapsed() => Again("the relapse");

    /// <summary>The run parks: somebody who acknowledged something else before has not acknowledged this.</summary>
    public void Parked() => Again("it parked");

    /// <summary>Somebody is on it.</summary>
    public void Acknowledged(VerbMessage message)
    {
        if (running)
        {
            running = false;
            Enqueue(Current, EscalationVerbs.Acknowledge, message);
        }
    }

    /// <summary>Somebody else has it, who is told at once and acknowledges anew. Where nobody is needed, nobody is.</summary>
    public void HandedOver(string to, string by)
    {
        if (on && !board.Closed && (running || board.Parks.Count > 0 || board.Clock.ProvenAt is null))
        {
            End($"handed over to {to}");
            Start(RunBoard.Now, $"{by.Trim()} handed it over", to);
        }
    }

    /// <summary>The run's history is full: it is sent nothing more, and people are paged all the same.</summary>
    public void Hush()
    {
        hushed = true;
        if (running)
        {
            Enqueue(Current, EscalationVerbs.Hush);
        }
    }

    /// <summary>A level was paged; heard by a signal, and once more with the escalation's end.</summary>
    public void Heard(EscalationTold one)
    {
        ArgumentNullException.ThrowIfNull(one);
        var before = told.Find(one.Replaces);
        if (before is not null && (before == one || before.Again > one.Again || (before.Again == one.Again && before.Delivered)))
        {
            return;
        }

        if (before is not null)
        {
            told.Remove(before);
        }

        told.Add(one);
        board.Note(Journal.Flow, one.Delivered ? "escalated" : "escalation.failed", one.Delivered
            ? FormattableString.Invariant($"{one.Who()} was paged at {one.At:u}: {one.Detail}")
            : FormattableString.Invariant($"{one.Who()} was NOT reached at {one.At:u}: {one.Detail}"));
    }

    /// <summary>The run is over. Returns when it knows who was paged, or after a while without.</summary>
    public async Task CloseAsync()
    {
        if (!on)
        {
            return;
        }

        await tail;
        if (!await Durable.UntilAsync(() => answers.TrueForAll(a => a.IsCompleted), Policies.EscalationPatience, "hears whom the escalation paged"))
        {
            board.Note(Journal.Flow, "escalation.silent", $"{Current} has not said whom it paged last: look at it in Temporal.");
        }

        on = false;
    }

    private void End(string why)
    {
        if (running)
        {
            running = false;
            Enqueue(Current, EscalationVerbs.Over, why);
        }
    }

    private void Again(string why)
    {
        if (on && !running && !board.Closed)
        {
            Start(RunBoard.Now, why, null);
        }
    }

    private void Start(DateTimeOffset since, string why, string? to)
    {
        clock++;
        running = true;
        var input = new EscalationInput
        {
            Run = board.Incident(),
            Clock = clock,
            Since = since,
            Why = why,
            HandedTo = to,
            Channels = board.Scope!.Channels,
            Hushed = hushed,
            PageEvery = Policies.PageInterval,
            LongestPageEvery = Policies.LongestPageInterval,
        };
        tail = AfterAsync(tail, () => StartAsync(input, Names.EscalationId(Workflow.Info.WorkflowId, Workflow.Info.FirstExecutionRunId, input.Clock)));
    }

    private void Enqueue(string id, string signal, params object[] arguments) => tail = AfterAsync(tail, () => SignalAsync(id, signal, arguments));

    private async Task StartAsync(EscalationInput input, string id)
    {
        try
        {
            var handle = await Workflow.StartChildWorkflowAsync(
                (EscalationWorkflow w) => w.RunAsync(input),
                new()
                {
                    Id = id,

                    // It pages about this run exactly when this run does nothing any more.
                    ParentClosePolicy = ParentClosePolicy.Abandon,
                    CancellationType = ChildWorkflowCancellationType.Abandon,
                    CancellationToken = CancellationToken.None,

                    // A run that was reset comes here again: its clock has paged already.
                    IdReusePolicy = Temporalio.Api.Enums.V1.WorkflowIdReusePolicy.RejectDuplicate,
                    StaticSummary = $"escalates {input.Run.WorkflowId}, counted from {input.Why}",
                });
            answers.Add(HearAsync(handle));
        }
        catch (WorkflowAlreadyStartedException)
        {
            // See above.
        }
    }

    private async Task HearAsync(ChildWorkflowHandle<EscalationWorkflow, EscalationState> handle)
    {
        try
        {
            foreach (var one in (await handle.GetResultAsync()).Told)
            {
                Heard(one);
            }
        }
        catch (FailureException e)
        {
            board.Note(Journal.Flow, "escalation.failed", $"{handle.Id} ended without saying whom it paged: {Failure.From(e).Message}");
        }
    }

    private static async Task SignalAsync(string id, string signal, object[] arguments)
    {
        try
        {
            await Workflow.GetExternalWorkflowHandle(id).SignalAsync(signal, arguments, new() { CancellationToken = CancellationToken.None });
        }
        catch (FailureException)
        {
            // It has ended by itself.
        }
    }

    private static async Task AfterAsync(Task before, Func<Task> next)
    {
        await before;
        await next();
    }
}
