namespace VirtEngine.DR.Signing;

/// <summary>What is missing for a grant.</summary>
public static class AskRules
{
    /// <summary>Everything that is missing before the asker may put its object; empty: put it.</summary>
    public static Decision Missing(AskObservation seen, ISignerRules rules)
    {
        var missing = new List<string>(rules.Seal(seen.Sealed, seen.Epoch).Missing);
        if (!Counting.Known(seen.Sealed) && !seen.Enrolment)
        {
            missing.Add("this address is Unknown to the register: it grants nothing before it is enrolled");
        }

        if (seen.Sealed.Members is null || seen.Generation != seen.Sealed.Members.Generation)
        {
            missing.Add("the register's members changed since the seal: begin again");
        }

        foreach (var holder in rules.PossibleHolders(seen.Sealed, seen.Epoch))
        {
            var about = seen.Ends.Where(end => end.Machine == holder.Machine).ToList();
            if (!about.Exists(end => rules.Ended(holder, seen.Epoch, end, seen.Nonce).Allowed))
            {
                missing.AddRange(rules.Ended(holder, seen.Epoch, about.LastOrDefault(), seen.Nonce).Missing);
            }
        }

        missing.AddRange(seen.Floor.Missing);
        missing.AddRange(seen.Silence.Missing);
        return Decision.Of([.. missing.Distinct(StringComparer.Ordinal)]);
    }
}
