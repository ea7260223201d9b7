using VirtEngine.DR.Contracts.Signers;
using VirtEngine.DR.Signing;

namespace VirtEngine.DR.Activities.Signing;

/// <summary>Makes a signer's report from what its host and the register show.</summary>
internal static class SignerReports
{
    /// <summary>Looks; writes nothing and takes no lock.</summary>
    public static async Task<SignerReport> OfAsync(SignerSite site, CancellationToken cancellationToken)
    {
        var (host, rules) = (site.Host, site.Host.Rules);
        var view = await site.Register.ReadAsync(site.Signer, cancellationToken).ConfigureAwait(false);
        var status = SignerStatus.Of(view, rules);
        var refuses = new List<string>();
        MachineRecord? record = null;
        try
        {
            record = host.Record.Read();
        }
        catch (InvalidDataException e)
        {
            refuses.Add(e.Message);
        }

        var (hrs, problem) = host.ReadHrs();
        refuses.AddRange(await RefusesAsync(site, record, hrs, problem, view, cancellationToken).ConfigureAwait(false));
        return new SignerReport
        {
            At = DateTimeOffset.UtcNow,
            Signer = site.Signer,
            Machine = host.Machine,
            State = status.State,
            Epoch = status.Epoch,
            Known = status.Known,
            Holder = status.Holder,
            Evidence = status.Evidence,
            MaySign = await site.NamedAsync(rules.PossibleHolders(view, status.NextEpoch), cancellationToken).ConfigureAwait(false),
            Buckets = status.Buckets,
            NextEpoch = status.NextEpoch,
            Grant = record?.Grant ?? 0,
            Fence = record?.Fence ?? 0,
            Floor = record?.Floor ?? Hrs.Zero,
            LastSigned = hrs,
            Refuses = refuses,
            Alarm = site.Host.Alarms.Refusal(),
        };
    }

    /// <summary>What the gate would say to a start now, as if its lock were free; that it would only wait is no refusal.</summary>
    private static async Task<IReadOnlyList<string>> RefusesAsync(
        SignerSite site, MachineRecord? record, Hrs? hrs, string? problem, RegisterView view, CancellationToken cancellationToken)
    {
        var host = site.Host;
        var seen = new GateObservation { Record = record, Machine = host.Machine, BootId = host.BootId, LockHeld = true, LastSigned = hrs, HrsProblem = problem, Alarm = site.Host.Alarms.Refusal() };
        var decision = host.Rules.Gate(seen);
        if (decision.Verdict == GateVerdict.Look)
        {
            var rpcs = await site.Witnesses.LookAsync(site.Signer, hrs!.Value.Height, cancellationToken).ConfigureAwait(false);
            decision = host.Rules.Gate(seen with { View = view, Rpcs = rpcs });
        }

        return decision.Verdict == GateVerdict.Refuse ? decision.Reasons : [];
    }
}
