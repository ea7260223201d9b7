using Temporalio.Workflows;

namespace VirtEngine.DR.Embedded.Tests.Kills;

/// <summary>Load for an engine that is killed: activities, a timer, a signal and an update; what it returns says what reached it.</summary>
[Workflow("Load")]
public sealed class LoadWorkflow
{
    private static readonly ActivityOptions Options = new()
    {
        StartToCloseTimeout = TimeSpan.FromSeconds(5),
        RetryPolicy = new() { InitialInterval = TimeSpan.FromMilliseconds(50), BackoffCoefficient = 1 },
    };

    private readonly List<string> signals = [];
    private readonly List<string> updates = [];

    /// <summary>Runs it.</summary>
    [WorkflowRun]
    public async Task<LoadResult> RunAsync()
    {
        string first = await Workflow.ExecuteActivityAsync((LoadActivities a) => a.Stamp(), Options);
        await Workflow.DelayAsync(TimeSpan.FromMilliseconds(100));
        await Workflow.WaitConditionAsync(() => signals.Count > 0 && updates.Count > 0);
        string second = await Workflow.ExecuteActivityAsync((LoadActivities a) => a.Stamp(), Options);
        return new([first, second], [.. signals], [.. updates]);
    }

    /// <summary>Signal: noted.</summary>
    [WorkflowSignal]
    public Task NoteAsync(string text)
    {
        signals.Add(text);
        return Task.CompletedTask;
    }

    /// <summary>Update: noted, after an activity; answers its stamp.</summary>
    [WorkflowUpdate]
    public async Task<string> ChangeAsync(string text)
    {
        string stamp = await Workflow.ExecuteActivityAsync((LoadActivities a) => a.Stamp(), Options);
        updates.Add($"{text}={stamp}");
        return stamp;
    }
}
