namespace VirtEngine.DR.Signing;

/// <summary>Break glass: a start without the register. The challenge is made once and used once; the decision is <see cref="OfflineRules"/>'.</summary>
/// <param name="host">The host.</param>
/// <param name="register">The register: a majority that answers forbids it.</param>
/// <param name="witnesses">The chain.</param>
public sealed class OfflineStart(SignerHost host, RegisterClient register, IChainWitnesses witnesses)
{
    /// <summary>Where the challenge waits for its signatures.</summary>
    public string File { get; } = Path.Combine(host.Paths.Folder, "offline-challenge.json");

    /// <summary>The challenge that two people sign: the one that waits, while boot and epoch are its own, else a new one.</summary>
    public OfflineChallenge Challenge()
    {
        if (Waiting() is { } waiting)
        {
            return waiting;
        }

        var challenge = new OfflineChallenge(host.Paths.Signer.Chain, host.Paths.Signer.Address, host.Machine, host.BootId, Epoch(), Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(host.Paths.Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        DurableBytes.Write(File, challenge.Bytes(), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return challenge;
    }

    /// <summary>The challenge that waits; null when there is none for this boot, machine and epoch.</summary>
    public OfflineChallenge? Waiting()
    {
        try
        {
            var found = OfflineChallenge.Read(System.IO.File.ReadAllBytes(File));
            return found with { Nonce = "" } == new OfflineChallenge(host.Paths.Signer.Chain, host.Paths.Signer.Address, host.Machine, host.BootId, Epoch(), "") ? found : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or InvalidDataException)
        {
            // A torn or foreign one is replaced: it is nobody's permission.
            return null;
        }
    }

    /// <summary>Decides; a yes uses the challenge up, records the start, and holds the lock that the signer inherits.</summary>
    /// <param name="signedBy">Whose signatures of the waiting challenge were verified.</param>
    /// <param name="ownDisk">Typed: this disk is the machine's own, never rolled back or cloned.</param>
    /// <param name="nobodyElse">Typed: nobody was granted the key since.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<(Decision Decision, HostLock? Lock)> DecideAsync(IReadOnlyList<string> signedBy, bool ownDisk, bool nobodyElse, CancellationToken cancellationToken)
    {
        var held = HostLock.TryTake(host.Paths.Lock, inherited: true);
        try
        {
            var decision = await DecideAsync(held is not null, signedBy, ownDisk, nobodyElse, cancellationToken).ConfigureAwait(false);
            if (decision.Allowed)
            {
                return (decision, held);
            }

            held?.Dispose();
            return (decision, null);
        }
        catch
        {
            held?.Dispose();
            throw;
        }
    }

    private async Task<Decision> DecideAsync(bool locked, IReadOnlyList<string> signedBy, bool ownDisk, bool nobodyElse, CancellationToken cancellationToken)
    {
        var record = host.Record.Read();
        var (hrs, problem) = host.ReadHrs();
        var view = register.ReadAsync(host.Paths.Signer, cancellationToken);
        var rpcs = witnesses.LookAsync(host.Paths.Signer, hrs?.Height ?? 0, cancellationToken);
        var decision = host.Rules.Offline(new OfflineObservation
        {
            Gate = new GateObservation
            {
                Record = record,
                Machine = host.Machine,
                BootId = host.BootId,
                LockHeld = locked,
                LastSigned = hrs,
                HrsProblem = problem,
                Alarm = host.Alarms.Refusal(),
                View = await view.ConfigureAwait(false),
                Rpcs = await rpcs.ConfigureAwait(false),
            },
            OfflineKeys = signedBy,
            ConfirmedOwnDisk = ownDisk,
            ConfirmedNobodyElse = nobodyElse,
        });
        if (!decision.Allowed)
        {
            return decision;
        }

        // Used up first: a kill from here on costs two signatures and starts nothing.
        System.IO.File.Delete(File);
        DurableBytes.SyncFolder(host.Paths.Folder);
        var after = host.Record.Update(now => now == record || (now is not null && now.Grant == record!.Grant && now.Fence == record.Fence && now.OfflineEpoch == record.OfflineEpoch)
            ? RecordRules.StartedOffline(now!, host.BootId) : now!);
        return after.CheckedBoot == host.BootId && after.Fence <= after.Grant ? decision
            : Decision.No($"the record changed meanwhile: grant {after.Grant}, fence {after.Fence}");
    }

    private long Epoch() => host.Record.Read()?.OfflineEpoch ?? 0;
}
