using Temporalio.Exceptions;
using Temporalio.Workflows;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Incidents;
using VirtEngine.DR.Contracts.Notify;
using VirtEngine.DR.Workflows.Flow;

namespace VirtEngine.DR.Workflows.Incidents;

/// <summary>
/// What people owe after a run: reminds them of each task until a person says that it is done. It outlives the run that started it, and a
/// cancellation ends it as little as a deadline does.
/// </summary>
[Workflow(WorkflowTypes.Aftermath)]
public sealed class AftermathWorkflow
{
    private const int JournalInAnswers = 20;

    private readonly AftermathInput input;
    private readonly AftermathBook book;
    private readonly List<Task> telling = [];

    /// <summary>State is there before the first message is.</summary>
    [WorkflowInit]
    public AftermathWorkflow(AftermathInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        this.input = input;
        book = new(input);
    }

    /// <summary>What is owed.</summary>
    [WorkflowQuery(Verbs.State)]
    public AftermathState State => new(input.Run, input.Outcome, input.ClosedAt, input.Evidence, book.Tasks, book.NextReminder, book.Journal);

    private static DateTimeOffset Now => new(Workflow.UtcNow, TimeSpan.Zero);

    /// <summary>Reminds until everything is done.</summary>
    [WorkflowRun]
    public async Task<AftermathState> RunAsync(AftermathInput input)
    {
        if (input.Tasks.Count == 0)
        {
            throw new ApplicationFailureException("tasks: there are none; a run without any starts no Aftermath", ErrorTypes.InvalidInput, nonRetryable: true);
        }

        Introduce();
        _ = WatchForCancellationAsync();
        if (!input.Announced)
        {
            Tell(AftermathPage.HandedOver(Workflow.Info.WorkflowId, input));
        }

        while (book.Open.Count > 0)
        {
            if (Workflow.ContinueAsNewSuggested)
            {
                await DrainAsync();
                var next = input with { Tasks = book.Tasks, Journal = book.Journal, Announced = true };
                throw Workflow.CreateContinueAsNewException((AftermathWorkflow w) => w.RunAsync(next));
            }

            Show();
            await WaitAsync();
            Remind();
        }

        Show();
        await DrainAsync();
        await KeepAsync();
        Show();
        await Durable.UntilAsync(() => Workflow.AllHandlersFinished);
        return State;
    }

    /// <summary>Says that a task is done, and answers.</summary>
    [WorkflowUpdate(AftermathVerbs.Done)]
    public Task<DoneReply> DoneAsync(DoneMessage message)
    {
        var (accepted, text) = book.Done(message, Now);
        return Task.FromResult(new DoneReply(accepted, text, State with { Journal = [.. book.Journal.TakeLast(JournalInAnswers)] }));
    }

    /// <summary>Says that a task is done; stored by the server while no worker is up.</summary>
    [WorkflowSignal(AftermathVerbs.Done)]
    public Task DoneSignalAsync(DoneMessage message)
    {
        _ = book.Done(message, Now);
        return Task.CompletedTask;
    }

    private async Task WatchForCancellationAsync()
    {
        await Durable.CancelledAsync();
        book.Note(People.TemporalUi, "cancel.refused", "A cancellation ends nothing here.", Now);
        Tell(AftermathPage.CancelRefused(Workflow.Info.WorkflowId, input, book.Open));
    }

    private async Task WaitAsync()
    {
        var seen = book.Changes;
        bool Awake() => book.Changes != seen || Workflow.ContinueAsNewSuggested;
        if (book.NextReminder is not { } at)
        {
            await Durable.UntilAsync(Awake);
        }
        else if (at > Now)
        {
            await Durable.UntilAsync(Awake, at - Now, "until the next reminder");
        }
    }

    private void Remind()
    {
        foreach (var task in book.Open.Where(t => Reminders.Next(t) <= Now))
        {
            Tell(AftermathPage.Reminder(Workflow.Info.WorkflowId, input, task, Now));
            book.Reminded(task.Id, Reminders.Due(task, Now));
        }
    }

    private void Tell(Notification notification)
    {
        telling.RemoveAll(t => t.IsCompleted);
        telling.Add(TellAsync(notification));
    }

    private async Task TellAsync(Notification notification)
    {
        try
        {
            var receipts = await Workflow.ExecuteActivityAsync((INotifyActivities a) => a.SendAsync(notification), Policies.Page("reminds: " + notification.Key));
            var told = receipts.Count > 0 && receipts.All(r => r.Delivered);
            book.Note(
                Journal.Flow, told ? "reminded" : "notify.failed",
                $"\"{notification.Summary}\": {(receipts.Count == 0 ? "no channel of the estate is told about this class" : string.Join("; ", receipts.Select(r => $"{r.Channel}: {r.Detail}")))}", Now);
        }
        catch (FailureException e)
        {
            book.Note(Journal.Flow, "notify.failed", $"Nobody was told \"{notification.Summary}\": {Failure.From(e).Message}", Now);
        }
    }

    private async Task DrainAsync()
    {
        await Workflow.WhenAllAsync([.. telling]);
        await Durable.UntilAsync(() => Workflow.AllHandlersFinished);
    }

    private async Task KeepAsync()
    {
        try
        {
            var state = State;
            var key = await Workflow.ExecuteActivityAsync((IIncidentActivities a) => a.KeepAsync(state), Policies.Evidence("keeps who did what"));
            book.Note(Journal.Flow, "kept", $"Kept as {key}.", Now);
        }
        catch (FailureException e)
        {
            book.Note(Journal.Flow, "keep.failed", $"It is not kept beside the evidence: {Failure.From(e).Message}", Now);
        }
    }

    private void Introduce()
    {
        var run = input.Run;
        Workflow.UpsertTypedSearchAttributes(
            SearchAttributeNames.Runbook.ValueSet(run.Runbook), SearchAttributeNames.Target.ValueSet(run.Target),
            SearchAttributeNames.IncidentClass.ValueSet(run.IncidentClass), SearchAttributeNames.Mode.ValueSet(run.Practice ? "practice" : "live"));
    }

    private void Show()
    {
        // The list of incidents is read from here, so that it needs no worker.
        Workflow.UpsertMemo(MemoUpdate.ValueSet(AftermathVerbs.Memo, State with { Journal = [] }));
        Workflow.CurrentDetails = $"After **{input.Run.WorkflowId}** ({input.Run.Runbook}, {input.Run.Target}): {input.Outcome}\n\n| owed | by | state |\n|---|---|---|\n"
            + string.Join("\n", book.Tasks.Select(t => FormattableString.Invariant(
                $"| {t.Title} | {t.DueAt:u} ({t.Owner}) | {(t.Done is { } done ? $"done by {done.By}: {done.Where}{(done.Late ? " (late)" : "")}" : t.DueAt < Now ? "OVERDUE" : "open")} |")));
    }
}
