namespace VirtEngine.DR.Signing;

/// <summary>How a machine's record may change: upwards only.</summary>
public static class RecordRules
{
    /// <summary>A grant below the fence, or below an earlier grant, is late.</summary>
    public static Decision MayGrant(MachineRecord record, long epoch)
    {
        var missing = new List<string>();
        if (epoch < record.Fence)
        {
            missing.Add($"the grant of epoch {epoch} is late: this machine adopted fence {record.Fence}");
        }

        if (epoch < record.Grant)
        {
            missing.Add($"the grant of epoch {epoch} is late: epoch {record.Grant} is recorded");
        }

        return Decision.Of(missing);
    }

    /// <summary>The record after a fence.</summary>
    public static MachineRecord Fenced(MachineRecord record, long fence) =>
        record with { Fence = Math.Max(record.Fence, fence), Epoch = Math.Max(record.Epoch, fence) };

    /// <summary>The record after a grant that <see cref="GrantRules.MayRecord"/> allowed.</summary>
    /// <exception cref="InvalidOperationException">The grant is late: the record changed since it was looked at.</exception>
    public static MachineRecord Granted(MachineRecord record, Slot slot)
    {
        if (MayGrant(record, slot.Object.Epoch) is { Allowed: false } late)
        {
            throw new InvalidOperationException(string.Join("; ", late.Missing));
        }

        var value = slot.Object;
        return record with
        {
            Epoch = Math.Max(record.Epoch, value.Epoch),
            Grant = value.Epoch,
            GrantDigest = slot.Digest,
            Floor = Hrs.Max(record.Floor, value.Floor),

            // Not this boot: a disk that was rolled back may record its grant again, and its HRS file is old all the same.
            CheckedBoot = null,
            OfflineEpoch = value.Epoch,
            OfflineHolder = value.Holder,
            OfflineAllowed = value.OfflineAllowed,
        };
    }

    /// <summary>The record after a first start that <see cref="GateRules"/> allowed.</summary>
    public static MachineRecord Checked(MachineRecord record, string bootId) => record with { CheckedBoot = bootId };

    /// <summary>The record after a start that <see cref="OfflineRules"/> allowed: granted by the epoch that allows it offline, and checked in this boot by people.</summary>
    public static MachineRecord StartedOffline(MachineRecord record, string bootId) => record with
    {
        Epoch = Math.Max(record.Epoch, record.OfflineEpoch),
        Grant = Math.Max(record.Grant, record.OfflineEpoch),
        GrantDigest = record.OfflineEpoch > record.Grant ? null : record.GrantDigest,
        CheckedBoot = bootId,
    };

    /// <summary>What is wrong with writing one record over another; empty when every number stays or rises.</summary>
    public static IReadOnlyList<string> Lowered(MachineRecord before, MachineRecord after)
    {
        var wrong = new List<string>();
        if (before.Register != after.Register || before.Signer != after.Signer || before.Machine != after.Machine)
        {
            wrong.Add("register, signer and machine never change");
        }

        Check(wrong, "epoch", before.Epoch, after.Epoch);
        Check(wrong, "grant", before.Grant, after.Grant);
        Check(wrong, "fence", before.Fence, after.Fence);
        Check(wrong, "offline epoch", before.OfflineEpoch, after.OfflineEpoch);
        if (after.Floor < before.Floor)
        {
            wrong.Add($"the floor is {before.Floor} and would become {after.Floor}");
        }

        return wrong;
    }

    private static void Check(List<string> wrong, string what, long before, long after)
    {
        if (after < before)
        {
            wrong.Add($"the {what} is {before} and would become {after}");
        }
    }
}
