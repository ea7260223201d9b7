using System.Collections.Concurrent;
using VirtEngine.DR.Signing;

namespace VirtEngine.DR.Tests.Kit;

/// <summary>A bucket of the register in memory.</summary>
public sealed class FakeBucket(string name) : IRegisterBucket
{
    public ConcurrentDictionary<string, byte[]> Objects { get; } = new(StringComparer.Ordinal);

    /// <summary>Nobody reaches it.</summary>
    public bool CutOff { get; set; }

    public string Name => name;

    public Task<PutAnswer> PutIfAbsentAsync(string key, ReadOnlyMemory<byte> body, CancellationToken cancellationToken) =>
        Task.FromResult(CutOff ? PutAnswer.Unknown : Objects.TryAdd(key, body.ToArray()) ? PutAnswer.Created : PutAnswer.Exists);

    public Task<GetAnswer> GetAsync(string key, CancellationToken cancellationToken) =>
        Task.FromResult(CutOff ? GetAnswer.Unknown("cut off") : Objects.TryGetValue(key, out var body) ? GetAnswer.Found(body) : GetAnswer.Missing);

    public Task<ListAnswer> ListAsync(string prefix, CancellationToken cancellationToken) =>
        Task.FromResult(CutOff ? new ListAnswer(null, "cut off") : new ListAnswer([.. Objects.Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)], null));
}
