using Temporalio.Activities;
using VirtEngine.DR.Activities.Backups;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Backups.Signing;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Recovery;

namespace VirtEngine.DR.Activities.Chain.Recovery;

/// <summary>Signs plans with the key that signs this host's manifests.</summary>
/// <param name="rpcs">Opens RPCs: a host signs what it sees itself.</param>
public sealed class RecoveryPlanSigningActivities(IChainRpcFactory rpcs) : IRecoveryPlanSigningActivities
{
    /// <inheritdoc/>
    [Activity("recovery-plan.sign")]
    public Task<SignedPlan> SignAsync(PlanSigning command) => ActivityScope.HeartbeatingAsync(token => BackupFailures.GuardAsync(async () =>
    {
        var (slice, plan) = (command.Slice, command.Plan);
        ActivityScope.RequireNodeQueue(slice.Target.Node.Name);
        if (plan.ChainId != slice.Target.Chain.Id || plan.Signer != slice.Target.Node.Name)
        {
            throw Failures.Permanent(ErrorTypes.Untrusted, $"a plan of chain '{plan.ChainId}' that '{plan.Signer}' is to sign is not signed by '{slice.Target.Node.Name}' of '{slice.Target.Chain.Id}'");
        }

        var body = RecoveryPlanBytes.Write(plan);
        if (RecoveryPlanBytes.Digest(body) != command.Digest)
        {
            throw Failures.Permanent(ErrorTypes.Untrusted, $"the plan's digest is {RecoveryPlanBytes.Digest(body)} on this host, and {command.Digest} was approved: not signed");
        }

        using var signer = RepositoryAccess.Signer(slice, RecoveryPlan.Kind);

        // What a control worker hands over is not enough for a signature: the host looks for itself.
        var seen = await new PlanWitness(rpcs, new(plan.ChainId, slice.References, plan.Height)).AskAsync(token).ConfigureAwait(false);
        return seen.AppHash == plan.AppHash
            ? new SignedPlan(body, await DocumentSignature.SignAsync(signer, body, token).ConfigureAwait(false), signer.KeyId)
            : throw Failures.Permanent(ErrorTypes.Untrusted, FormattableString.Invariant($"the app hash after height {plan.Height} is {seen.AppHash} as seen from the host of {slice.Target.Node.Name}, and {plan.AppHash} in the plan: not signed"));
    }));
}
