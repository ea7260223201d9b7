namespace VirtEngine.DR.Signing;

/// <summary>Whether a machine may record a grant that somebody says it has. It looks for itself.</summary>
public static class GrantRules
{
    /// <summary>Its object, byte for byte, in a majority of the present generation, and nobody above it.</summary>
    public static Decision MayRecord(MachineRecord record, RegisterView view, Slot asked, string machine)
    {
        var value = asked.Object;
        var missing = new List<string>(RecordRules.MayGrant(record, value.Epoch).Missing);
        if (value.Holder != machine)
        {
            missing.Add($"epoch {value.Epoch} names {value.Holder ?? "nobody"}, and this is {machine}");
        }

        if (record.Machine != machine)
        {
            missing.Add($"the record is of machine {record.Machine}, and this is {machine}: a cloned or moved disk is granted nothing; move its record away first");
        }

        if (record.Register != value.Register)
        {
            missing.Add($"the record is of register '{record.Register}' and the grant of '{value.Register}'");
        }

        if (!view.Answers)
        {
            missing.Add($"{view.Reachable} of {view.Buckets.Count} buckets answer; {view.Majority} are needed");
        }

        if (Counting.At(view, value.Epoch)?.Digest != asked.Digest)
        {
            missing.Add($"epoch {value.Epoch} is not held byte for byte by a majority");
        }

        if (view.Members is { } members && members.Generation != value.Generation)
        {
            missing.Add($"it was asked for in generation {value.Generation} of the register, which is {members.Generation} now: ask again");
        }

        missing.AddRange(Above(view, value.Epoch).Missing);
        return Decision.Of(missing);
    }

    /// <summary>
    /// Nobody asked above an epoch: no reachable bucket names a holder there, and no seal of a slot there can stand in a majority. A seal above is
    /// what is left of a fence on a disk that was rolled back.
    /// </summary>
    public static Decision Above(RegisterView view, long epoch)
    {
        var missing = new List<string>();
        for (var at = epoch + 1; at <= view.HighestFilled; at++)
        {
            if (view.Buckets.FirstOrDefault(bucket => bucket.At(at) is { IsHolder: true }) is { } named)
            {
                missing.Add($"bucket {named.Bucket} names {named.At(at)!.Object.Holder} at epoch {at}, above {epoch}");
            }
            else if (view.Buckets.Count(bucket => !bucket.Reachable || bucket.At(at) is not null) >= view.Majority)
            {
                missing.Add($"epoch {at} may be sealed, above {epoch}: somebody asked to end this holder. Ask for a new epoch for this machine");
            }
        }

        return Decision.Of(missing);
    }
}
