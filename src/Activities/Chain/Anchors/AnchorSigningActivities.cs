using Temporalio.Activities;
using VirtEngine.DR.Activities.Backups;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Backups.Signing;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Chain;

namespace VirtEngine.DR.Activities.Chain.Anchors;

/// <summary>Signs anchors with the key that signs this host's manifests.</summary>
/// <param name="rpcs">Opens RPCs: a host signs what it sees itself.</param>
public sealed class AnchorSigningActivities(IChainRpcFactory rpcs) : IAnchorSigningActivities
{
    /// <inheritdoc/>
    [Activity("anchors.sign")]
    public Task<SignedAnchor> SignAsync(AnchorSigning command) => ActivityScope.HeartbeatingAsync(token => BackupFailures.GuardAsync(async () =>
    {
        var (slice, asked) = (command.Slice, command.Anchor);
        ActivityScope.RequireNodeQueue(slice.Target.Node.Name);
        if (asked.ChainId != slice.Target.Chain.Id)
        {
            throw Failures.Permanent(ErrorTypes.Untrusted, $"an anchor of chain '{asked.ChainId}' is not signed here: the estate's chain is '{slice.Target.Chain.Id}'");
        }

        using var signer = RepositoryAccess.Signer(slice, AnchorRules.Kind);

        // What a control worker hands over is not enough for a signature: the host looks for itself, with the same demands.
        var all = AnchorRules.Everybody(slice);
        var seen = await new AnchorAgreement(rpcs, AnchorRules.Query(slice, all) with { Height = asked.Height }).AskAsync(token).ConfigureAwait(false);
        if (seen.Hash != asked.Hash || seen.BlockTime != asked.BlockTime)
        {
            throw Failures.Permanent(ErrorTypes.Untrusted, $"block {asked.Height} is {seen.Hash} as seen from the host of {slice.Target.Node.Name}, and {asked.Hash} as the control worker says: not signed");
        }

        var body = AnchorFiles.Write(asked with { Signer = slice.Target.Node.Name });
        return new SignedAnchor(body, await DocumentSignature.SignAsync(signer, body, token).ConfigureAwait(false), signer.KeyId);
    }));
}
