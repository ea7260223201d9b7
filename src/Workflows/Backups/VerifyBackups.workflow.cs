using Temporalio.Exceptions;
using Temporalio.Workflows;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Workflows.Flow;

namespace VirtEngine.DR.Workflows.Backups;

/// <summary>Climbs the verification ladder: rungs 1 to 3 in every region, rung 4 by a node that is started on the restored data.</summary>
[Workflow(WorkflowTypes.VerifyBackups)]
public sealed class VerifyBackupsWorkflow
{
    private const int HighestControlRung = 3;

    private readonly Progress progress = new();
    private readonly List<VerificationReport> verified = [];
    private readonly List<string> failures = [];

    /// <summary>Verifies.</summary>
    /// <exception cref="ApplicationFailureException">The input is wrong, or nothing could be verified.</exception>
    [WorkflowRun]
    public async Task<VerifyOutcome> RunAsync(VerifyInput input)
    {
        UpkeepInput.Check(input);
        Progress.Introduce(WorkflowTypes.VerifyBackups, input.Node);
        foreach (var node in await BackupCalls.NodesAsync(input.Node, input.Kind))
        {
            var known = failures.Count;
            var slice = await VerifyNodeAsync(input, node);
            progress.Say(node, failures.Count > known ? string.Join("; ", failures.Skip(known)) : "verified");
            if (slice is not null && failures.Count > known)
            {
                failures.AddRange(await Teller.TellAsync(WorkflowTypes.VerifyBackups, node, slice, "error", string.Join("; ", failures.Skip(known))));
            }
        }

        return verified.Count > 0 || failures.Count == 0
            ? new(verified, failures)
            : throw new ApplicationFailureException(string.Join("\n", failures), ErrorTypes.Untrusted, nonRetryable: true);
    }

    private async Task<NodeSlice?> VerifyNodeAsync(VerifyInput input, string node)
    {
        NodeSlice? slice = null;
        BackupChoice choice;
        try
        {
            slice = await BackupCalls.NodeAsync(node);
            choice = await BackupCalls.ChooseAsync(new(slice, input.Kind, input.Backup ?? "newest", null));
        }
        catch (ActivityFailureException e)
        {
            failures.Add($"{node}: {Failure.From(e).Message}");
            return slice;
        }

        failures.AddRange(choice.Unreachable.Select(u => $"{node}: {u}"));
        var buckets = slice.Buckets.Where(b => choice.Regions.Contains(b.Region)).ToArray();
        var proven = false;
        foreach (var bucket in buckets)
        {
            progress.Say(node, "verifies in " + bucket.Region);
            var rung = Math.Min(input.Rung, HighestControlRung);
            var passed = await TryAsync(node, bucket, rung, () => BackupCalls.VerifyAsync(new(slice, choice.Backup, bucket, rung)));
            if (passed && !proven && input.Rung > HighestControlRung && input.Kind == BackupKinds.ChainState)
            {
                progress.Say(node, "proves by a started node, from " + bucket.Region);
                proven = await TryAsync(node, bucket, input.Rung, () => BackupCalls.ProveAsync(new(slice, choice.Backup, bucket, input.Rung)));
            }
        }

        return slice;
    }

    private async Task<bool> TryAsync(string node, BucketSpec bucket, int rung, Func<Task<VerificationReport>> verify)
    {
        try
        {
            verified.Add(await verify());
            return true;
        }
        catch (ActivityFailureException e)
        {
            failures.Add(FormattableString.Invariant($"{node}: rung {rung} in {bucket.Region} failed: {Failure.From(e).Message}"));
            return false;
        }
    }
}
