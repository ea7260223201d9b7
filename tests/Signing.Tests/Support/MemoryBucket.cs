namespace VirtEngine.DR.Signing.Tests.Support;

/// <summary>A bucket in memory whose next answers a test may spoil.</summary>
internal sealed class MemoryBucket(string name) : IRegisterBucket
{
    public Dictionary<string, byte[]> Objects { get; } = new(StringComparer.Ordinal);

    /// <summary>What the next write says, and whether it lands all the same.</summary>
    public (PutAnswer Answer, bool Lands)? NextPut { get; set; }

    public string? Unreachable { get; set; }

    /// <summary>Calls of several askers interleave.</summary>
    public bool Busy { get; set; }

    public int Requests { get; private set; }

    public string Name => name;

    public async Task<PutAnswer> PutIfAbsentAsync(string key, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        await YieldAsync();
        lock (Objects)
        {
            return Put(key, body);
        }
    }

    public async Task<GetAnswer> GetAsync(string key, CancellationToken cancellationToken)
    {
        await YieldAsync();
        lock (Objects)
        {
            Requests++;
            return Unreachable is not null ? GetAnswer.Unknown(Unreachable) : Objects.TryGetValue(key, out var body) ? GetAnswer.Found(body) : GetAnswer.Missing;
        }
    }

    public async Task<ListAnswer> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        await YieldAsync();
        lock (Objects)
        {
            Requests++;
            return Unreachable is not null ? new ListAnswer(null, Unreachable) : new ListAnswer([.. Objects.Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)], null);
        }
    }

    private async Task YieldAsync()
    {
        if (Busy)
        {
            await Task.Yield();
        }
    }

    private PutAnswer Put(string key, ReadOnlyMemory<byte> body)
    {
        Requests++;
        var (spoiled, lands) = NextPut is { } next ? ((PutAnswer?)next.Answer, next.Lands) : (null, Unreachable is null);
        NextPut = null;
        var created = lands && Objects.TryAdd(key, body.ToArray());
        return spoiled ?? (Unreachable is not null ? PutAnswer.Unknown : created ? PutAnswer.Created : PutAnswer.Exists);
    }
}
