using System.Security.Cryptography;

namespace VirtEngine.DR.Signing;

/// <summary>Writes the fence into the record on another machine's volume, which is mounted here: that machine will never start its signer by a grant below it.</summary>
/// <param name="here">This host; its machine is enrolled and vouches for what it wrote.</param>
/// <param name="register">The register.</param>
/// <param name="volume">Where the volume's record of the key lies.</param>
public sealed class VolumeFence(SignerHost here, RegisterClient register, SignerPaths volume)
{
    /// <summary>Does it; doing it twice raises the fence again and says so anew.</summary>
    /// <param name="serial">The serial number of the disk that is mounted: the volume must be the machine's own, and not a copy of it.</param>
    /// <param name="hrs">The HRS file on the volume; null where it is not on it.</param>
    /// <param name="by">Who does it.</param>
    /// <param name="key">This machine's key.</param>
    /// <param name="cancellationToken">Stops it; a written fence stays.</param>
    public async Task<(EndStatement? Statement, Decision Decision)> WriteAsync(string serial, HrsFile? hrs, string by, ECDsa key, CancellationToken cancellationToken)
    {
        var view = await register.ReadAsync(here.Paths.Signer, cancellationToken).ConfigureAwait(false);
        var enrolled = await register.MachineAsync(here.Machine, cancellationToken).ConfigureAwait(false);
        var file = new RecordFile(volume.Record);
        var record = file.Read();
        if (Missing(view, record, serial, enrolled?.PublicKey == MachineKey.Public(key)) is { Count: > 0 } missing)
        {
            return (null, new Decision(missing));
        }

        using var held = HostLock.TryTake(volume.Lock, inherited: false);
        if (held is null)
        {
            return (null, Decision.No($"a process of this host holds '{volume.Lock}': a signer runs on that volume here"));
        }

        // Not the seal's epoch but the one that comes after it: whoever asks next asks for this one.
        var fence = here.Rules.NextEpoch(view);
        file.Update(now => RecordRules.Fenced(now ?? record!, fence));
        var written = file.Read()!;
        return (new EndStatement
        {
            Signer = here.Paths.Signer,
            Register = written.Register,
            Machine = written.Machine,
            Below = written.Fence,
            Kind = EndKind.VolumeFenced,
            Fence = written.Fence,
            LastSigned = hrs?.Read(),
            Proof = [$"fence {written.Fence} in {volume.Record} on the disk with serial number {serial}"],
            By = by,
            Witness = here.Machine,
        }.Sign(key), Decision.Yes);
    }

    private List<string> Missing(RegisterView view, MachineRecord? record, string serial, bool enrolled)
    {
        var missing = new List<string>();
        if (!view.Answers)
        {
            missing.Add($"{view.Reachable} of {view.Buckets.Count} buckets answer; {view.Majority} are needed");
        }

        if (!enrolled)
        {
            missing.Add($"this machine ({here.Machine}) is not enrolled with the key that lies here: virtengine-dr signer enrol --standby; its word would be nobody's");
        }

        if (record is null)
        {
            missing.Add($"'{volume.Record}' does not exist: this volume keeps no record of {here.Paths.Signer} (is it mounted? is --signers right?)");
            return missing;
        }

        if (record.Signer != here.Paths.Signer || record.Register != view.Members?.Register)
        {
            missing.Add($"the record on the volume is of {record.Signer} in register '{record.Register}', and not of {here.Paths.Signer} in '{view.Members?.Register}'");
        }

        if (record.Machine == here.Machine)
        {
            missing.Add($"the record on the volume is this machine's own ({here.Machine}): its gate adopts fences, by a run");
        }

        if (!record.Machine.EndsWith("/" + serial, StringComparison.Ordinal))
        {
            missing.Add($"the record on the volume is of {record.Machine}, and the mounted disk's serial number is {serial}: a copy or a snapshot ends nobody, mount the machine's own volume");
        }

        return missing;
    }
}
