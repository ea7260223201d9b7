using VirtEngine.DR.Contracts.Recovery;

namespace VirtEngine.DR.Workflows.Corruption;

/// <summary>What a plan tells people who have nothing but the plan: what to do, what to prove, who comes when.</summary>
public static class RecoveryPlanText
{
    /// <summary>Puts the words into a plan.</summary>
    public static RecoveryPlan With(RecoveryPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return plan with { Steps = Steps(plan), Proofs = Proofs(plan), Order = Order(plan) };
    }

    /// <summary>The voting power of all.</summary>
    public static long Total(RecoveryPlan plan) => (plan ?? throw new ArgumentNullException(nameof(plan))).Validators.Sum(one => one.Power);

    /// <summary>The power of others that must be back before ours start: with ours more than two thirds, and at least somebody's.</summary>
    public static long Enough(RecoveryPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var others = plan.Validators.Where(one => one.Node is null).Sum(one => one.Power);
        var ours = Total(plan) - others;
        return Math.Min(others, Math.Max(Math.Min(1, others), (Total(plan) * 2 / 3) + 1 - ours));
    }

    private static IReadOnlyList<string> Steps(RecoveryPlan plan) =>
    [
        "Stop the node, and the remote signer where there is one. Leave data/priv_validator_state.json (and a remote signer's state file) as it is from here to the end: never reset it, never put an older one back. Never run unsafe-reset-all.",
        "Copy the data folder, the WAL, the signing state and the logs aside.",
        $"Install version {plan.Version}{(plan.Binaries.Count > 0 ? ": " + string.Join("; ", plan.Binaries) : "")}. Check its SHA-256 before it runs.",
        FormattableString.Invariant($"Bring the state back to height {plan.Height}. Where it stands at {plan.Height + 1}: the node's own command rollback, once and without --hard, for the blocks stay and are executed again. Where it stands higher: restore a backup at or below {plan.Height}. Where it stands at or below {plan.Height}: nothing."),
        "Leave double_sign_check_height at 0: validators that all have it and start together never come back.",
        "Start the node with the new version, on one machine only.",
    ];

    private static IReadOnlyList<string> Proofs(RecoveryPlan plan) =>
    [
        FormattableString.Invariant($"The app hash after height {plan.Height} is {plan.AppHash} (RPC /abci_info where the node stands there, else app_hash of the header {plan.Height + 1})."),
        $"/abci_info says version {plan.Version}.",
        FormattableString.Invariant($"Its vote at height {plan.Height + 1} or above, younger than {plan.MadeAt:u}, is seen by others; or tell the run {plan.Run}, with the consensus address."),
    ];

    private static IReadOnlyList<string> Order(RecoveryPlan plan) =>
    [
        "Full nodes and sentries first, then validators, in any order among themselves.",
        FormattableString.Invariant($"The chain goes on when more than two thirds of {Total(plan)} are back: {(Total(plan) * 2 / 3) + 1}."),
        FormattableString.Invariant($"{string.Join(", ", plan.Validators.Where(one => one.Node is not null).Select(one => one.Node).DefaultIfEmpty("none of the validators"))} of the estate of {plan.Signer} start when {Enough(plan)} of others' power are seen or said to be back, at the latest asked again at {plan.Deadline:u}."),
    ];
}
