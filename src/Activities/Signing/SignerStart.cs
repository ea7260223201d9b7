using VirtEngine.DR.Activities.Chain;
using VirtEngine.DR.Activities.Nodes;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Signing;

namespace VirtEngine.DR.Activities.Signing;

/// <summary>How a node that may sign is started: through the gate of its key only, which stands before the node or before its tmkms.</summary>
internal static class SignerStart
{
    /// <summary>Why a start would not go through the gate of its key on this host; null where it goes through it.</summary>
    public static async Task<string?> ProblemAsync(NodeTarget target, NodeControls controls, IChainRpcFactory rpcs, CancellationToken token) =>
        !SignerSite.TryOpen(target, known: null, rpcs, out var site, out _, out var why) ? why
            : target.Node.Signer is { Format: HrsFormat.Tmkms } ? await RemoteSigner.ProblemAsync(target, controls, site.Signer, token).ConfigureAwait(false)
            : await controls.For(target.Node).GateProblemAsync(target, site.Signer, token).ConfigureAwait(false);

    /// <summary>Starts what signs for the node and is not the node; nothing where the node signs itself.</summary>
    public static async Task BeforeNodeAsync(NodeTarget target, NodeControls controls, IFence fence, CancellationToken token)
    {
        if (RemoteSigner.Of(target) is { } remote)
        {
            await RemoteSigner.StartAsync(remote, Name(target), controls, fence, token).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Stops what signs on this host: tmkms where there is one, else the node. A node is left alone when its tmkms goes: it signs nothing, and one that waits for
    /// its tmkms takes minutes to hear a SIGTERM.
    /// </summary>
    public static async Task StopAsync(NodeTarget target, NodeControls controls, IFence fence, CancellationToken token)
    {
        var signer = RemoteSigner.Of(target) ?? target;
        var control = controls.For(signer.Node);
        var now = await control.ObserveAsync(signer, token).ConfigureAwait(false);
        await (now.Hung ? control.EndHungAsync(signer, fence, token) : control.StopAsync(signer, fence, token)).ConfigureAwait(false);
    }

    /// <summary>That the node runs without what signs for it; null where that runs, or the node signs itself.</summary>
    public static async Task<string?> MissingAsync(NodeTarget target, NodeControls controls, CancellationToken token) =>
        RemoteSigner.Of(target) is { } remote && !await RemoteSigner.RunsAsync(remote, Name(target), controls, token).ConfigureAwait(false)
            ? $"its tmkms does not run: '{target.Node.Name}' signs nothing, and stands still while it waits for it"
            : null;

    private static SignerName Name(NodeTarget target) => new(target.Chain.Id, target.Node.Signer!.Address!);
}
