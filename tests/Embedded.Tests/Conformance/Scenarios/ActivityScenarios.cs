using Temporalio.Api.Enums.V1;
using Temporalio.Client;
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace VirtEngine.DR.Embedded.Tests.Conformance;

/// <summary>Activities: results, retries, the four timeouts, heartbeats.</summary>
public static class ActivityScenarios
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    /// <summary>The scenarios.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        Case("activity.completes", call => Task.FromResult<object?>("done in " + call.Attempt), () => new() { StartToCloseTimeout = Long, Summary = "the work" }),
        Case("activity.all-timeouts-set", _ => Task.FromResult<object?>(null), () => new()
        {
            StartToCloseTimeout = TimeSpan.FromSeconds(5),
            ScheduleToStartTimeout = TimeSpan.FromSeconds(6),
            ScheduleToCloseTimeout = TimeSpan.FromSeconds(20),
            HeartbeatTimeout = TimeSpan.FromSeconds(4),
            ActivityId = "my-id",
        }),
        Case("activity.timeouts-are-bounded-by-each-other", _ => Task.FromResult<object?>(null), () => new()
        {
            StartToCloseTimeout = TimeSpan.FromSeconds(50),
            ScheduleToCloseTimeout = TimeSpan.FromSeconds(20),
            HeartbeatTimeout = TimeSpan.FromSeconds(60),
        }),
        Case("activity.retried-until-it-works", call => call.Attempt < 3 ? throw new ApplicationFailureException($"attempt {call.Attempt}", "Again") : Task.FromResult<object?>("third"), () => new()
        {
            StartToCloseTimeout = Long, RetryPolicy = new() { InitialInterval = TimeSpan.FromMilliseconds(100) },
        }),
        Case("activity.maximum-attempts", call => throw new ApplicationFailureException($"attempt {call.Attempt}", "Again"), () => new()
        {
            StartToCloseTimeout = Long, RetryPolicy = new() { InitialInterval = TimeSpan.FromMilliseconds(100), MaximumAttempts = 2 },
        }),
        Case("activity.non-retryable-failure", _ => throw new ApplicationFailureException("no", "No", nonRetryable: true, details: ["d"]), () => new() { StartToCloseTimeout = Long }),
        Case("activity.non-retryable-type", _ => throw new ApplicationFailureException("no", "Fatal"), () => new()
        {
            StartToCloseTimeout = Long, RetryPolicy = new() { NonRetryableErrorTypes = ["Other", "Fatal"] },
        }),
        Case("activity.next-retry-delay", call => call.Attempt == 1
            ? throw new ApplicationFailureException("soon", "Soon", nextRetryDelay: TimeSpan.FromMilliseconds(200)) : Task.FromResult<object?>("second"), () => new()
            {
                StartToCloseTimeout = Long, RetryPolicy = new() { InitialInterval = TimeSpan.FromHours(1) },
            }),
        Case("activity.retry-would-pass-schedule-to-close", _ => throw new ApplicationFailureException("no", "No"), () => new()
        {
            ScheduleToCloseTimeout = TimeSpan.FromSeconds(3), RetryPolicy = new() { InitialInterval = TimeSpan.FromSeconds(20) },
        }),
        Case("activity.start-to-close-timeout", Hang, () => new() { StartToCloseTimeout = TimeSpan.FromSeconds(1), RetryPolicy = new() { MaximumAttempts = 1 } }),
        Case("activity.start-to-close-timeout-is-retried", call => call.Attempt == 1 ? Hang(call) : Task.FromResult<object?>("second"), () => new()
        {
            StartToCloseTimeout = TimeSpan.FromSeconds(1), RetryPolicy = new() { InitialInterval = TimeSpan.FromMilliseconds(100) },
        }),
        Case("activity.schedule-to-close-timeout", Hang, () => new() { ScheduleToCloseTimeout = TimeSpan.FromSeconds(1) }),
        Case("activity.schedule-to-start-timeout", _ => Task.FromResult<object?>(null), () => new()
        {
            ScheduleToStartTimeout = TimeSpan.FromSeconds(1), StartToCloseTimeout = Long, TaskQueue = "a-queue-that-nobody-reads",
        }),
        Case("activity.heartbeat-timeout", async call =>
        {
            call.Context.Heartbeat("last words");
            return await Hang(call);
        }, () => new() { StartToCloseTimeout = Long, HeartbeatTimeout = TimeSpan.FromSeconds(1), RetryPolicy = new() { MaximumAttempts = 1 } }),
        Case("activity.heartbeat-details-reach-the-next-attempt", async call =>
        {
            if (call.Attempt == 1)
            {
                call.Context.Heartbeat("got", 7);
                throw new ApplicationFailureException("half way");
            }

            return await call.Context.Info.HeartbeatDetailAtAsync<string>(0) + await call.Context.Info.HeartbeatDetailAtAsync<int>(1);
        }, () => new() { StartToCloseTimeout = Long, HeartbeatTimeout = TimeSpan.FromSeconds(10), RetryPolicy = new() { InitialInterval = TimeSpan.FromMilliseconds(100) } }),
        new("activity.unregistered-type", async s =>
        {
            s.Flow("main", async w => await Workflow.ExecuteActivityAsync<string>("nobody knows", [], new() { StartToCloseTimeout = Long, RetryPolicy = new() { MaximumAttempts = 1 } }));
            s.Work();
            await s.NoteAsync("result", async () =>
            {
                try
                {
                    await (await s.StartAsync("main")).GetResultAsync();
                }
                catch (WorkflowFailedException e)
                {
                    throw e.InnerException!;
                }
            });
        }),
        new("activity.several-at-once", async s =>
        {
            s.Activity("work", call => Task.FromResult<object?>(call.Argument<int>() * 2));
            s.Flow("main", async w =>
            {
                int[] all = await Workflow.WhenAllAsync(Enumerable.Range(1, 5).Select(i => Workflow.ExecuteActivityAsync<int>("work", [i], new() { StartToCloseTimeout = Long })));
                return all.Sum();
            });
            s.Work();
            WorkflowHandle run = await s.StartAsync("main");
            await s.NoteResultAsync(run);

            // In which order they end is nobody's promise; what was scheduled is.
            s.Note("scheduled", (await run.FetchHistoryAsync()).Events.Count(e => e.EventType == EventType.ActivityTaskScheduled));
        }),
        new("activity.describe-while-retrying", async s =>
        {
            s.Activity("work", call =>
            {
                call.Context.Heartbeat("so far");
                throw new ApplicationFailureException("not yet", "NotYet");
            });
            s.Flow("main", async w => await Workflow.ExecuteActivityAsync<string>("work", [], new()
            {
                StartToCloseTimeout = Long, HeartbeatTimeout = Long, RetryPolicy = new() { InitialInterval = TimeSpan.FromHours(1), MaximumInterval = TimeSpan.FromHours(2) }, Summary = "a summary",
            }));
            s.Work();
            WorkflowHandle run = await s.StartAsync("main");
            var seen = await s.WhenAsync(run, "the activity waits", d => d.PendingActivities.Any(a => a.State == PendingActivityState.Scheduled && a.Attempt == 2));
            s.NoteMessage("describe", seen);
            await s.RecordAsync(run);
            await run.TerminateAsync();
        }),
        new("activity.describe-while-running", async s =>
        {
            s.Activity("work", async call =>
            {
                call.Context.Heartbeat("so far");
                return await Hang(call);
            });
            s.Flow("main", async w => await Workflow.ExecuteActivityAsync<string>("work", [], new() { StartToCloseTimeout = Long, HeartbeatTimeout = TimeSpan.FromSeconds(5) }));
            s.Work();
            WorkflowHandle run = await s.StartAsync("main");
            var seen = await s.WhenAsync(run, "the activity runs", d => d.PendingActivities.Any(a => a.State == PendingActivityState.Started && a.HeartbeatDetails is not null));
            s.NoteMessage("describe", seen);
            await s.RecordAsync(run);
            await run.TerminateAsync();
        }),
        new("activity.by-another-queue", async s =>
        {
            s.Activity("work", _ => Task.FromResult<object?>("elsewhere"));
            s.Flow("main", async w => await Workflow.ExecuteActivityAsync<string>("work", [], new() { StartToCloseTimeout = Long, TaskQueue = w.Argument<string>() }));
            s.Work(o => o.MaxConcurrentActivities = 1);
            s.Work(o => o.TaskQueue = s.Id("elsewhere"));
            await s.EndAsync(await s.StartAsync("main", s.Id("elsewhere")));
        }),
    ];

    private static async Task<object?> Hang(ScriptedCall call)
    {
        await call.UntilCancelledAsync();
        return null;
    }

    private static Scenario Case(string name, Func<ScriptedCall, Task<object?>> activity, Func<ActivityOptions> options) => new(name, async s =>
    {
        s.Activity("work", activity);
        s.Flow("main", async w => await Workflow.ExecuteActivityAsync<string>("work", ["input"], options()));
        s.Work();
        await s.EndAsync(await s.StartAsync("main"));
    });
}
