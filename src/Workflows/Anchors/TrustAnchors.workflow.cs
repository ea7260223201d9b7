using System.Globalization;
using Temporalio.Exceptions;
using Temporalio.Workflows;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Workflows.Backups;
using VirtEngine.DR.Workflows.Flow;

namespace VirtEngine.DR.Workflows.Anchors;

/// <summary>
/// Keeps a height and hash that at least three RPCs agree on, signed on a node's host, in every region's bucket. What is not agreed on, not signed or kept nowhere is a
/// failure that people are told of; a region that has it not, and an RPC that says something else, are told too.
/// </summary>
[Workflow(WorkflowTypes.TrustAnchors)]
public sealed class TrustAnchorsWorkflow
{
    private readonly Progress progress = new();
    private readonly List<string> problems = [];

    /// <summary>Agrees, signs, keeps.</summary>
    /// <exception cref="ApplicationFailureException">There is no anchor, or it is kept nowhere; the message says why.</exception>
    [WorkflowRun]
    public async Task<AnchorOutcome> RunAsync(AnchorInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        Progress.Introduce(WorkflowTypes.TrustAnchors, input.Node);
        var slices = await SlicesAsync(input.Node);
        try
        {
            var anchor = await AnchorCalls.AgreeAsync(slices[0]);
            progress.Say("chain", string.Create(CultureInfo.InvariantCulture, $"block {anchor.Height} is {anchor.Hash}: {string.Join(", ", anchor.Agreed)}"));
            problems.AddRange(anchor.Disagree.Select(one => FormattableString.Invariant($"at block {anchor.Height} {one}, while {string.Join(", ", anchor.Agreed)} say {anchor.Hash}")));
            var (signed, slice) = await SignAsync(slices, anchor);
            var kept = await KeepAsync(slice, signed);
            if (problems.Count > 0)
            {
                problems.AddRange(await Teller.TellAsync(WorkflowTypes.TrustAnchors, slice.Target.Node.Name, slice, "error", string.Join("; ", problems)));
            }

            return new(anchor, signed.KeyId, kept, problems);
        }
        catch (FailureException e) when (e is ActivityFailureException or ApplicationFailureException)
        {
            var failure = Failure.From(e);
            var unheard = await Teller.TellAsync(
                WorkflowTypes.TrustAnchors, slices[0].Target.Node.Name, slices[0], "critical", "no trust anchor was kept: " + failure.Message);
            progress.Say("chain", failure.Message);
            throw new ApplicationFailureException(string.Join("\n", [failure.Message, .. unheard]), failure.Type, nonRetryable: true);
        }
    }

    /// <summary>The nodes whose hosts may sign, in the estate's order.</summary>
    private async Task<IReadOnlyList<NodeSlice>> SlicesAsync(string? node)
    {
        var slices = new List<NodeSlice>();
        foreach (var name in await BackupCalls.NodesAsync(node, BackupKinds.ChainState))
        {
            slices.Add(await BackupCalls.NodeAsync(name));
        }

        return slices.Count > 0 ? slices : throw new ApplicationFailureException(
            "no node of the estate backs up chain state: no host has the key that signs a trust anchor", ErrorTypes.NotConfigured, nonRetryable: true);
    }

    /// <summary>The first host that answers and has the key; a host that sees another block ends it.</summary>
    private async Task<(SignedAnchor Signed, NodeSlice Slice)> SignAsync(IReadOnlyList<NodeSlice> slices, TrustAnchor anchor)
    {
        var failed = new List<string>();
        foreach (var slice in slices)
        {
            var name = slice.Target.Node.Name;
            try
            {
                var signed = await AnchorCalls.SignAsync(slice, anchor);
                progress.Say(name, "signed by " + signed.KeyId);
                return (signed, slice);
            }
            catch (ActivityFailureException e)
            {
                var failure = Failure.From(e);
                if (failure.Type == ErrorTypes.Untrusted)
                {
                    throw;
                }

                failed.Add($"{name}: {failure.Message}");
            }
        }

        throw new ApplicationFailureException("no host signed the trust anchor: " + string.Join("; ", failed), ErrorTypes.Unavailable, nonRetryable: true);
    }

    private async Task<IReadOnlyList<AnchorReceipt>> KeepAsync(NodeSlice slice, SignedAnchor signed)
    {
        var kept = new List<AnchorReceipt>();
        foreach (var bucket in slice.Buckets)
        {
            try
            {
                kept.Add(await AnchorCalls.KeepAsync(new(slice, bucket, signed)));
                progress.Say("bucket " + bucket.Region, "kept and read back");
            }
            catch (ActivityFailureException e)
            {
                problems.Add($"{bucket.Region} does not have the trust anchor: {Failure.From(e).Message}");
                progress.Say("bucket " + bucket.Region, problems[^1]);
            }
        }

        return kept.Count > 0 ? kept : throw new ApplicationFailureException(
            string.Join("; ", problems.DefaultIfEmpty("the estate names no bucket to keep a trust anchor in")), ErrorTypes.Unavailable, nonRetryable: true);
    }
}
