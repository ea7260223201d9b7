using Temporalio.Activities;
using VirtEngine.DR.Activities.Chain;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Activities.Signing;
using VirtEngine.DR.Backups;
using VirtEngine.DR.Backups.Restoring;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Nodes;

namespace VirtEngine.DR.Activities.Nodes;

/// <summary>Observes, stops and starts a node on its own host.</summary>
public sealed class NodeActivities(NodeControls controls, IChainRpcFactory rpcs) : INodeActivities
{
    /// <inheritdoc/>
    [Activity("node.observe")]
    public Task<NodeObservation> ObserveAsync(NodeTarget target) => ActivityScope.HeartbeatingAsync(token => LookAsync(target, token));

    /// <inheritdoc/>
    [Activity("node.stop")]
    public Task<NodeObservation> StopAsync(NodeAct act) => ActivityScope.HeartbeatingAsync(async token =>
    {
        using var fence = await HomeFence.AcquireAsync(NodeHome.Of(act.Target.Node), act.Key, token).ConfigureAwait(false);
        var control = controls.For(act.Target.Node);
        await (act.EndsHung ? control.EndHungAsync(act.Target, fence, token) : control.StopAsync(act.Target, fence, token)).ConfigureAwait(false);
        return await LookAsync(act.Target, token).ConfigureAwait(false);
    });

    /// <inheritdoc/>
    [Activity("node.start")]
    public Task<NodeObservation> StartAsync(NodeAct act) => ActivityScope.HeartbeatingAsync(async token =>
    {
        var node = act.Target.Node;
        await RefuseSignerAsync(act.Target, token).ConfigureAwait(false);
        using var fence = await HomeFence.AcquireAsync(NodeHome.Of(node), act.Key, token).ConfigureAwait(false);

        // Again under the lock: a key may have been put there in between.
        await RefuseSignerAsync(act.Target, token).ConfigureAwait(false);
        if (await DataSwap.PendingAsync(node.Home, token).ConfigureAwait(false) is { } pending)
        {
            throw Failures.Permanent(ErrorTypes.Conflict, $"a swap of backup {pending} in the home of '{node.Name}' is not finished: finish it or swap it back before the node starts");
        }

        await SignerStart.BeforeNodeAsync(act.Target, controls, fence, token).ConfigureAwait(false);
        await controls.For(node).StartAsync(act.Target, fence, token).ConfigureAwait(false);
        return await LookAsync(act.Target, token).ConfigureAwait(false);
    });

    /// <summary>A node that may sign is started through its gate only: the gate decides whether this machine may.</summary>
    private async Task RefuseSignerAsync(NodeTarget target, CancellationToken token)
    {
        var reason = ConsensusKeys.WhyItMaySign(target.Node, NodeHome.Of(target.Node));
        if (target.Node.Kind != Contracts.Estates.NodeKind.Validator && reason is null)
        {
            return;
        }

        if (await SignerStart.ProblemAsync(target, controls, rpcs, token).ConfigureAwait(false) is { } problem)
        {
            throw Failures.Permanent(
                ErrorTypes.Forbidden,
                $"'{target.Node.Name}' may sign blocks ({reason ?? "it is a validator"}) and is not started without the signer interlock: {problem}. Enrol it (virtengine-dr signer enrol), or prove that no other copy of its key runs and start it yourself");
        }
    }

    private async Task<NodeObservation> LookAsync(NodeTarget target, CancellationToken token)
    {
        var node = target.Node;
        var home = NodeHome.Of(node);
        var unknowns = new List<string>();
        if (home.Problem is { } problem)
        {
            unknowns.Add(problem);
        }

        var process = await controls.For(node).ObserveAsync(target, token).ConfigureAwait(false);
        unknowns.AddRange(process.Notes);
        var signState = SignState.Read(home.SigningState, out var signProblem);
        if (signProblem is not null)
        {
            unknowns.Add(signProblem);
        }

        var unsigned = await SignerStart.MissingAsync(target, controls, token).ConfigureAwait(false);
        var (bytes, databases) = DataFolder.Measure(home.Data);
        var (height, cutOff) = await AskAsync(target, process.State, unknowns, token).ConfigureAwait(false);
        return new NodeObservation
        {
            At = DateTimeOffset.UtcNow,
            Process = process.State,
            Hung = process.Hung,
            Pid = process.Pid,
            DataPresent = databases > 0,
            DataBytes = bytes,
            FreeBytes = DataFolder.FreeBytes(home.Path),
            SignState = signState,
            HoldsConsensusKey = ConsensusKeys.WhyItMaySign(node, home) is not null,
            BinaryVersion = await new NodeBinary(target.Chain.Commands).VersionAsync(home.Path, unknowns, token).ConfigureAwait(false),
            Height = height,
            RestoredFrom = Restored(home, unknowns),
            MissingFromHome = Homes.Missing(node, home),
            HomeEmpty = Homes.IsEmpty(node, home),
            Symptoms =
            [
                .. LogSymptoms.Read(await LogAsync(target, unknowns, token).ConfigureAwait(false)),
                .. unsigned is null ? Array.Empty<Symptom>() : [new(Symptoms.SignerGone, unsigned)],
                .. cutOff is null ? Array.Empty<Symptom>() : [new(Symptoms.PeersCut, cutOff)],
            ],
            NodeId = NodeIdOf(home, unknowns),
            Unknowns = unknowns,
        };
    }

    private static string? Restored(NodeHome home, List<string> unknowns)
    {
        try
        {
            return DurableFile.ReadJson<RestoredRecord>(RestoredRecord.PathIn(home))?.Digest;
        }
        catch (InvalidDataException e)
        {
            unknowns.Add(e.Message);
            return null;
        }
    }

    private static string? NodeIdOf(NodeHome home, List<string> unknowns)
    {
        try
        {
            return NodeKeyFile.IdOf(Path.Combine(home.Path, home.Layout.NodeKeyFile));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or BackupException)
        {
            unknowns.Add($"node key: {e.Message}");
            return null;
        }
    }

    private async Task<string?> LogAsync(NodeTarget target, List<string> unknowns, CancellationToken token)
    {
        const int Bytes = 256 << 10;
        try
        {
            return await controls.For(target.Node).LogAsync(target, Bytes, token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or Temporalio.Exceptions.ApplicationFailureException)
        {
            unknowns.Add($"log: {e.Message}");
            return null;
        }
    }

    /// <summary>Its height by its own RPC; and where it has no peers or no recent block, whether its peers can be reached at all.</summary>
    private async Task<(long? Height, string? CutOff)> AskAsync(NodeTarget target, ProcessState state, List<string> unknowns, CancellationToken token)
    {
        if (target.Node.Rpc is not { } url || state != ProcessState.Running)
        {
            return (null, null);
        }

        var what = "height";
        try
        {
            var rpc = rpcs.Create(new Uri(url));
            var status = await rpc.StatusAsync(token).ConfigureAwait(false);
            what = "peers";
            var troubled = DateTimeOffset.UtcNow - status.BlockTime > target.Chain.MaxBlockAge || await rpc.PeersAsync(token).ConfigureAwait(false) == 0;
            return (status.Height, troubled ? await PeerDial.NoneReachedAsync(NodeHome.Of(target.Node), token).ConfigureAwait(false) : null);
        }
        catch (Exception e) when (e is ChainRpcException or IOException or UnauthorizedAccessException or InvalidDataException or Tomlyn.TomlException)
        {
            unknowns.Add($"{what}: {e.Message}");
            return (null, null);
        }
    }
}
