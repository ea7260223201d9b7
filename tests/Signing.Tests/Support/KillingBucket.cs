namespace VirtEngine.DR.Signing.Tests.Support;

/// <summary>The process is killed at a write: nothing after it happens.</summary>
internal sealed class KilledException() : Exception("killed");

/// <summary>Counts the writes of all buckets, and kills at one of them.</summary>
/// <param name="at">The write, from 0; a negative number kills at none.</param>
/// <param name="lands">Whether that write lands.</param>
internal sealed class Killer(int at, bool lands)
{
    public int Writes { get; private set; }

    public IReadOnlyList<IRegisterBucket> Around(IEnumerable<IRegisterBucket> buckets) => [.. buckets.Select(bucket => new Bucket(this, bucket))];

    private sealed class Bucket(Killer killer, IRegisterBucket inner) : IRegisterBucket
    {
        public string Name => inner.Name;

        public async Task<PutAnswer> PutIfAbsentAsync(string key, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
        {
            // Killed is killed: writes that were started beside the fatal one get nowhere either.
            var number = killer.Writes++;
            if (number != killer.At)
            {
                return killer.At >= 0 && number > killer.At ? throw new KilledException() : await inner.PutIfAbsentAsync(key, body, cancellationToken);
            }

            if (killer.Lands)
            {
                await inner.PutIfAbsentAsync(key, body, cancellationToken);
            }

            throw new KilledException();
        }

        public Task<GetAnswer> GetAsync(string key, CancellationToken cancellationToken) => inner.GetAsync(key, cancellationToken);

        public Task<ListAnswer> ListAsync(string prefix, CancellationToken cancellationToken) => inner.ListAsync(prefix, cancellationToken);
    }

    private int At { get; } = at;

    private bool Lands { get; } = lands;
}
