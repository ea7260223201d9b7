namespace VirtEngine.DR.Signing;

/// <summary>Who may hold the key below an epoch.</summary>
public static class Holders
{
    /// <summary>
    /// Everyone named in a slot below, by its holder or by <c>offlineAllowed</c>, except whose object can no longer reach a majority, and except
    /// pairs (machine, epoch) that the evidence of a counted later epoch retired.
    /// </summary>
    public static IReadOnlyList<PossibleHolder> Below(RegisterView view, long epoch)
    {
        var found = new List<PossibleHolder>();
        var retired = Retired(view, epoch);
        for (long at = 1; at < epoch; at++)
        {
            foreach (var slot in Distinct(view, at))
            {
                if (slot.Object.Kind == SlotKind.Lost)
                {
                    Add(found, retired, slot.Object.Candidates, at, "a lost slot names it");
                }
                else if (slot.IsHolder && Counting.Reach(view, at, slot.Digest) >= view.Majority)
                {
                    Add(found, retired, [slot.Object.Holder!], at, Counting.At(view, at) is null ? "its object may yet reach a majority" : "its object counts");
                    Add(found, retired, slot.Object.OfflineAllowed, at, "it may start without the register");
                }
            }
        }

        return found;
    }

    /// <summary>The ends that counted objects below an epoch carry.</summary>
    public static IReadOnlyList<EndEvidence> Retired(RegisterView view, long epoch)
    {
        List<EndEvidence>? found = null;
        for (long at = 1; at < epoch && at <= view.HighestFilled; at++)
        {
            if (Counting.At(view, at) is { IsHolder: true } slot && slot.Object.Evidence.Count > 0)
            {
                (found ??= []).AddRange(slot.Object.Evidence);
            }
        }

        return found ?? [];
    }

    private static IEnumerable<Slot> Distinct(RegisterView view, long epoch) =>
        view.Buckets.Select(bucket => bucket.At(epoch)).OfType<Slot>().DistinctBy(slot => slot.Digest);

    private static void Add(List<PossibleHolder> found, IReadOnlyList<EndEvidence> retired, IReadOnlyList<string> machines, long epoch, string why)
    {
        foreach (var machine in machines)
        {
            // Of the pair: an end below this epoch says nothing about it.
            if (!retired.Any(end => end.Machine == machine && end.Below > epoch) && !found.Exists(holder => holder.Machine == machine && holder.Epoch == epoch))
            {
                found.Add(new PossibleHolder(machine, epoch, why));
            }
        }
    }
}
