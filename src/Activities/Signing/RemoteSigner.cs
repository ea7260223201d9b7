using VirtEngine.DR.Activities.Chain;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Activities.Nodes;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Signing;

namespace VirtEngine.DR.Activities.Signing;

/// <summary>
/// The process that signs for a node and is not the node: tmkms on the node's own host, which is the holder. It has a control of its own in the
/// estate, and starts through its key's gate as a node with a key file does.
/// </summary>
internal static class RemoteSigner
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Its process, as the controls see one: its folder is that of its state file; null where the node itself signs, or the estate does not say how it is started.</summary>
    public static NodeTarget? Of(NodeTarget target) => target.Node.Signer is { Format: HrsFormat.Tmkms, Control: { } control, HrsFile: { } file }
        ? target with { Node = target.Node with { Home = Path.GetDirectoryName(file)!, Control = control, Extras = [], Rpc = null } }
        : null;

    /// <summary>Why a start of the node would not have tmkms, and tmkms alone, sign through the gate; null where it would.</summary>
    public static async Task<string?> ProblemAsync(NodeTarget target, NodeControls controls, SignerName signer, CancellationToken token)
    {
        if (Of(target) is not { } remote)
        {
            return "its key is in tmkms, and the estate does not say how tmkms is started: nodes[].signer.control";
        }

        var home = NodeHome.Of(target.Node);
        if (HeldInHome(target, signer) is { } held)
        {
            return held;
        }

        return ConsensusKeys.RemoteSigner(home) is null
            ? $"config.toml of '{target.Node.Name}' names no priv_validator_laddr: the node would sign with a key of its own and never hear tmkms"
            : await controls.For(remote.Node).GateProblemAsync(remote, signer, token).ConfigureAwait(false);
    }

    /// <summary>Starts it unless it runs, whoever started it, and waits until its gate has let it go.</summary>
    public static async Task StartAsync(NodeTarget remote, SignerName signer, NodeControls controls, IFence fence, CancellationToken token)
    {
        var control = controls.For(remote.Node);
        if (await RunsAsync(remote, signer, controls, token).ConfigureAwait(false))
        {
            return;
        }

        NodeHome.Of(remote.Node).EnsurePrivate();
        await control.StartAsync(remote, fence, token).ConfigureAwait(false);
        for (var deadline = DateTime.UtcNow + Patience; DateTime.UtcNow < deadline; await Task.Delay(Poll, token).ConfigureAwait(false))
        {
            var log = await control.LogAsync(remote, 4096, token).ConfigureAwait(false);
            if (log is null || log.Contains("signer starts:", StringComparison.Ordinal))
            {
                return;
            }

            if ((await control.ObserveAsync(remote, token).ConfigureAwait(false)).State == ProcessState.Stopped)
            {
                throw Failures.Permanent(ErrorTypes.Unavailable, $"the signer of '{remote.Node.Name}' ended at once, and the node is not started without it: {log}");
            }
        }
    }

    /// <summary>Whether it runs, started by the engine or by hand: then its lock is held.</summary>
    public static async Task<bool> RunsAsync(NodeTarget remote, SignerName signer, NodeControls controls, CancellationToken token)
    {
        if ((await controls.For(remote.Node).ObserveAsync(remote, token).ConfigureAwait(false)).State != ProcessState.Stopped)
        {
            return true;
        }

        var file = SignerSite.PathsOf(signer).Lock;
        using var held = File.Exists(file) ? HostLock.TryTake(file, inherited: false) : null;
        return held is null && File.Exists(file);
    }

    /// <summary>A node whose configuration forgets tmkms would sign with the key in its home, beside it.</summary>
    private static string? HeldInHome(NodeTarget target, SignerName signer)
    {
        try
        {
            return SignerHome.HeldAddress(target.Node) == signer.Address
                ? $"the home of '{target.Node.Name}' holds the very key that tmkms signs with: a node that is not told of tmkms would sign beside it. Move the key file away (the node makes another one for itself)"
                : null;
        }
        catch (InvalidDataException e)
        {
            return e.Message;
        }
    }
}
