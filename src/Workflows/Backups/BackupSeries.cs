using Temporalio.Exceptions;
using Temporalio.Workflows;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Locks;
using VirtEngine.DR.Workflows.Flow;

namespace VirtEngine.DR.Workflows.Backups;

/// <summary>Backs up one node or all of them, one after the other: one node's failure is no reason to leave out the next.</summary>
public sealed class BackupSeries(string workflow, string kind)
{
    private readonly StopRequest stop = new();
    private readonly Progress progress = new();
    private readonly StepKeys keys = new();
    private readonly List<BackupReceipt> receipts = [];
    private readonly List<string> failures = [];

    /// <summary>A run of a higher rank wants the node that is being backed up.</summary>
    public void Yield(LockHolder claimant) => stop.Yield(claimant);

    /// <summary>Backs up.</summary>
    /// <exception cref="ApplicationFailureException">Nothing was backed up; the message says why, node by node.</exception>
    public async Task<BackupOutcome> RunAsync(BackupInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        Progress.Introduce(workflow, input.Node);
        _ = stop.ListenAsync();
        var backup = new NodeBackup(workflow, kind, input, keys, stop, progress);
        Failure? last = null;
        foreach (var node in await NodesAsync(input))
        {
            stop.Clear();
            last = stop.Cancelled
                ? new(ErrorTypes.Locked, $"{node} was not backed up: cancelled in the Temporal UI.", "", true)
                : await BackUpAsync(backup, node) ?? last;
        }

        await Durable.UntilAsync(() => Workflow.AllHandlersFinished);
        return receipts.Count > 0 || last is null
            ? new(receipts, failures)
            : throw new ApplicationFailureException(string.Join("\n", failures), last.Type, nonRetryable: true);
    }

    private async Task<Failure?> BackUpAsync(NodeBackup backup, string node)
    {
        NodeSlice? slice = null;
        var known = failures.Count;
        Failure? failure = null;
        try
        {
            slice = await BackupCalls.NodeAsync(node);
            receipts.Add(await backup.RunAsync(slice, failures));
        }
        catch (FailureException e)
        {
            failure = Failure.From(e);
            failures.Add($"{node}: {failure.Message}");
        }

        progress.Say(node, failures.Count > known ? string.Join("; ", failures.Skip(known)) : "done");
        var missing = failure is null && receipts.Count > 0 ? receipts[^1].MissingRegions : [];
        if (slice is not null && (failures.Count > known || missing.Count > 0))
        {
            var texts = failures.Skip(known).Concat(missing.Select(m => $"{node}: not in {m}"));
            failures.AddRange(await Teller.TellAsync(workflow, node, slice, failure is null ? "warning" : "error", string.Join("; ", texts)));
        }

        return failure;
    }

    private async Task<IReadOnlyList<string>> NodesAsync(BackupInput input)
    {
        try
        {
            return await BackupCalls.NodesAsync(input.Node, kind);
        }
        catch (ActivityFailureException e)
        {
            var failure = Failure.From(e);
            throw new ApplicationFailureException(failure.Message, failure.Type, nonRetryable: true);
        }
    }
}
