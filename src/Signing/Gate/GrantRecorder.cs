namespace VirtEngine.DR.Signing;

/// <summary>Records a grant on the machine that it names, after the machine's own look at the register, and raises its HRS file to the floor.</summary>
/// <param name="host">The host.</param>
/// <param name="register">The register.</param>
public sealed class GrantRecorder(SignerHost host, RegisterClient register)
{
    /// <summary>Does it; doing it twice changes nothing.</summary>
    /// <param name="epoch">The epoch that is said to be granted.</param>
    /// <param name="cancellationToken">Stops it; what is recorded stays.</param>
    public async Task<Decision> RecordAsync(long epoch, CancellationToken cancellationToken)
    {
        var view = await register.ReadAsync(host.Paths.Signer, cancellationToken).ConfigureAwait(false);
        if (view.Members is null || Counting.At(view, epoch) is not { IsHolder: true } slot)
        {
            return Decision.No($"epoch {epoch} is not held byte for byte by a majority ({view.Reachable} of {view.Buckets.Count} buckets answer)");
        }

        using var held = HostLock.TryTake(host.Paths.Lock, inherited: false);
        if (held is null)
        {
            return Decision.No("a signer of this key runs here: its HRS file is raised only while it is stopped");
        }

        var none = new MachineRecord { Register = view.Members.Register, Signer = host.Paths.Signer, Machine = host.Machine };
        if (host.Rules.MayRecordGrant(host.Record.Read() ?? none, view, slot, host.Machine) is { Allowed: false } refused)
        {
            return refused;
        }

        // The floor first: a kill in between leaves a higher HRS file and no grant.
        var floor = slot.Object.Floor;
        host.Hrs.Raise(floor, slot.Object.Evidence.FirstOrDefault(end => end.LastSigned == floor && end is { Signed: true, Vote: not null })?.Vote);
        host.Record.Update(now => (now ?? none) is var present && present.GrantDigest == slot.Digest ? present : RecordRules.Granted(present, slot));
        return Decision.Yes;
    }
}
