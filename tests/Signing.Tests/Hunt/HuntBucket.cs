namespace VirtEngine.DR.Signing.Tests.Hunt;

/// <summary>What a bucket holds, and whether it answers.</summary>
internal sealed class Store(string name)
{
    public string Name => name;

    public Dictionary<string, byte[]> Objects { get; } = new(StringComparer.Ordinal);

    public bool Down { get; set; }

    public bool TryAdd(string key, byte[] body) => Objects.TryAdd(key, body);
}

/// <summary>How bad a seed's network is: shares of requests.</summary>
/// <param name="Puts">Of writes that are lost, late, written twice or answered with an error.</param>
/// <param name="Reads">Of reads and looks that come back without an answer.</param>
internal sealed record Weather(double Puts, double Reads)
{
    public static Weather Calm { get; } = new(0, 0);
}

/// <summary>A bucket as one process reaches it.</summary>
internal sealed class HuntBucket(HuntWorld world, Work work, Store store) : IRegisterBucket
{
    public string Name => store.Name;

    private Random Dice => world.Dice;

    public Task<PutAnswer> PutIfAbsentAsync(string key, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var bytes = body.ToArray();
        return world.Wire.AskAsync(work, () => Put(key, bytes), () => store.TryAdd(key, bytes));
    }

    public Task<GetAnswer> GetAsync(string key, CancellationToken cancellationToken) => world.Wire.AskAsync(work, () =>
        Silent() ? GetAnswer.Unknown("cut off") : store.Objects.TryGetValue(key, out var body) ? GetAnswer.Found(body) : GetAnswer.Missing);

    public Task<ListAnswer> ListAsync(string prefix, CancellationToken cancellationToken) => world.Wire.AskAsync(work, () =>
        Silent() ? new ListAnswer(null, "cut off")
            : new ListAnswer([.. store.Objects.Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)], null));

    private PutAnswer Put(string key, byte[] bytes)
    {
        if (store.Down)
        {
            return PutAnswer.Unknown;
        }

        if (Dice.NextDouble() >= world.Weather.Puts)
        {
            return store.TryAdd(key, bytes) ? PutAnswer.Created : PutAnswer.Exists;
        }

        switch (Dice.Next(7))
        {
            case 0:
                world.Count("a write is lost");
                return PutAnswer.Unknown;
            case 1:
                world.Count("a write lands and its answer is lost");
                store.TryAdd(key, bytes);
                return PutAnswer.Unknown;
            case 2:
                world.Count("a write comes late");
                world.Wire.Delay(() => store.TryAdd(key, bytes));
                return PutAnswer.Unknown;
            case 3:
                world.Count("a write is sent twice");
                world.Wire.Delay(() => store.TryAdd(key, bytes));
                return store.TryAdd(key, bytes) ? PutAnswer.Created : PutAnswer.Exists;
            case 4:
                world.Count("a write meets another");
                world.Wire.Delay(() => store.TryAdd(key, bytes));
                return PutAnswer.Conflict;
            case 5:
                world.Count("a write is forbidden");
                return PutAnswer.Forbidden;
            default:
                world.Count("a write times out and comes late");
                world.Wire.Delay(() => store.TryAdd(key, bytes));
                throw new OperationCanceledException();
        }
    }

    private bool Silent()
    {
        if (store.Down || Dice.NextDouble() < world.Weather.Reads / 2)
        {
            return true;
        }

        return Dice.NextDouble() < world.Weather.Reads / 2 ? throw new OperationCanceledException() : false;
    }
}
