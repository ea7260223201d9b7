using VirtEngine.DR.Contracts.Signers;
using VirtEngine.DR.Signing;

namespace VirtEngine.DR.Activities.Signing;

/// <summary>An asker's hands at the register. It decides nothing: the rules do.</summary>
/// <param name="site">The host of the machine that is to hold the key.</param>
internal sealed class SignerAsker(SignerSite site)
{
    private ISignerRules Rules => site.Host.Rules;

    /// <summary>Fills what is empty below the epoch and looks again.</summary>
    public async Task<SealReport> SealAsync(long epoch, CancellationToken cancellationToken)
    {
        var view = await ReadAsync(cancellationToken).ConfigureAwait(false);
        if (view.Answers && Rules.Seal(view, epoch) is { Empty.Count: > 0 } open)
        {
            await site.Register.FillAsync(site.Signer, open.Empty, cancellationToken).ConfigureAwait(false);
            view = await ReadAsync(cancellationToken).ConfigureAwait(false);
        }

        return new SealReport(Rules.Seal(view, epoch).Missing, await site.NamedAsync(Rules.PossibleHolders(view, epoch), cancellationToken).ConfigureAwait(false));
    }

    /// <summary>The object that may be put, or everything that is missing for it.</summary>
    public async Task<Judgement> JudgeAsync(SignerAsk ask, CancellationToken cancellationToken)
    {
        var view = await ReadAsync(cancellationToken).ConfigureAwait(false);
        var sights = await site.Witnesses.LookAsync(site.Signer, ask.Silence.Begin, cancellationToken).ConfigureAwait(false);
        var (stated, wrong) = await StatedAsync(ask, view, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<EndEvidence> ends = [.. await EndsAsync(ask.Answers, cancellationToken).ConfigureAwait(false), .. stated];
        var silence = new SilenceObservation { Begin = ask.Silence.Begin, Rpcs = sights, Halted = ask.Silence.Halted, Approvals = ask.Approvals };
        var holder = Counting.Current(view, ask.Act.Epoch)?.Object.Holder;
        var file = ends.LastOrDefault(end => end.Machine == holder)?.LastSigned;
        var floor = FloorRules.Decide(new FloorObservation
        {
            Known = [.. Known(view, ask.Answers), .. stated.Where(end => end.LastSigned is not null).Select(end => new KnownHrs("volume of " + end.Machine, end.LastSigned!.Value))],
            LastHolderFile = file,
            AboveFile = file is { } said ? await site.Witnesses.LookAsync(site.Signer, said.Height, cancellationToken).ConfigureAwait(false) : [],
            SilenceClosedAt = SilenceRules.ClosedAt(silence),
            Rpcs = sights,
            Approvals = ask.Approvals,
        });
        var decision = Rules.Ask(new AskObservation
        {
            Sealed = view,
            Generation = view.Members?.Generation,
            Epoch = ask.Act.Epoch,
            Holder = site.Host.Machine,
            Ends = ends,
            Nonce = ask.Act.Nonce,
            Floor = floor,
            Silence = SilenceRules.Decide(silence),
        });
        return !decision.Allowed || floor.Floor is null ? new Judgement(null, [.. decision.Missing, .. wrong]) : new Judgement(
            new SlotObject
            {
                Kind = SlotKind.Holder,
                Signer = site.Signer,
                Register = view.Members!.Register,
                Epoch = ask.Act.Epoch,
                Generation = view.Members.Generation,
                Holder = site.Host.Machine,
                Floor = floor.Floor.Value,
                OfflineAllowed = [site.Host.Machine],
                Evidence = ends,
                Approvals = ask.Approvals,
                AskedBy = ask.AskedBy,
                AskId = ask.AskId,
            },
            []);
    }

    /// <summary>What the register holds at the object's epoch.</summary>
    public async Task<SlotReport> SlotAsync(SlotObject value, CancellationToken cancellationToken) =>
        Report(await ReadAsync(cancellationToken).ConfigureAwait(false), value);

    /// <summary>Puts the object and reads again: only what stands there counts.</summary>
    public async Task<SlotReport> PutAsync(SlotObject value, CancellationToken cancellationToken)
    {
        var view = await ReadAsync(cancellationToken).ConfigureAwait(false);
        var before = Report(view, value);
        if (before.Counts || before.Taken is not null || !view.Answers)
        {
            return before;
        }

        await site.Register.PutAsync(view, value, cancellationToken).ConfigureAwait(false);
        return Report(await ReadAsync(cancellationToken).ConfigureAwait(false), value);
    }

    private static SlotReport Report(RegisterView view, SlotObject value)
    {
        var ours = Slot.Of(value).Digest;
        var counted = Counting.At(view, value.Epoch);
        if (counted?.Digest == ours)
        {
            return new SlotReport(true, null, $"epoch {value.Epoch} counts: {value.Holder} may sign above {value.Floor}");
        }

        // An object that can no longer reach a majority is as good as taken: another ask, with another epoch, is the way on.
        var taken = counted is not null ? $"epoch {value.Epoch} counts for {counted.Object.Holder ?? "nobody (void)"}"
            : Counting.Reach(view, value.Epoch, ours) < view.Majority ? $"epoch {value.Epoch} is divided between askers: none can have it"
            : null;
        return new SlotReport(false, taken, taken ?? $"epoch {value.Epoch} does not count yet ({view.Reachable} of {view.Buckets.Count} buckets answer)");
    }

    private Task<RegisterView> ReadAsync(CancellationToken cancellationToken) => site.Register.ReadAsync(site.Signer, cancellationToken);

    private async Task<IReadOnlyList<EndEvidence>> EndsAsync(IReadOnlyList<FenceAnswer> answers, CancellationToken cancellationToken)
    {
        var ends = new List<EndEvidence>();
        foreach (var answer in answers.Where(answer => answer.Signer == site.Signer))
        {
            var enrolled = await site.Register.MachineAsync(answer.Machine, cancellationToken).ConfigureAwait(false);
            ends.Add(answer.Evidence(enrolled?.PublicKey ?? ""));
        }

        return ends;
    }

    /// <summary>What statements show. One that people made says nothing about a later epoch than the one that is asked for, whatever they wrote.</summary>
    private async Task<(IReadOnlyList<EndEvidence> Ends, IReadOnlyList<string> Wrong)> StatedAsync(SignerAsk ask, RegisterView view, CancellationToken cancellationToken)
    {
        var ends = new List<EndEvidence>();
        var wrong = new List<string>();
        foreach (var statement in ask.Ended)
        {
            var (evidence, missing) = await EndStatements.VerifyAsync(statement, site, view.Members?.Register, cancellationToken).ConfigureAwait(false);
            wrong.AddRange(missing);
            if (evidence is not null)
            {
                ends.Add(evidence.Kind == EndKind.VolumeFenced ? evidence : evidence with { Below = Math.Min(evidence.Below, ask.Act.Epoch) });
            }
        }

        return (ends, wrong);
    }

    private List<KnownHrs> Known(RegisterView view, IReadOnlyList<FenceAnswer> answers)
    {
        var known = new List<KnownHrs>();
        for (long epoch = 1; epoch <= view.HighestFilled; epoch++)
        {
            known.AddRange(view.Buckets.Select(bucket => bucket.At(epoch)).OfType<Slot>().Where(slot => slot.IsHolder).Select(slot => new KnownHrs($"register epoch {slot.Object.Epoch}", slot.Object.Floor)));
        }

        known.AddRange(answers.Where(answer => answer.LastSigned is not null).Select(answer => new KnownHrs("machine " + answer.Machine, answer.LastSigned!.Value)));
        if (site.Host.ReadHrs().Value is { } here)
        {
            known.Add(new KnownHrs("machine " + site.Host.Machine, here));
        }

        return known;
    }
}
