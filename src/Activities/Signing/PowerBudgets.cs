using VirtEngine.DR.Activities.Chain;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Signers;
using VirtEngine.DR.Signing;

namespace VirtEngine.DR.Activities.Signing;

/// <summary>Opens a chain's power budget, and says what it says.</summary>
public static class PowerBudgets
{
    /// <summary>A budget read a bucket at a time has more objects than a key has epochs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>The budget that an estate's signing section leads to.</summary>
    /// <exception cref="ArgumentException">The section names no register.</exception>
    public static PowerBudget Open(SigningSpec signing, string chain, IChainRpcFactory rpcs) => Open(
        signing.Register ?? throw new ArgumentException("the estate names no register: signing.register", nameof(signing)), signing.Buckets, signing.Rpcs, chain, rpcs);

    /// <summary>The budget that a gate's configuration leads to.</summary>
    public static PowerBudget Open(GateConfig config, string chain, IChainRpcFactory rpcs) => Open(config.Register, config.Buckets, config.Rpcs, chain, rpcs);

    /// <summary>A report.</summary>
    public static PowerBudgetReport Report(PowerOutcome outcome, DateTimeOffset at) => new(
        at, outcome.Decision.Verdict, outcome.Decision.Reasons, outcome.Decision.Halts, outcome.Slot, [.. outcome.InForce.Select(one => one.ToString())], Text(outcome))
    { Counted = outcome.Picture.Unknown.Count == 0 };

    private static PowerBudget Open(string register, IReadOnlyList<GateBucket> buckets, IReadOnlyList<GateRpc> rpcs, string chain, IChainRpcFactory factory) => new(
        register, new RegisterClient(register, [.. buckets.Select(RegisterBuckets.Open)], SignerRules.Instance, Patience), chain, new PowerWitnesses(rpcs, factory, TimeProvider.System), PowerRules.Instance);

    private static string Text(PowerOutcome outcome)
    {
        var verdict = outcome.Decision.Verdict switch
        {
            PowerVerdict.NotNeeded => "nothing to reserve",
            PowerVerdict.Free => outcome.Slot > 0 ? FormattableString.Invariant($"reserved, slot {outcome.Slot}") : "free",
            _ => "refused",
        };
        return $"{verdict}: {string.Join("; ", outcome.Decision.Reasons)}";
    }
}
