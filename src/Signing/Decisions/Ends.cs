namespace VirtEngine.DR.Signing;

/// <summary>Which evidence ends a holder.</summary>
public static class Ends
{
    /// <summary>Whether the evidence shows that the holder can never again sign by a grant below the epoch.</summary>
    /// <param name="holder">The possible holder.</param>
    /// <param name="epoch">The epoch that is asked for.</param>
    /// <param name="evidence">What is known; null when nothing is.</param>
    /// <param name="nonce">The asker's nonce, which an answer must carry; null where the evidence is read from the register.</param>
    public static Decision Judge(PossibleHolder holder, long epoch, EndEvidence? evidence, string? nonce)
    {
        var who = $"{holder.Machine} (epoch {holder.Epoch})";
        if (evidence is null)
        {
            return Decision.No($"{who} is not ended: let its gate adopt fence {epoch}, or show that its access to the key can never come back");
        }

        var missing = new List<string>();
        if (evidence.Machine != holder.Machine)
        {
            missing.Add($"the evidence is about {evidence.Machine} and not about {holder.Machine}");
        }

        if (evidence.Below < epoch)
        {
            missing.Add($"{who} is ended below epoch {evidence.Below} only; {epoch} is asked for");
        }

        missing.AddRange(evidence.Kind switch
        {
            EndKind.FenceAdopted => Fence(who, epoch, evidence, nonce),
            EndKind.VolumeFenced when evidence.Fence < epoch => [$"the fence in {holder.Machine}'s volume is {evidence.Fence}; {epoch} is needed"],
            EndKind.DestroyedInCustody when evidence.Approvals.Select(approval => approval.By).Distinct(StringComparer.Ordinal).Count() < 2 =>
                [$"that {who} is destroyed and in custody needs two people's word"],
            EndKind.PoweredOff => [$"{who} is said to be off: it may come on again, and that is no end"],
            EndKind.Unreachable => [$"{who} does not answer: it may sign all the same, and that is no end"],
            EndKind.KeyDisabled => [$"the key that {who} uses is disabled: the new holder will enable it, and that is no end"],
            EndKind.FenceAdopted or EndKind.VolumeFenced => [],
            _ when evidence.Proof.Count == 0 => [$"the end of {who} ({evidence.Kind}) names nothing that shows it"],
            _ => [],
        });
        return Decision.Of(missing);
    }

    private static IEnumerable<string> Fence(string who, long epoch, EndEvidence evidence, string? nonce)
    {
        if (evidence.Fence < epoch)
        {
            yield return $"{who} adopted fence {evidence.Fence}; {epoch} is needed";
        }

        if (!evidence.Signed)
        {
            yield return $"the answer of {who} is not signed with its enrolled key";
        }

        if (nonce is not null && evidence.Nonce != nonce)
        {
            yield return $"the answer of {who} carries another nonce: it answers another question";
        }

        if (evidence.BootId is null or "")
        {
            yield return $"the answer of {who} names no boot";
        }
    }
}
