namespace VirtEngine.DR.Signing;

/// <summary>Which slots count.</summary>
public static class Counting
{
    /// <summary>What a majority holds at an epoch, byte for byte; null when nothing is seen to count. Lost slots never do.</summary>
    public static Slot? At(RegisterView view, long epoch)
    {
        foreach (var bucket in view.Buckets)
        {
            if (bucket.At(epoch) is { } slot && slot.Object.Kind != SlotKind.Lost && Copies(view, epoch, slot.Digest) >= view.Majority)
            {
                return slot;
            }
        }

        return null;
    }

    /// <summary>The highest epoch whose holder is seen to count; null when none is.</summary>
    public static Slot? Current(RegisterView view, long below = long.MaxValue)
    {
        for (var epoch = Math.Min(view.HighestFilled, below - 1); epoch > 0; epoch--)
        {
            if (At(view, epoch) is { IsHolder: true } slot)
            {
                return slot;
            }
        }

        return null;
    }

    /// <summary>
    /// The address was enrolled: a holder is seen to count, or a repair could not tell whether one did. Its object may have counted in a bucket that is lost now; whoever
    /// may hold the key is named by the lost slot, and is ended like every other before anything is granted.
    /// </summary>
    public static bool Known(RegisterView view) => Current(view) is not null
        || view.Buckets.Any(bucket => bucket.Slots?.Values.Any(slot => slot.Object is { Kind: SlotKind.Lost, Candidates.Count: > 0 }) == true);

    /// <summary>In how many buckets it could stand now or later: where it stands, where the slot is empty or lost, and where nobody could look.</summary>
    public static int Reach(RegisterView view, long epoch, string digest) =>
        view.Buckets.Count(bucket => bucket.At(epoch) is not { } slot || slot.Object.Kind == SlotKind.Lost || slot.Digest == digest);

    private static int Copies(RegisterView view, long epoch, string digest) => view.Buckets.Count(bucket => bucket.At(epoch)?.Digest == digest);
}
