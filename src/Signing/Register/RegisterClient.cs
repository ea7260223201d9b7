namespace VirtEngine.DR.Signing;

/// <summary>What a write to all members came to.</summary>
/// <param name="Bucket">The bucket.</param>
/// <param name="Outcome">What it holds.</param>
public sealed record BucketOutcome(string Bucket, WriteOutcome Outcome);

/// <summary>Reads and writes the register. It decides nothing: views go to <see cref="ISignerRules"/>.</summary>
/// <param name="register">The register's id, pinned.</param>
/// <param name="buckets">Every bucket that is configured; members or not.</param>
/// <param name="rules">Judges what buckets answer.</param>
/// <param name="patience">The longest time for one bucket's answer; 5 seconds by default.</param>
public sealed partial class RegisterClient(string register, IReadOnlyList<IRegisterBucket> buckets, ISignerRules rules, TimeSpan? patience = null)
{
    /// <summary>So many objects of one bucket are read side by side.</summary>
    private const int ReadsAtOnce = 16;

    internal static readonly TimeSpan DefaultPatience = TimeSpan.FromSeconds(5);
    private readonly TimeSpan _patience = patience ?? DefaultPatience;

    /// <summary>The register as it is seen from here.</summary>
    public async Task<RegisterView> ReadAsync(SignerName signer, CancellationToken cancellationToken)
    {
        var sights = await Task.WhenAll(buckets.Select(bucket => BoundedAsync(
            token => SightAsync(bucket, signer, token), why => new BucketSight(bucket.Name, null, null, why), cancellationToken))).ConfigureAwait(false);
        return rules.View(signer, register, sights);
    }

    /// <summary>Fills what a seal found empty. Afterwards read again: only what stands there counts.</summary>
    public async Task<IReadOnlyList<BucketOutcome>> FillAsync(SignerName signer, IReadOnlyList<EmptySlot> empty, CancellationToken cancellationToken)
    {
        var outcomes = new List<BucketOutcome>();

        // A bucket's slots one after the other, buckets side by side.
        foreach (var ofBucket in await Task.WhenAll(empty.GroupBy(slot => slot.Bucket, StringComparer.Ordinal).Select(async group =>
        {
            var done = new List<BucketOutcome>();
            foreach (var slot in group.OrderBy(slot => slot.Epoch))
            {
                var body = SlotBytes.Write(SlotObject.VoidOf(signer, register, slot.Epoch));
                done.Add(new BucketOutcome(slot.Bucket, await WriteAsync(slot.Bucket, RegisterKeys.Slot(signer, slot.Epoch), body, cancellationToken).ConfigureAwait(false)));
                if (done[^1].Outcome is not (WriteOutcome.Written or WriteOutcome.Taken))
                {
                    // Without this one nothing above it helps, and each may take the whole patience.
                    break;
                }
            }

            return done;
        })).ConfigureAwait(false))
        {
            outcomes.AddRange(ofBucket);
        }

        return outcomes;
    }

    /// <summary>Puts an object into its slot of every member. Afterwards read again: it counts when a majority holds it.</summary>
    public async Task<IReadOnlyList<BucketOutcome>> PutAsync(RegisterView view, SlotObject value, CancellationToken cancellationToken)
    {
        var body = SlotBytes.Write(value);
        return await Task.WhenAll(view.Buckets.Select(async bucket => new BucketOutcome(
            bucket.Bucket, await WriteAsync(bucket.Bucket, RegisterKeys.Slot(value.Signer, value.Epoch), body, cancellationToken).ConfigureAwait(false)))).ConfigureAwait(false);
    }

    /// <summary>Writes the members of a generation into these buckets.</summary>
    public async Task<IReadOnlyList<BucketOutcome>> PutMembersAsync(RegisterMembers members, IEnumerable<string> into, CancellationToken cancellationToken)
    {
        var body = SlotBytes.Write(members);
        return await Task.WhenAll(into.Select(async bucket => new BucketOutcome(
            bucket, await WriteAsync(bucket, RegisterKeys.Members(members.Generation), body, cancellationToken).ConfigureAwait(false)))).ConfigureAwait(false);
    }

    /// <summary>One object into one bucket, with the rules of lost answers.</summary>
    public async Task<WriteOutcome> WriteAsync(string bucket, string key, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var target = buckets.FirstOrDefault(item => item.Name == bucket);
        if (target is null)
        {
            return WriteOutcome.Unreachable;
        }

        var answer = await BoundedAsync(token => target.PutIfAbsentAsync(key, body, token), _ => PutAnswer.Unknown, cancellationToken).ConfigureAwait(false);
        var read = LostAnswers.Settles(answer) ? null
            : await BoundedAsync(token => target.GetAsync(key, token), GetAnswer.Unknown, cancellationToken).ConfigureAwait(false);
        return LostAnswers.Decide(answer, read, body.Span);
    }

    private Task<T> BoundedAsync<T>(Func<CancellationToken, Task<T>> call, Func<string, T> late, CancellationToken cancellationToken) =>
        Patience.BoundedAsync(call, late, _patience, cancellationToken);

    internal static async Task<BucketSight> SightAsync(IRegisterBucket bucket, SignerName signer, CancellationToken cancellationToken)
    {
        var listed = await ListedAsync(bucket, signer, cancellationToken).ConfigureAwait(false);
        return await SlotsAsync(bucket, signer, listed, 1, long.MaxValue, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Which slots a bucket holds, without what is in them.</summary>
    private static async Task<BucketList> ListedAsync(IRegisterBucket bucket, SignerName signer, CancellationToken cancellationToken)
    {
        var (members, noMembers) = await MembersAsync(bucket, cancellationToken).ConfigureAwait(false);
        if (noMembers is not null)
        {
            return new BucketList(null, null, noMembers);
        }

        var listed = await bucket.ListAsync(RegisterKeys.Folder(signer), cancellationToken).ConfigureAwait(false);
        if (listed.Keys is null)
        {
            return new BucketList(members, null, listed.Unreachable);
        }

        return listed.Keys.FirstOrDefault(key => RegisterKeys.EpochOf(signer, key) is null) is { } foreign
            ? new BucketList(members, null, $"'{foreign}' is no slot: something else writes into the register")
            : new BucketList(members, [.. listed.Keys.Select(key => RegisterKeys.EpochOf(signer, key)!.Value)], null);
    }

    /// <summary>Reads the listed slots of a range.</summary>
    private static async Task<BucketSight> SlotsAsync(IRegisterBucket bucket, SignerName signer, BucketList listed, long low, long high, CancellationToken cancellationToken)
    {
        var (members, epochs, why) = listed;
        if (epochs is null)
        {
            return new BucketSight(bucket.Name, members, null, why);
        }

        var slots = new Dictionary<long, Slot>();
        foreach (var some in epochs.Where(epoch => epoch >= low && epoch <= high).Select(epoch => RegisterKeys.Slot(signer, epoch)).Chunk(ReadsAtOnce))
        {
            var reads = await Task.WhenAll(some.Select(key => bucket.GetAsync(key, cancellationToken))).ConfigureAwait(false);
            foreach (var (key, read) in some.Zip(reads))
            {
                if (read.Body is null)
                {
                    return new BucketSight(bucket.Name, members, null, read.Unreachable ?? $"'{key}' is listed and not there");
                }

                try
                {
                    var epoch = RegisterKeys.EpochOf(signer, key)!.Value;
                    slots[epoch] = SlotBytes.Read(read.Body, signer, epoch);
                }
                catch (InvalidDataException e)
                {
                    return new BucketSight(bucket.Name, members, null, $"'{key}': {e.Message}");
                }
            }
        }

        return new BucketSight(bucket.Name, members, slots);
    }

    /// <summary>What a bucket lists of a signer; no epochs where it could not say all.</summary>
    private sealed record BucketList(RegisterMembers? Members, IReadOnlyList<long>? Epochs, string? Why);

    internal static async Task<(RegisterMembers? Members, string? Unreachable)> MembersAsync(IRegisterBucket bucket, CancellationToken cancellationToken)
    {
        var listed = await bucket.ListAsync(RegisterKeys.MembersFolder, cancellationToken).ConfigureAwait(false);
        if (listed.Keys is null)
        {
            return (null, listed.Unreachable ?? "its members cannot be listed");
        }

        var newest = listed.Keys.Select(RegisterKeys.GenerationOf).Max();
        if (newest is null)
        {
            return (null, null);
        }

        var read = await bucket.GetAsync(RegisterKeys.Members(newest.Value), cancellationToken).ConfigureAwait(false);
        try
        {
            return read.Body is null ? (null, read.Unreachable ?? "its members are listed and not there") : (SlotBytes.ReadMembers(read.Body), null);
        }
        catch (InvalidDataException e)
        {
            return (null, e.Message);
        }
    }
}
