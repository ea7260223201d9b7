namespace VirtEngine.DR.Signing;

/// <summary>The enrolled machines.</summary>
public sealed partial class RegisterClient
{
    private static readonly SignerName Nobody = new("", "");

    /// <summary>The register's members as they are seen from here, without any signer's slots.</summary>
    public async Task<RegisterView> MembersAsync(CancellationToken cancellationToken)
    {
        var sights = await Task.WhenAll(buckets.Select(bucket => BoundedAsync(
            async token =>
            {
                var (members, why) = await MembersAsync(bucket, token).ConfigureAwait(false);
                return new BucketSight(bucket.Name, members, why is null ? new Dictionary<long, Slot>() : null, why);
            },
            why => new BucketSight(bucket.Name, null, null, why),
            cancellationToken))).ConfigureAwait(false);
        return rules.View(Nobody, register, sights);
    }

    /// <summary>The machine's key that a majority of the members names; null when none does, or not enough of them answer.</summary>
    /// <param name="machine">The machine's identity.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<EnrolledMachine?> MachineAsync(string machine, CancellationToken cancellationToken)
    {
        var view = await MembersAsync(cancellationToken).ConfigureAwait(false);
        return view.Answers ? (await KeysAsync(view, machine, cancellationToken).ConfigureAwait(false)).Current : null;
    }

    /// <summary>
    /// Writes a machine's key into every member that has none. Once written it stays: another key for the same machine is refused wherever one
    /// bucket shows it, and a machine that was enrolled before under another node's name keeps that object.
    /// </summary>
    /// <param name="machine">The machine and its key.</param>
    /// <param name="cancellationToken">Stops it; what is written stays, and doing it again completes it.</param>
    /// <returns>Yes when a majority holds it, else what is missing.</returns>
    public async Task<Decision> EnrolAsync(EnrolledMachine machine, CancellationToken cancellationToken)
    {
        var view = await MembersAsync(cancellationToken).ConfigureAwait(false);
        if (!view.Answers)
        {
            return Unanswered(view);
        }

        var keys = await KeysAsync(view, machine.Machine, cancellationToken).ConfigureAwait(false);
        if (keys.Newest > 1)
        {
            return keys.Current?.PublicKey == machine.PublicKey ? Decision.Yes
                : Decision.No(FormattableString.Invariant($"machine {machine.Machine} has key generation {keys.Newest}, and this host's machine-key.pem is another one, or that generation is not held by a majority: virtengine-dr signer rekey on this host, when two people know that it is that machine (docs/signing.md)"));
        }

        return keys.Seen.TryGetValue(1, out var first) && Foreign(first, machine) is { Allowed: false } refused ? refused : await CompleteAsync(view, machine, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Every generation of a machine's key that any bucket shows, oldest first, in each form in which it stands; null where too few buckets answer.</summary>
    public async Task<IReadOnlyList<EnrolledMachine>?> GenerationsAsync(string machine, CancellationToken cancellationToken)
    {
        var view = await MembersAsync(cancellationToken).ConfigureAwait(false);
        return view.Answers && await KeysAsync(view, machine, cancellationToken).ConfigureAwait(false) is { Whole: true } keys ? keys.All : null;
    }

    /// <summary>Every key of which the register holds something; null where too few buckets answer.</summary>
    public async Task<IReadOnlyList<SignerName>?> SignersAsync(CancellationToken cancellationToken)
    {
        var view = await MembersAsync(cancellationToken).ConfigureAwait(false);
        var lists = await ListsAsync(view, RegisterKeys.SignersFolder, cancellationToken).ConfigureAwait(false);
        return view.Answers && lists.Count(list => list.Keys is not null) >= view.Majority
            ? [.. lists.SelectMany(list => list.Keys ?? []).Select(RegisterKeys.SignerOf).OfType<SignerName>().Distinct()] : null;
    }

    /// <summary>
    /// Gives a machine its next key. From the first object of the new generation on, the former key counts for nobody who sees it; when a majority
    /// holds it, for nobody at all. Done again, with the same key, it goes on with what stands there.
    /// </summary>
    /// <param name="next">The machine with its next key; its generation is the one that it was decided for.</param>
    /// <param name="cancellationToken">Stops it; what is written stays, and doing it again completes it.</param>
    /// <returns>Yes when a majority holds it, else what is missing.</returns>
    public async Task<Decision> RekeyAsync(EnrolledMachine next, CancellationToken cancellationToken)
    {
        var view = await MembersAsync(cancellationToken).ConfigureAwait(false);
        if (!view.Answers)
        {
            return Unanswered(view);
        }

        var keys = await KeysAsync(view, next.Machine, cancellationToken).ConfigureAwait(false);
        if (!keys.Whole)
        {
            return Decision.No("too few buckets say which keys this machine had: do it again when they answer");
        }

        if (next.Generation < 2 || next.Generation < keys.Newest || next.Generation > keys.Newest + 1)
        {
            return Decision.No(FormattableString.Invariant($"machine {next.Machine} is at key generation {keys.Newest} by now: do it again"));
        }

        return await CompleteAsync(view, next, cancellationToken).ConfigureAwait(false);
    }

    private static Decision Unanswered(RegisterView view) => Decision.No([$"{view.Reachable} of {view.Buckets.Count} buckets answer as members of register '{view.Members?.Register}'; {view.Majority} are needed",
        .. view.Buckets.Where(bucket => !bucket.Reachable).Select(bucket => $"bucket {bucket.Bucket}: {bucket.Why}")]);

    /// <summary>Writes a generation wherever it is missing; what stands there stays.</summary>
    private async Task<Decision> CompleteAsync(RegisterView view, EnrolledMachine machine, CancellationToken cancellationToken)
    {
        var before = await SightsAsync(view, machine.Machine, machine.Generation, cancellationToken).ConfigureAwait(false);

        // Who wrote this key here before wins over a new node's name or other approvals: the same bytes everywhere.
        var body = SlotBytes.Write(before.Select(sight => sight.Found).FirstOrDefault(found => found?.PublicKey == machine.PublicKey) ?? machine);
        var outcomes = await Task.WhenAll(before.Where(sight => sight is { Found: null, Why: null }).Select(async sight =>
            (sight.Bucket, Outcome: await WriteAsync(sight.Bucket, RegisterKeys.Machine(machine.Machine, machine.Generation), body, cancellationToken).ConfigureAwait(false)))).ConfigureAwait(false);

        // Only what stands there counts.
        var after = await SightsAsync(view, machine.Machine, machine.Generation, cancellationToken).ConfigureAwait(false);
        return Foreign(after, machine) is { Allowed: false } raced ? raced
            : Counted(view, after)?.PublicKey == machine.PublicKey ? Decision.Yes
            : Decision.No([$"the key of machine {machine.Machine} stands in {after.Count(sight => sight.Found is not null)} of {view.Buckets.Count} buckets; {view.Majority} are needed. Do it again: what is written stays",
                .. outcomes.Where(item => item.Outcome != WriteOutcome.Written).Select(item => $"bucket {item.Bucket}: {item.Outcome}"),
                .. after.Where(sight => sight.Why is not null).Select(sight => $"bucket {sight.Bucket}: {sight.Why}")]);
    }

    /// <summary>Reads every generation that a bucket lists.</summary>
    private async Task<MachineKeys> KeysAsync(RegisterView view, string machine, CancellationToken cancellationToken)
    {
        var lists = await ListsAsync(view, RegisterKeys.MachinePrefix(machine), cancellationToken).ConfigureAwait(false);
        var seen = new SortedDictionary<int, IReadOnlyList<MachineSight>>();
        foreach (var generation in lists.SelectMany(list => list.Keys ?? []).Select(key => RegisterKeys.MachineGenerationOf(machine, key)).OfType<int>().Distinct().Order())
        {
            seen[generation] = await SightsAsync(view, machine, generation, cancellationToken).ConfigureAwait(false);
        }

        // That there is no newer key is known only where a majority says so.
        return new MachineKeys(view, seen, lists.Count(list => list.Keys is not null) >= view.Majority);
    }

    private async Task<IReadOnlyList<ListAnswer>> ListsAsync(RegisterView view, string prefix, CancellationToken cancellationToken) =>
        await Task.WhenAll(view.Buckets.Where(member => member.Reachable).Join(buckets, member => member.Bucket, bucket => bucket.Name, (_, bucket) =>
            BoundedAsync(token => bucket.ListAsync(prefix, token), why => new ListAnswer(null, why), cancellationToken))).ConfigureAwait(false);

    private static EnrolledMachine? Counted(RegisterView view, IReadOnlyList<MachineSight> sights) =>
        sights.Select(sight => sight.Found).OfType<EnrolledMachine>().GroupBy(found => found.PublicKey, StringComparer.Ordinal)
            .FirstOrDefault(group => group.Count() >= view.Majority)?.First();

    private static Decision Foreign(IReadOnlyList<MachineSight> sights, EnrolledMachine machine) =>
        sights.FirstOrDefault(sight => sight.Found is { } found && found.PublicKey != machine.PublicKey) is { } other
            ? Decision.No($"bucket {other.Bucket} holds another key of machine {machine.Machine} (enrolled on node {other.Found!.Node}): this host's machine-key.pem was lost or replaced, or another host has the same identity. A machine's key is not replaced by enrolling again: find out which it is; two people give the machine a new one (virtengine-dr signer rekey), or the host an identity of its own (docs/signing.md)")
            : Decision.Yes;

    private async Task<IReadOnlyList<MachineSight>> SightsAsync(RegisterView view, string machine, int generation, CancellationToken cancellationToken) =>
        await Task.WhenAll(view.Buckets.Select(async member =>
        {
            if (!member.Reachable || buckets.FirstOrDefault(item => item.Name == member.Bucket) is not { } bucket)
            {
                return new MachineSight(member.Bucket, null, member.Why ?? "it is not configured here");
            }

            var read = await BoundedAsync(token => bucket.GetAsync(RegisterKeys.Machine(machine, generation), token), GetAnswer.Unknown, cancellationToken).ConfigureAwait(false);
            try
            {
                return new MachineSight(member.Bucket, read.Body is null ? null : SlotBytes.ReadMachine(read.Body, machine, generation), read.Unreachable);
            }
            catch (InvalidDataException e)
            {
                return new MachineSight(member.Bucket, null, e.Message);
            }
        })).ConfigureAwait(false);

    /// <summary>What a bucket shows of a machine; neither found nor a why: it is not there.</summary>
    private sealed record MachineSight(string Bucket, EnrolledMachine? Found, string? Why);

    /// <summary>All generations of a machine's key.</summary>
    /// <param name="View">The members.</param>
    /// <param name="Seen">What the buckets show of each generation.</param>
    /// <param name="Whole">A majority says which there are.</param>
    private sealed record MachineKeys(RegisterView View, SortedDictionary<int, IReadOnlyList<MachineSight>> Seen, bool Whole)
    {
        /// <summary>The highest generation that any bucket lists; 0 where none does.</summary>
        public int Newest => Seen.Keys.LastOrDefault();

        /// <summary>The key that counts.</summary>
        public EnrolledMachine? Current => Newest > 0 && Whole ? Counted(View, Seen[Newest]) : null;

        /// <summary>Everything that was seen.</summary>
        public IReadOnlyList<EnrolledMachine> All => [.. Seen.Values.SelectMany(sights => sights.Select(sight => sight.Found).OfType<EnrolledMachine>().DistinctBy(found => found.PublicKey))];
    }
}
