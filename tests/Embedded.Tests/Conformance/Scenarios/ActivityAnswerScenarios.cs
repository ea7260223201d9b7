using Temporalio.Activities;
using Temporalio.Api.Enums.V1;
using Temporalio.Client;
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace VirtEngine.DR.Embedded.Tests.Conformance;

/// <summary>Activities that are cancelled, and those that are answered from elsewhere, by token or by id.</summary>
public static class ActivityAnswerScenarios
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    /// <summary>The scenarios.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        Cancelled("wait-completed", ActivityCancellationType.WaitCancellationCompleted),
        Cancelled("try-cancel", ActivityCancellationType.TryCancel),
        Cancelled("abandon", ActivityCancellationType.Abandon),
        new("activity.cancelled-before-it-started", async s =>
        {
            s.Flow("main", async w => await Workflow.ExecuteActivityAsync<string>("work", [], new()
            {
                StartToCloseTimeout = Long, TaskQueue = "a-queue-that-nobody-reads", CancellationType = ActivityCancellationType.WaitCancellationCompleted,
            }));
            s.Work();
            WorkflowHandle run = await s.StartAsync("main");
            await s.IdleAsync(run);
            await run.CancelAsync();
            await s.EndAsync(run);
        }),
        new("activity.cancelled-while-waiting-to-retry", async s =>
        {
            s.Activity("work", _ => throw new ApplicationFailureException("once"));
            s.Flow("main", async w => await Workflow.ExecuteActivityAsync<string>("work", [], new()
            {
                StartToCloseTimeout = Long, CancellationType = ActivityCancellationType.WaitCancellationCompleted, RetryPolicy = new() { InitialInterval = TimeSpan.FromHours(1) },
            }));
            s.Work();
            WorkflowHandle run = await s.StartAsync("main");
            await s.WhenAsync(run, "the activity waits", d => d.PendingActivities.Any(a => a.State == PendingActivityState.Scheduled && a.Attempt == 2));
            await run.CancelAsync();
            await s.EndAsync(run);
        }),
        new("activity.completed-although-cancelled", async s =>
        {
            s.Activity("work", async call =>
            {
                try
                {
                    await call.BeatUntilCancelledAsync();
                }
                catch (OperationCanceledException)
                {
                    return "finished all the same";
                }

                return null;
            });
            s.Flow("main", async w => await Workflow.ExecuteActivityAsync<string>("work", [], new()
            {
                StartToCloseTimeout = Long, HeartbeatTimeout = TimeSpan.FromSeconds(5), CancellationType = ActivityCancellationType.WaitCancellationCompleted,
            }));
            s.Work();
            WorkflowHandle run = await s.StartAsync("main");
            await s.WhenAsync(run, "the activity runs", d => d.PendingActivities.Any(a => a.HeartbeatDetails is not null));
            await run.CancelAsync();
            await s.EndAsync(run);
        }),
        Asynchronous("completed-by-token", async (s, token, _) => await s.NoteAsync("complete", () => token.CompleteAsync("from outside"))),
        Asynchronous("completed-by-id", async (s, _, id) => await s.NoteAsync("complete", () => id.CompleteAsync("from outside"))),
        Asynchronous("completed-twice", async (s, token, id) =>
        {
            await s.NoteAsync("first", () => token.CompleteAsync("first"));
            await s.NoteAsync("second by token", () => token.CompleteAsync("second"));
            await s.NoteAsync("second by id", () => id.CompleteAsync("second"));
            await s.NoteAsync("beat", () => token.HeartbeatAsync());
        }),
        Asynchronous("failed-by-token", async (s, token, _) =>
            await s.NoteAsync("fail", () => token.FailAsync(new ApplicationFailureException("outside", "Outside", nonRetryable: true)))),
        Asynchronous("failed-by-id-then-retried", async (s, _, id) =>
        {
            await s.NoteAsync("beat", () => id.HeartbeatAsync(new() { Details = ["half"] }));
            await s.NoteAsync("fail", () => id.FailAsync(new ApplicationFailureException("outside", "Outside")));
            await s.WhenAsync(s.Client.GetWorkflowHandle(s.Id("run")), "the second attempt runs", d =>
                d.PendingActivities.Any(a => a.State == PendingActivityState.Started && a.Attempt == 2));
            await s.NoteAsync("complete", () => id.CompleteAsync("second time"));
        }),
        Asynchronous("cancelled-from-outside", async (s, token, _) =>
        {
            WorkflowHandle run = s.Client.GetWorkflowHandle(s.Id("run"));
            await s.NoteAsync("beat", () => token.HeartbeatAsync());
            await s.NoteAsync("not asked to cancel", () => token.ReportCancellationAsync());
            await run.CancelAsync();
            await s.IdleAsync(run, EventType.ActivityTaskCancelRequested);
            await s.NoteAsync("beat", () => token.HeartbeatAsync());
            await s.NoteAsync("report", () => token.ReportCancellationAsync(new() { Details = ["why"] }));
        }),
        new("activity.answers-to-nobody", async s =>
        {
            await s.NoteAsync("no such run", () => s.Client.GetAsyncActivityHandle(s.Id("nobody"), Guid.NewGuid().ToString(), "1").CompleteAsync("x"));
            await s.NoteAsync("bad token", () => s.Client.GetAsyncActivityHandle([1, 2, 3]).CompleteAsync("x"));
            await s.NoteAsync("no token", () => s.Service.RespondActivityTaskCompletedAsync(new() { Namespace = "default" }));
        }),
        new("activity.poll-shows-everything", async s =>
        {
            WorkflowHandle run = await Raw.StartedAsync(s);
            await Raw.CompleteAsync(s, await Raw.PollAsync(s), Raw.Schedule(s, "a", a =>
            {
                a.Input = Raw.Several("in");
                a.HeartbeatTimeout = Raw.Seconds(5);
                a.RetryPolicy = new() { InitialInterval = Raw.Seconds(0.1), BackoffCoefficient = 1, NonRetryableErrorTypes = { "X" } };
                a.Header = new() { Fields = { ["h"] = Raw.Json(1) } };
            }));
            var task = await Raw.PollActivityAsync(s);
            s.NoteMessage("task", task);
            s.NoteMessage("beat", await s.Service.RecordActivityTaskHeartbeatAsync(new() { Namespace = "default", TaskToken = task.TaskToken, Details = Raw.Several("d"), Identity = "raw" }));
            await s.Service.RespondActivityTaskFailedAsync(new() { Namespace = "default", TaskToken = task.TaskToken, Failure = Raw.Failure("first"), Identity = "raw" });
            var second = await Raw.PollActivityAsync(s);
            s.NoteMessage("second", second);
            await s.NoteAsync("the first token", () => s.Service.RespondActivityTaskCompletedAsync(new() { Namespace = "default", TaskToken = task.TaskToken }));
            await s.Service.RespondActivityTaskCompletedAsync(new() { Namespace = "default", TaskToken = second.TaskToken, Result = Raw.Several("out"), Identity = "raw" });
            await Raw.CompleteAsync(s, await Raw.PollAsync(s), Raw.CompleteWorkflow("done"));
            await s.EndAsync(run);
        }),
    ];

    private static Scenario Cancelled(string name, ActivityCancellationType type) => new("activity.cancelled-" + name, async s =>
    {
        s.Activity("work", async call =>
        {
            await call.BeatUntilCancelledAsync();
            return null;
        });
        s.Flow("main", async w => await Workflow.ExecuteActivityAsync<string>("work", [], new()
        {
            StartToCloseTimeout = Long,
            HeartbeatTimeout = TimeSpan.FromSeconds(5),
            CancellationType = type,
        }));
        s.Work();
        WorkflowHandle run = await s.StartAsync("main");
        await s.WhenAsync(run, "the activity runs", d => d.PendingActivities.Any(a => a.HeartbeatDetails is not null));
        await run.CancelAsync();
        await s.EndAsync(run);
    });

    private static Scenario Asynchronous(string name, Func<Stage, AsyncActivityHandle, AsyncActivityHandle, Task> play) => new("async-activity." + name, async s =>
    {
        var token = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        s.Activity("work", call =>
        {
            token.TrySetResult(call.Context.Info.TaskToken);
            throw new CompleteAsyncException();
        });
        s.Flow("main", async w => await Workflow.ExecuteActivityAsync<string>("work", [], new()
        {
            StartToCloseTimeout = Long,
            HeartbeatTimeout = Long,
            ActivityId = "the-id",
            CancellationType = ActivityCancellationType.WaitCancellationCompleted,
            RetryPolicy = new() { InitialInterval = TimeSpan.FromMilliseconds(100) },
        }));
        s.Work();
        WorkflowHandle run = await s.StartAsync("main");
        byte[] taken = await token.Task;
        await s.IdleAsync(run);
        await play(s, s.Client.GetAsyncActivityHandle(taken), s.Client.GetAsyncActivityHandle(run.Id, run.ResultRunId!, "the-id"));
        await s.EndAsync(run);
    });
}
