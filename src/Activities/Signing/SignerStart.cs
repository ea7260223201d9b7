using VirtEngine.DR.Activities.Chain;
using VirtEngine.DR.Activities.Nodes;
using VirtEngine.DR.Contracts.Nodes;

namespace VirtEngine.DR.Activities.Signing;

/// <summary>How a node that may sign is started: through the gate of its key only.</summary>
internal static class SignerStart
{
    /// <summary>Why a start would not go through the gate of its key on this host; null where it goes through it.</summary>
    public static async Task<string?> ProblemAsync(NodeTarget target, NodeControls controls, IChainRpcFactory rpcs, CancellationToken token) =>
        SignerSite.TryOpen(target, known: null, rpcs, out var site, out _, out var why)
            ? await controls.For(target.Node).GateProblemAsync(target, site.Signer, token).ConfigureAwait(false)
            : why;
}
