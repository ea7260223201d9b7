namespace VirtEngine.DR.Signing;

/// <summary>
/// Gives this host's machine another key, because the former one was lost or is known to somebody else. The next key lies beside the former one until
/// the register names it, and takes its place then: killed anywhere, it goes on with the same key when it is run again.
/// </summary>
/// <param name="host">This machine.</param>
/// <param name="register">The register.</param>
public sealed class MachineRekeying(SignerHost host, RegisterClient register)
{
    private SignerPaths Paths => host.Paths;

    /// <summary>Does it.</summary>
    /// <param name="reason">What became of the former key.</param>
    /// <param name="approvals">Who says so.</param>
    /// <param name="cancellationToken">Stops it; run again, it goes on.</param>
    public async Task<RekeyResult> RunAsync(string reason, IReadOnlyList<SlotApproval> approvals, CancellationToken cancellationToken)
    {
        if (await register.GenerationsAsync(host.Machine, cancellationToken).ConfigureAwait(false) is not { } former
            || await HoldsAsync(cancellationToken).ConfigureAwait(false) is not { } holds)
        {
            return new RekeyResult(EnrolmentEnd.Unreachable, 0, ["too few buckets of the register answer: nothing was changed"]);
        }

        var newest = former.Select(one => one.Generation).DefaultIfEmpty(0).Max();
        if (await DoneAsync(reason, approvals, cancellationToken).ConfigureAwait(false) is { } done)
        {
            return done;
        }

        using var key = MachineKey.OpenOrCreate(Paths.NextMachineKey);
        var next = new EnrolledMachine(host.Machine, MachineKey.Public(key), former.Count > 0 ? former[0].Node : "") { Rekey = new MachineRekey(newest + 1, reason, approvals) };
        if (former.FirstOrDefault(one => one.Generation == newest && one.Rekey is not null && one.PublicKey == next.PublicKey) is { } begun)
        {
            // A run that was stopped: decided then, and only completed now.
            next = begun;
        }
        else if (RekeyRules.MayReplace(next, former, holds, Recorded()) is { Allowed: false } refused)
        {
            return new RekeyResult(EnrolmentEnd.Refused, newest, refused.Missing);
        }

        if (await register.RekeyAsync(next, cancellationToken).ConfigureAwait(false) is { Allowed: false } undone)
        {
            return new RekeyResult(EnrolmentEnd.Unreachable, next.Generation, undone.Missing);
        }

        // The former key is refused by now; this host answers again from here on.
        File.Move(Paths.NextMachineKey, Paths.MachineKey, overwrite: true);
        DurableBytes.SyncFolder(Paths.Root);
        return new RekeyResult(EnrolmentEnd.Enrolled, next.Generation, []);
    }

    /// <summary>The very same was done before, and this host has that key.</summary>
    private async Task<RekeyResult?> DoneAsync(string reason, IReadOnlyList<SlotApproval> approvals, CancellationToken cancellationToken)
    {
        if (File.Exists(Paths.NextMachineKey) || !File.Exists(Paths.MachineKey)
            || await register.MachineAsync(host.Machine, cancellationToken).ConfigureAwait(false) is not { Rekey: { } last } now)
        {
            return null;
        }

        using var key = MachineKey.Open(Paths.MachineKey);
        return now.PublicKey == MachineKey.Public(key) && last.Reason == reason && last.Approvals.Select(one => one.By).ToHashSet().SetEquals(approvals.Select(one => one.By))
            ? new RekeyResult(EnrolmentEnd.Already, now.Generation, []) : null;
    }

    /// <summary>The epochs that are this machine's now; null where too few buckets answer.</summary>
    private async Task<IReadOnlyDictionary<SignerName, long>?> HoldsAsync(CancellationToken cancellationToken)
    {
        var holds = new Dictionary<SignerName, long>();
        if (await register.SignersAsync(cancellationToken).ConfigureAwait(false) is not { } signers)
        {
            return null;
        }

        foreach (var signer in signers)
        {
            var view = await register.ReadAsync(signer, cancellationToken).ConfigureAwait(false);
            if (!view.Answers)
            {
                return null;
            }

            if (Counting.Current(view)?.Object is { } current && current.Holder == host.Machine)
            {
                holds[signer] = current.Epoch;
            }
        }

        return holds;
    }

    /// <summary>The grants that are recorded on this host.</summary>
    /// <exception cref="InvalidDataException">A record is torn.</exception>
    private Dictionary<SignerName, long> Recorded() => Directory.EnumerateDirectories(Paths.Root)
        .SelectMany(Directory.EnumerateDirectories)
        .Select(folder => new RecordFile(Path.Combine(folder, Path.GetFileName(Paths.Record))).Read())
        .OfType<MachineRecord>().Where(record => record.Machine == host.Machine)
        .ToDictionary(record => record.Signer, record => record.Grant);
}
