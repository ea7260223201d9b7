namespace VirtEngine.DR.Signing;

/// <summary>What the gate decided.</summary>
/// <param name="Decision">The decision.</param>
/// <param name="Lock">The held lock, when it starts; the signer inherits it.</param>
public sealed record GateOutcome(GateDecision Decision, HostLock? Lock);

/// <summary>
/// The gate: takes the signer's lock, looks, and says whether the signer may start. While it holds the lock nobody can be told that this
/// machine is fenced.
/// </summary>
/// <param name="host">The host.</param>
/// <param name="register">The register; asked at the first start after a boot only.</param>
/// <param name="witnesses">The chain; likewise.</param>
public sealed class SignerGate(SignerHost host, RegisterClient register, IChainWitnesses witnesses)
{
    /// <summary>Decides once.</summary>
    public async Task<GateOutcome> DecideAsync(CancellationToken cancellationToken)
    {
        var held = HostLock.TryTake(host.Paths.Lock, inherited: true);
        GateDecision decision;
        try
        {
            decision = await DecideAsync(held is not null, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            held?.Dispose();
            throw;
        }

        if (decision.Starts)
        {
            return new GateOutcome(decision, held);
        }

        held?.Dispose();
        return new GateOutcome(decision, null);
    }

    private async Task<GateDecision> DecideAsync(bool locked, CancellationToken cancellationToken)
    {
        MachineRecord? record;
        try
        {
            record = host.Record.Read();
        }
        catch (InvalidDataException e)
        {
            return new GateDecision(GateVerdict.Refuse, [e.Message]);
        }

        var (hrs, problem) = host.ReadHrs();
        var seen = new GateObservation { Record = record, Machine = host.Machine, BootId = host.BootId, LockHeld = locked, LastSigned = hrs, HrsProblem = problem, Alarm = host.Alarms.Refusal() };
        var decision = host.Rules.Gate(seen);
        if (decision.Verdict != GateVerdict.Look)
        {
            return decision;
        }

        var view = register.ReadAsync(host.Paths.Signer, cancellationToken);
        var rpcs = witnesses.LookAsync(host.Paths.Signer, hrs!.Value.Height, cancellationToken);
        decision = host.Rules.Gate(seen with { View = await view.ConfigureAwait(false), Rpcs = await rpcs.ConfigureAwait(false) });
        if (!decision.Starts)
        {
            return decision;
        }

        // A fence or another grant may have come in the meantime: what was checked is the grant that was read before.
        var after = host.Record.Update(now => now is not null && now.Grant == record!.Grant && now.Fence <= now.Grant ? RecordRules.Checked(now, host.BootId) : now!);
        return host.Alarms.Refusal() is { } alarm ? new GateDecision(GateVerdict.Refuse, [alarm])
            : after.CheckedBoot == host.BootId && after.Grant >= after.Fence ? decision
            : new GateDecision(GateVerdict.Refuse, [$"the record changed while the register was asked: grant {after.Grant}, fence {after.Fence}"]);
    }
}
