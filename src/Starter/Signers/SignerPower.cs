using VirtEngine.DR.Activities.Signing;
using VirtEngine.DR.Contracts.Signers;
using VirtEngine.DR.Signing;

namespace VirtEngine.DR.Starter.Signers;

/// <summary>The power budget for people.</summary>
internal static class SignerPower
{
    /// <summary>What an act on this validator would be told now.</summary>
    public static async Task<PowerBudgetReport> LookAsync(SignerSetup setup, CancellationToken cancellationToken)
    {
        var signer = setup.Paths.Signer;
        var outcome = await setup.Budget().LookAsync(new(signer.Address, "", []), cancellationToken).ConfigureAwait(false);
        return PowerBudgets.Report(outcome, DateTimeOffset.UtcNow);
    }

    public static IEnumerable<string> Lines(PowerBudgetReport power)
    {
        yield return power.Verdict switch
        {
            PowerVerdict.Free => "power budget: free, this signer could be touched",
            PowerVerdict.NotNeeded => "power budget: this signer does not sign, touching it takes no power away",
            _ => "power budget: this signer may not be touched now",
        };
        foreach (var line in power.Reasons.Select(reason => "  - " + reason).Concat(power.InForce.Select(one => "  reserved, " + one)))
        {
            yield return line;
        }

        if (power.Verdict == PowerVerdict.Refused)
        {
            yield return $"  a run is let through by two people at its gate '{PowerRules.HaltApproval}', which names the halt";
        }
    }
}
