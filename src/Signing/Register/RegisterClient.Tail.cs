namespace VirtEngine.DR.Signing;

/// <summary>A long sequence, read from its end.</summary>
public sealed partial class RegisterClient
{
    /// <summary>So many slots are read before it is looked whether they are enough.</summary>
    internal const int TailAtOnce = 128;

    /// <summary>
    /// A power budget as it is seen from here, without the slots for which a later one speaks. The keys are all listed (a bucket that cannot list them all is
    /// out of reach, as ever); what is read is the newest part, further back only as long as it does not hold what speaks for the rest.
    /// </summary>
    /// <param name="budget">The budget.</param>
    /// <param name="start">The slot that speaks for all below it, as far as a view shows one; 1 where none does.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<RegisterView> ReadTailAsync(SignerName budget, Func<RegisterView, long> start, CancellationToken cancellationToken)
    {
        var listed = await Task.WhenAll(buckets.Select(bucket => BoundedAsync(
            token => ListedAsync(bucket, budget, token), why => new BucketList(null, null, why), cancellationToken))).ConfigureAwait(false);
        var sights = buckets.Zip(listed, (bucket, list) => new BucketSight(bucket.Name, list.Members, list.Epochs is null ? null : new Dictionary<long, Slot>(), list.Why)).ToArray();
        for (var high = listed.SelectMany(list => list.Epochs ?? []).DefaultIfEmpty(0).Max(); ; high -= TailAtOnce)
        {
            var (from, to) = (Math.Max(1, high - TailAtOnce + 1), high);
            sights = await Task.WhenAll(sights.Select((sight, at) => sight.Slots is null ? Task.FromResult(sight) : MoreAsync(sight, at))).ConfigureAwait(false);
            var view = rules.View(budget, register, sights);
            if (from == 1 || start(view) > 1)
            {
                return view;
            }

            async Task<BucketSight> MoreAsync(BucketSight before, int at)
            {
                var more = await BoundedAsync(token => SlotsAsync(buckets[at], budget, listed[at], from, to, token), why => new BucketSight(before.Bucket, before.Members, null, why), cancellationToken).ConfigureAwait(false);
                return more.Slots is null ? more : more with { Slots = before.Slots!.Concat(more.Slots).ToDictionary() };
            }
        }
    }
}
