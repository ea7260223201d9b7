namespace VirtEngine.DR.Signing;

/// <summary>When a machine gets another key, because the former one was lost or is known to somebody else.</summary>
public static class RekeyRules
{
    /// <summary>How many people say that this host is that machine: whoever has its key answers for its fences.</summary>
    public const int People = 2;

    /// <summary>What speaks against it.</summary>
    /// <param name="next">The machine with its next key.</param>
    /// <param name="former">Every generation that a bucket shows, oldest first.</param>
    /// <param name="holds">The epochs that count for this machine now, by signer.</param>
    /// <param name="recorded">The epochs whose grant is recorded on this host.</param>
    public static Decision MayReplace(EnrolledMachine next, IReadOnlyList<EnrolledMachine> former, IReadOnlyDictionary<SignerName, long> holds, IReadOnlyDictionary<SignerName, long> recorded)
    {
        var missing = new List<string>();
        var people = (next.Rekey?.Approvals ?? []).Select(approval => approval.By.Trim()).Where(name => name.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase).Count();
        if (people < People)
        {
            missing.Add($"two people say that this host is {next.Machine} and what became of its key; {people} did");
        }

        if (string.IsNullOrWhiteSpace(next.Rekey?.Reason))
        {
            missing.Add("what became of the former key is not said");
        }

        if (former.Count == 0)
        {
            missing.Add($"machine {next.Machine} has no key in the register that could be replaced: enrol it");
        }

        if (former.Any(one => one.PublicKey == next.PublicKey))
        {
            missing.Add("this key was the machine's before: a key that was replaced never comes back, make another one");
        }

        // A host that only says that it is this machine (a clone, a board with the same number) has not what was granted to it.
        missing.AddRange(holds.Where(one => recorded.GetValueOrDefault(one.Key) != one.Value).Select(one => FormattableString.Invariant(
            $"epoch {one.Value} of {one.Key} is this machine's, and this host has no record of it: it is not that machine, or lost its disk. Let the key move to another machine instead (docs/signing.md)")));
        return Decision.Of(missing);
    }
}
