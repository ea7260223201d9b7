using Temporalio.Exceptions;
using Temporalio.Workflows;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Incidents;
using VirtEngine.DR.Contracts.Notify;
using VirtEngine.DR.Workflows.Flow;

namespace VirtEngine.DR.Workflows.Incidents;

/// <summary>
/// One clock of a run: pages one level after the other, and the last one again and again, until somebody acknowledges, the run says that it
/// needs nobody, or the run is found closed. It needs neither the run's worker nor room in the run's history.
/// </summary>
[Workflow(WorkflowTypes.Escalation)]
public sealed class EscalationWorkflow
{
    private readonly EscalationInput input;
    private readonly List<EscalationTold> told = [];
    private readonly List<Task> paging = [];
    private Ladder ladder = new([], "");
    private int again;
    private DateTimeOffset? next;
    private string? stoppedBy;
    private string? ended;
    private bool hushed;

    /// <summary>State is there before the first message is.</summary>
    [WorkflowInit]
    public EscalationWorkflow(EscalationInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        this.input = input;
        hushed = input.Hushed;
    }

    /// <summary>Whom it paged, and whom next.</summary>
    [WorkflowQuery(Verbs.State)]
    public EscalationState State => new(
        input.Run, input.Clock, input.Since, input.Why, ladder.Source, ladder.Levels, [.. told], next, stoppedBy, ended);

    private static DateTimeOffset Now => new(Workflow.UtcNow, TimeSpan.Zero);

    /// <summary>Pages until it needs to no more.</summary>
    [WorkflowRun]
    public async Task<EscalationState> RunAsync(EscalationInput input)
    {
        _ = WatchForCancellationAsync();
        if (input.SoFar is { } before)
        {
            (ladder, again) = (new(before.Levels, before.Source), before.Again);
            told.AddRange(before.Told);
        }
        else
        {
            await ClimbAsync();
        }

        await RepeatAsync();
        next = null;
        await Workflow.WhenAllAsync([.. paging]);
        Show();
        await Durable.UntilAsync(() => Workflow.AllHandlersFinished);
        return State;
    }

    /// <summary>Each level at its time.</summary>
    private async Task ClimbAsync()
    {
        ladder = Ladder.Of(input.Run.IncidentClass, await ContactsAsync());
        if (input.HandedTo is { } person && ended is null)
        {
            paging.Add(PageAsync(0, new(person, null, TimeSpan.Zero), ladder.Levels.ElementAtOrDefault(0)));
        }

        for (var index = 0; index < ladder.Levels.Count && ended is null; index++)
        {
            next = input.Since + ladder.Levels[index].After;
            Show();
            if (next > Now && await Durable.UntilAsync(() => ended is not null, next.Value - Now, $"until {ladder.Levels[index].Role} is paged"))
            {
                break;
            }

            if (await IsNeededAsync())
            {
                paging.Add(PageAsync(index + 1, ladder.Levels[index], ladder.Levels.ElementAtOrDefault(index + 1)));
            }
        }
    }

    /// <summary>Nobody is left who was not paged: silence would say that all is well, so the last ones hear it again.</summary>
    private async Task RepeatAsync()
    {
        var last = ladder.Last;
        while (ended is null)
        {
            paging.RemoveAll(page => page.IsCompleted);
            if (Workflow.ContinueAsNewSuggested)
            {
                await Workflow.WhenAllAsync([.. paging]);
                if (ended is null)
                {
                    var after = input with { Hushed = hushed, SoFar = new(ladder.Source, ladder.Levels, told, again) };
                    throw Workflow.CreateContinueAsNewException((EscalationWorkflow w) => w.RunAsync(after));
                }

                return;
            }

            var wait = Pause(again);
            next = Now + wait;
            Show();
            if (await Durable.UntilAsync(() => ended is not null, wait, $"until {ladder.Levels[^1].Role} is paged again"))
            {
                return;
            }

            if (await IsNeededAsync())
            {
                again++;
                paging.AddRange(last.Select(one => PageAsync(one.Number, one.Level, null, again)));
            }
        }
    }

    private TimeSpan Pause(int times) => TimeSpan.FromTicks((long)Math.Min(input.PageEvery.Ticks * Math.Pow(2, Math.Min(times, 30)), input.LongestPageEvery.Ticks));

    /// <summary>A run that was terminated tells nobody; a run that cannot be asked counts as open: better a page too many.</summary>
    private async Task<bool> IsNeededAsync()
    {
        if (!await IsOpenAsync())
        {
            ended ??= "the run is closed";
        }

        return ended is null;
    }

    /// <summary>Somebody is on it.</summary>
    [WorkflowSignal(EscalationVerbs.Acknowledge)]
    public Task AcknowledgeSignalAsync(VerbMessage message)
    {
        Stop(string.IsNullOrWhiteSpace(message?.By) ? "(unnamed)" : message.By.Trim());
        return Task.CompletedTask;
    }

    /// <summary>The run needs nobody any more.</summary>
    [WorkflowSignal(EscalationVerbs.Over)]
    public Task OverSignalAsync(string why)
    {
        ended ??= why;
        return Task.CompletedTask;
    }

    /// <summary>The run's history is full.</summary>
    [WorkflowSignal(EscalationVerbs.Hush)]
    public Task HushSignalAsync()
    {
        hushed = true;
        return Task.CompletedTask;
    }

    private void Stop(string by)
    {
        if (ended is null)
        {
            stoppedBy = by;
            ended = $"{by} is on it";
        }
    }

    private async Task WatchForCancellationAsync()
    {
        await Durable.CancelledAsync();
        Stop(People.TemporalUi);
    }

    private async Task<IReadOnlyList<ContactSpec>> ContactsAsync()
    {
        try
        {
            return await Workflow.ExecuteActivityAsync(
                (IEstateActivities a) => a.ContactsAsync(input.Run.IncidentClass), Policies.Probe("reads the contacts"));
        }
        catch (FailureException)
        {
            // The plan's table is better than nobody.
            return [];
        }
    }

    private async Task<bool> IsOpenAsync()
    {
        try
        {
            return await Workflow.ExecuteActivityAsync((IIncidentActivities a) => a.IsOpenAsync(input.Run), Policies.Probe("is the run still open?"));
        }
        catch (FailureException)
        {
            return true;
        }
    }

    /// <summary>Pages one level until a channel has it, and tells the run. The next level does not wait for that.</summary>
    private async Task PageAsync(int number, EscalationLevel level, EscalationLevel? following, int times = 0)
    {
        var then = following is null ? $"{level.Role} again at {Now + Pause(times):u}" : $"{following.Role} at {input.Since + following.After:u}";
        var page = EscalationPage.Of(Workflow.Info.WorkflowId, input, number, level, then, Now, times);
        for (var round = 1; ; round++)
        {
            var (delivered, again, detail) = await SendAsync(page);
            var last = !again || round == Policies.PageRounds;
            if (last || round == 1)
            {
                // Whoever looks at the run must see at once that nobody was reached, and what became of it.
                await TellAsync(new(input.Clock, number, level.Role, level.Contact, Now, delivered, detail, times));
            }

            if (last || await Durable.UntilAsync(() => ended is not null, Policies.PageAgain, $"pages {level.Role} again"))
            {
                return;
            }
        }
    }

    private static async Task<(bool Delivered, bool Again, string Detail)> SendAsync(Notification page)
    {
        try
        {
            var receipts = await Workflow.ExecuteActivityAsync((INotifyActivities a) => a.SendAsync(page), Policies.Page("pages " + page.Details["role"]));
            var delivered = receipts.Any(r => r.Delivered);
            return receipts.Count == 0
                ? (false, false, "no channel of the estate is told about this class")
                : (delivered, !delivered, string.Join("; ", receipts.Select(r => $"{r.Channel}: {r.Detail}")));
        }
        catch (FailureException e)
        {
            return (false, true, Failure.From(e).Message);
        }
    }

    private async Task TellAsync(EscalationTold one)
    {
        told.RemoveAll(one.Replaces);
        told.Add(one);
        Show();
        if (!hushed)
        {
            await LockCalls.SignalAsync(input.Run.WorkflowId, EscalationVerbs.Escalated, one);
        }
    }

    private void Show() => Workflow.CurrentDetails =
        $"**{input.Run.WorkflowId}** ({input.Run.Runbook}, {input.Run.Target}), counts from {input.Why}. {ended ?? ""}\n\n"
        + string.Join("\n", ladder.Levels.Select((level, index) => FormattableString.Invariant(
            $"- {input.Since + level.After:u} {level.Role} {level.Contact}: {Said(index + 1)}")));

    private string Said(int number) => told.FindLast(t => t.Level == number) is not { } one ? "not yet"
        : (one.Delivered ? "paged" : "NOT REACHED: " + one.Detail) + (one.Again > 0 ? FormattableString.Invariant($", again at {one.At:u} ({one.Again})") : "");
}
