using Temporalio.Client;
using Temporalio.Exceptions;
using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Tests.Kit;

/// <summary>A run as an operator sees it.</summary>
public sealed class Run(WorkflowHandle handle)
{
    public WorkflowHandle Handle => handle;

    public string Id => handle.Id;

    public Task<RunState> StateAsync() => handle.QueryAsync<RunState>(Verbs.State, []);

    /// <summary>Waits until the state satisfies.</summary>
    public Task<RunState> WhenAsync(Func<RunState, bool> satisfied, TimeSpan? within = null) =>
        Eventually.GetAsync(StateAsync, satisfied, within, s => $"{s.Phase}: {s.Headline}\n{string.Join('\n', s.Journal.Select(j => $"{j.Event}: {j.Text}"))}");

    /// <summary>Waits for a phase.</summary>
    public Task<RunState> WhenAsync(RunPhase phase) => WhenAsync(s => s.Phase == phase);

    /// <summary>Sends a verb as an update.</summary>
    public Task<VerbReply> DoAsync(string verb, VerbMessage message) => handle.ExecuteUpdateAsync<VerbReply>(verb, [message]);

    /// <summary>Sends a verb as an update by bob.</summary>
    public Task<VerbReply> DoAsync(string verb) => DoAsync(verb, new() { By = "bob" });

    /// <summary>Sends a verb as a signal.</summary>
    public Task SignalAsync(string verb, VerbMessage message) => handle.SignalAsync(verb, [message]);

    /// <summary>Waits for the open gate and approves it.</summary>
    public async Task<VerbReply> ApproveAsync(string by = "bob")
    {
        var state = await WhenAsync(s => s.Gates.Any(g => g.Open));
        return await DoAsync(Verbs.Approve, new() { By = by, Gate = state.Gates.First(g => g.Open).Name, Digest = state.Plan!.Digest });
    }

    /// <summary>Waits for the open gate and approves it by its own digest.</summary>
    public async Task<VerbReply> ApproveGateAsync(string by)
    {
        var gate = (await WhenAsync(s => s.Gates.Any(g => g.Open))).Gates.First(g => g.Open);
        return await DoAsync(Verbs.Approve, new() { By = by, Gate = gate.Name, Digest = gate.Digest });
    }

    /// <summary>Asks for an abort and confirms its unwinding plan.</summary>
    public async Task AbortAsync()
    {
        await DoAsync(Verbs.Abort);
        var state = await WhenAsync(s => s.Unwinding is not null || s.Phase == RunPhase.Closed);
        if (state.Phase != RunPhase.Closed)
        {
            await DoAsync(Verbs.Abort, new() { By = "bob", Digest = state.Unwinding!.Digest[..8] });
        }
    }

    /// <summary>The last state.</summary>
    public Task<RunState> ResultAsync() => handle.GetResultAsync<RunState>().WaitAsync(TimeSpan.FromSeconds(60));

    /// <summary>The failure that the workflow ended with.</summary>
    public async Task<ApplicationFailureException?> FailureAsync()
    {
        try
        {
            await handle.GetResultAsync<RunState>().WaitAsync(TimeSpan.FromSeconds(60));
            return null;
        }
        catch (WorkflowFailedException e)
        {
            return e.InnerException as ApplicationFailureException;
        }
    }
}
