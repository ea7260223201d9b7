namespace VirtEngine.DR.Signing;

/// <summary>The seal: before anybody is ended, every lower slot is filled in a majority, so that nobody below can be granted any more.</summary>
public static class Sealing
{
    /// <summary>
    /// The epoch to ask for: two above everything that is seen. The slot between is void by the seal, and so a machine that lost its fence
    /// (a disk rolled back or replaced) finds in any majority that somebody asked above its grant (docs/adr/0007-signer-interlock.md).
    /// </summary>
    public static long NextEpoch(RegisterView view) => view.HighestFilled + 2;

    /// <summary>Whether the seal below an epoch holds, and what to fill.</summary>
    public static SealDecision Decide(RegisterView view, long epoch)
    {
        var filled = Filled(view, epoch);
        return filled.Missing.Count == 0 && Holders.Below(view, epoch).FirstOrDefault(holder => holder.Epoch > epoch - 2) is { } near
            ? filled with { Missing = [$"{near.Machine} may hold epoch {near.Epoch}: ask for epoch {near.Epoch + 2} or a later one, so that a void stands between"] }
            : filled;
    }

    /// <summary>Whether everything below is filled in a majority: whatever counts there or ever will is seen from now on.</summary>
    /// <param name="view">The register.</param>
    /// <param name="epoch">The epoch to ask for.</param>
    /// <param name="from">What is below this is sealed by what stands there.</param>
    public static SealDecision Filled(RegisterView view, long epoch, long from = 1)
    {
        List<EmptySlot> empty = [];
        var missing = new List<string>();
        var whole = 0;
        foreach (var bucket in view.Buckets.Where(bucket => bucket.Reachable))
        {
            var before = empty.Count;
            for (var below = from; below < epoch; below++)
            {
                if (bucket.At(below) is null)
                {
                    empty.Add(new EmptySlot(bucket.Bucket, below));
                }
            }

            whole += empty.Count == before ? 1 : 0;
        }

        if (view.Members is null)
        {
            missing.Add("no majority of the buckets agrees on the register's members");
        }

        if (whole < view.Majority)
        {
            missing.Add($"the slots below epoch {epoch} are filled in {whole} of {view.Buckets.Count} buckets; {view.Majority} are needed");
        }

        return new SealDecision(empty, missing);
    }
}
