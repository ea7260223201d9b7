using System.Collections.Concurrent;
using Temporalio.Client;
using Temporalio.Exceptions;

namespace VirtEngine.DR.Embedded.Tests.Kills;

/// <summary>A client that starts runs one after another and does with each what an operator would, asking again whenever the engine was away.</summary>
public sealed class LoadDriver(ITemporalClient client, string queue, int number)
{
    private bool underWay;

    /// <summary>What was answered and is missing in the end; empty when all is well.</summary>
    public ConcurrentQueue<string> Losses { get; } = [];

    /// <summary>The runs that it saw through to their end.</summary>
    public ConcurrentQueue<WorkflowHandle> Ended { get; } = [];

    /// <summary>Calls that were answered.</summary>
    public int Answered { get; private set; }

    /// <summary>Calls that the engine's end cut off and that the SDK's own retries did not hide.</summary>
    public int CutOff { get; private set; }

    /// <summary>Whether it waits for an answer.</summary>
    public bool UnderWay => Volatile.Read(ref underWay);

    /// <summary>Works until it is told to stop, and finishes the run that it has begun.</summary>
    public async Task WorkAsync(CancellationToken stop)
    {
        for (int i = 0; !stop.IsCancellationRequested; i++)
        {
            await OneAsync(FormattableString.Invariant($"load-{number}-{i}")).ConfigureAwait(false);
        }
    }

    private async Task OneAsync(string id)
    {
        var options = new WorkflowOptions(id, queue) { IdConflictPolicy = Temporalio.Api.Enums.V1.WorkflowIdConflictPolicy.UseExisting };
        string started = (await AnsweredAsync(() => client.StartWorkflowAsync((LoadWorkflow w) => w.RunAsync(), options)).ConfigureAwait(false)).ResultRunId!;
        WorkflowHandle<LoadWorkflow> run = client.GetWorkflowHandle<LoadWorkflow>(id, started);
        await AnsweredAsync(async () =>
        {
            await run.SignalAsync(w => w.NoteAsync("signal of " + id)).ConfigureAwait(false);
            return true;
        }).ConfigureAwait(false);
        string stamp = await AnsweredAsync(() => run.ExecuteUpdateAsync(w => w.ChangeAsync("update of " + id), new("the-update"))).ConfigureAwait(false);
        LoadResult result = await AnsweredAsync(() => run.GetResultAsync<LoadResult>()).ConfigureAwait(false);
        if (!result.Signals.Contains("signal of " + id))
        {
            Losses.Enqueue($"{id}: an answered signal is missing");
        }

        if (result.Updates.Count != 1 || result.Updates[0] != $"update of {id}={stamp}")
        {
            Losses.Enqueue($"{id}: the update answered {stamp}, the run saw {string.Join(" and ", result.Updates)}");
        }

        Ended.Enqueue(run);
    }

    /// <summary>Asks until there is an answer; only what a dead engine causes is asked again.</summary>
    private async Task<T> AnsweredAsync<T>(Func<Task<T>> ask)
    {
        while (true)
        {
            try
            {
                Volatile.Write(ref underWay, true);
                T answer = await ask().ConfigureAwait(false);
                Volatile.Write(ref underWay, false);
                Answered++;
                return answer;
            }
            catch (RpcException e) when (e.Code is RpcException.StatusCode.Unavailable or RpcException.StatusCode.Cancelled or RpcException.StatusCode.Unknown or RpcException.StatusCode.DeadlineExceeded)
            {
                CutOff++;
                using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
                await pause.WaitForNextTickAsync().ConfigureAwait(false);
            }
        }
    }
}
