using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Activities.Dns;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Dns;
using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Activities.Tests.Dns;

/// <summary>A zone in memory that behaves as the port says, with an API that can be switched off and changes that take as many looks to arrive as wanted.</summary>
/// <param name="target">The names.</param>
internal sealed class SimulatedZone(DnsTarget target) : IDnsZone
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, int> changes = new(StringComparer.Ordinal);
    private List<DnsRecord> records = [];
    private readonly List<DnsCheck> checks = [];
    private int numbers;

    /// <summary>Whether the API answers.</summary>
    public bool Answers { get; set; } = true;

    /// <summary>How often a change is asked about before it is in sync.</summary>
    public int LooksUntilInSync { get; set; }

    /// <summary>Puts a record there, as a person would; one of the same name, type and identifier is replaced.</summary>
    public void Put(DnsRecord record)
    {
        lock (gate)
        {
            records = [.. records.Where(one => !Same(one, record)), Stamped(record)];
        }
    }

    /// <inheritdoc/>
    public Task<DnsObservation> LookAsync(CancellationToken cancellationToken) => Call(() => new DnsObservation(DateTimeOffset.UtcNow, "simulated", Sorted(), [.. checks], []));

    /// <inheritdoc/>
    public Task<DnsApplied> ApplyAsync(IReadOnlyList<DnsChange> changes, string why, CancellationToken cancellationToken)
    {
        var wrong = changes.Where(change => change.Weight is < 0 or > 255).Select(change => $"the weight of {change.From.Title} would be {change.Weight}; allowed are 0 to 255")
            .Concat(changes.Where(change => change.From.Routing != DnsRouting.Weighted).Select(change => $"{change.From.Title} is not weighted"))
            .Concat(changes.GroupBy(change => change.From.Title).Where(group => group.Count() > 1).Select(group => $"{group.Key} is changed twice")).ToList();
        return wrong.Count > 0 ? throw Failures.Invalid(wrong) : Call(() => Write([.. changes.Select(change => (change.From, Stamped(change.From with { Weight = change.Weight })))]));
    }

    /// <inheritdoc/>
    public Task<bool> InSyncAsync(string change, CancellationToken cancellationToken) => Call(() =>
        changes.TryGetValue(change, out var left) ? (changes[change] = left - 1) < 0 : throw Failures.Permanent(ErrorTypes.NotFound, $"there is no change {change}"));

    /// <inheritdoc/>
    public Task<string> EnsureCheckAsync(DnsSwitchSpec spec, CancellationToken cancellationToken) => Call(() =>
    {
        var there = checks.FindIndex(check => check.Switch == spec.Region);
        if (there < 0)
        {
            checks.Add(new($"check-{++numbers}", spec.Url, Inverted: true, Disabled: false, spec.Region, Healthy: true));
            return checks[^1].Id;
        }

        checks[there] = checks[there] with { Inverted = true, Disabled = false };
        return checks[there].Id;
    });

    /// <inheritdoc/>
    public Task<DnsApplied> AttachAsync(IReadOnlyList<DnsRecord> records, string check, CancellationToken cancellationToken) =>
        records.FirstOrDefault(record => record.Check is not null && record.Check != check) is { } other
            ? throw Failures.Permanent(ErrorTypes.Conflict, $"{other.Title} has the health check {other.Check} already, and it is not replaced")
            : Call(() => Write([.. records.Select(record => (record, Stamped(record with { Check = check })))]));

    private DnsApplied Write(IReadOnlyList<(DnsRecord From, DnsRecord To)> wanted)
    {
        var open = new List<DnsRecord>();
        foreach (var (from, to) in wanted)
        {
            var now = records.FirstOrDefault(one => Same(one, from));
            if (now?.Source != to.Source)
            {
                open.Add(now?.Source == from.Source ? to : throw Failures.Permanent(ErrorTypes.Conflict, $"somebody changed records meanwhile, and nothing was changed now: {from.Title}"));
            }
        }

        if (open.Count == 0)
        {
            return new(null, [.. wanted.Select(one => one.To)]);
        }

        records = [.. records.Where(one => !open.Exists(to => Same(to, one))), .. open];
        var id = $"change-{++numbers}";
        changes[id] = LooksUntilInSync;
        return new(id, [.. wanted.Select(one => one.To)]);
    }

    private List<DnsRecord> Sorted() =>
    [
        .. target.Dns.Names.SelectMany(name => records
            .Where(record => record.Name == name.Name && record.Type == name.Type)
            .Select(record => record with { Region = name.RegionOf(record.Identifier, target.Regions) })
            .OrderBy(record => record.Identifier, StringComparer.Ordinal)),
    ];

    private static DnsRecord Stamped(DnsRecord record) =>
        record with { Source = string.Join('|', record.Name, record.Type, record.Identifier, record.Routing, record.Weight, record.Ttl, string.Join(',', record.Leads), record.Check) };

    private static bool Same(DnsRecord one, DnsRecord other) => one.Name == other.Name && one.Type == other.Type && one.Identifier == other.Identifier;

    private Task<T> Call<T>(Func<T> call)
    {
        lock (gate)
        {
            return Answers ? Task.FromResult(call()) : throw Failures.Transient("the simulated API does not answer");
        }
    }
}
