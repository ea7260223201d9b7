using System.Collections.Concurrent;
using System.Diagnostics;
using Temporalio.Activities;
using Temporalio.Workflows;

namespace VirtEngine.DR.Bench.Engine;

/// <summary>One activity; and a second kind that waits for updates. The moment of the first task is noted, in this process's clock.</summary>
[Workflow("Bench")]
public sealed class BenchWorkflow
{
    private bool end;
    private int updates;

    /// <summary>When the first task of a run was begun, by workflow id.</summary>
    public static ConcurrentDictionary<string, long> Begun { get; } = new();

    /// <summary>Runs it.</summary>
    [WorkflowRun]
    public async Task<string> RunAsync(bool wait)
    {
        Begun.TryAdd(Workflow.Info.WorkflowId, Stopwatch.GetTimestamp());
        if (wait)
        {
            await Workflow.WaitConditionAsync(() => end);
            return "updates: " + updates;
        }

        return await Workflow.ExecuteActivityAsync(() => Echo("hello"), new() { StartToCloseTimeout = TimeSpan.FromSeconds(30) });
    }

    /// <summary>Update: counts.</summary>
    [WorkflowUpdate]
    public Task<int> AddAsync() => Task.FromResult(++updates);

    /// <summary>Signal: ends the run.</summary>
    [WorkflowSignal]
    public Task EndAsync()
    {
        end = true;
        return Task.CompletedTask;
    }

    /// <summary>Activity: answers what it is given.</summary>
    [Activity]
    public static string Echo(string text) => text;
}
