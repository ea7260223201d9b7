using System.Xml.Linq;
using Temporalio.Exceptions;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Dns;
using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Activities.Dns.Route53;

/// <summary>
/// The estate's names in a hosted zone of Route 53. A change compares each record with what the caller saw right before it writes, and reads back what it wrote:
/// Route 53 has no precondition for a record that a batch replaces.
/// </summary>
internal sealed class Route53Zone(DnsTarget target, Route53Client client) : IDnsZone
{
    private string? zone = target.Dns.ZoneId;

    /// <inheritdoc/>
    public async Task<DnsObservation> LookAsync(CancellationToken cancellationToken)
    {
        var at = DateTimeOffset.UtcNow;
        var records = await RecordsAsync(cancellationToken).ConfigureAwait(false);
        var unknowns = new List<string>();
        var checks = new List<DnsCheck>();
        try
        {
            var used = records.Select(record => record.Check).ToHashSet(StringComparer.Ordinal);
            foreach (var check in await client.ChecksAsync(cancellationToken).ConfigureAwait(false))
            {
                var region = SwitchOf(check);
                if (used.Contains(check.Id) || region is not null)
                {
                    checks.Add(new(check.Id, check.Url, check.Inverted, check.Disabled, region, check.Disabled || check.Inverted || check.Type == "CALCULATED" ? null : await HealthAsync(check, cancellationToken).ConfigureAwait(false)));
                }
            }
        }
        catch (ApplicationFailureException e) when (e.ErrorType is ErrorTypes.Unavailable or ErrorTypes.NotConfigured)
        {
            unknowns.Add(e.Message);
        }

        return new(at, await ZoneAsync(cancellationToken).ConfigureAwait(false), records, [.. checks.OrderBy(check => check.Id, StringComparer.Ordinal)], unknowns);
    }

    /// <inheritdoc/>
    public Task<DnsApplied> ApplyAsync(IReadOnlyList<DnsChange> changes, string why, CancellationToken cancellationToken)
    {
        var wrong = changes.Where(change => change.Weight is < 0 or > 255).Select(change => $"the weight of {change.From.Title} would be {change.Weight}; allowed are 0 to 255")
            .Concat(changes.Where(change => change.From.Routing != DnsRouting.Weighted).Select(change => $"{change.From.Title} is not weighted"))
            .Concat(changes.GroupBy(change => change.From.Title).Where(group => group.Count() > 1).Select(group => $"{group.Key} is changed twice")).ToList();
        return wrong.Count > 0
            ? throw Failures.Invalid(wrong)
            : WriteAsync([.. changes.Select(change => (change.From, RecordXml.WithWeight(change.From.Source, change.Weight)))], why, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<bool> InSyncAsync(string change, CancellationToken cancellationToken) => (await client.ChangeAsync(change, cancellationToken).ConfigureAwait(false)).InSync;

    /// <inheritdoc/>
    public async Task<string> EnsureCheckAsync(DnsSwitchSpec spec, CancellationToken cancellationToken)
    {
        var there = (await client.ChecksAsync(cancellationToken).ConfigureAwait(false)).FirstOrDefault(check => SwitchOf(check) == spec.Region);
        if (there is null)
        {
            // The reference makes a second call of the same day find the first one's check.
            var made = await client.CreateCheckAsync($"virtengine-dr-{spec.Region}-{DateTimeOffset.UtcNow:yyyyMMdd}", SwitchConfig(spec), cancellationToken).ConfigureAwait(false);
            return made.Id;
        }

        if (!there.Inverted || there.Disabled)
        {
            await client.UpdateCheckAsync(there, inverted: true, cancellationToken).ConfigureAwait(false);
        }

        return there.Id;
    }

    /// <inheritdoc/>
    public Task<DnsApplied> AttachAsync(IReadOnlyList<DnsRecord> records, string check, CancellationToken cancellationToken) =>
        records.FirstOrDefault(record => record.Check is not null && record.Check != check) is { } other
            ? throw Failures.Permanent(ErrorTypes.Conflict, $"{other.Title} has the health check {other.Check} already, and it is not replaced")
            : WriteAsync([.. records.Select(record => (record, RecordXml.WithCheck(record.Source, check)))], "health check of the switch", cancellationToken);

    private async Task<DnsApplied> WriteAsync(IReadOnlyList<(DnsRecord From, XElement To)> changes, string why, CancellationToken cancellationToken)
    {
        var open = new List<XElement>();
        var strange = new List<string>();
        var before = await RecordsAsync(cancellationToken).ConfigureAwait(false);
        foreach (var (from, to) in changes)
        {
            var now = Same(before, from);
            if (now?.Source == Xml.Canonical(to))
            {
                continue;
            }

            if (now?.Source == from.Source)
            {
                open.Add(to);
            }
            else
            {
                strange.Add(now is null ? $"{from.Title} is not there any more" : $"{from.Title} is neither as it was seen nor as it should become: {now.Source}");
            }
        }

        if (strange.Count > 0)
        {
            throw Failures.Permanent(ErrorTypes.Conflict, $"somebody changed records meanwhile, and nothing was changed now: {string.Join("; ", strange)}. Look at them (virtengine-dr dns show), then retry");
        }

        if (open.Count == 0)
        {
            return new(null, [.. changes.Select(change => Same(before, change.From)!)]);
        }

        var info = await client.UpsertAsync(await ZoneAsync(cancellationToken).ConfigureAwait(false), why, open, cancellationToken).ConfigureAwait(false);
        var after = await RecordsAsync(cancellationToken).ConfigureAwait(false);
        return changes.FirstOrDefault(change => Same(after, change.From)?.Source != Xml.Canonical(change.To)) is { From: { } lost }
            ? throw Failures.Permanent(ErrorTypes.Conflict, $"{lost.Title} was written and reads back as something else: {Same(after, lost)?.Source ?? "nothing"}. Somebody changes it at this moment")
            : new(info.Id, [.. changes.Select(change => Same(after, change.From)!)]);
    }

    private static DnsRecord? Same(IReadOnlyList<DnsRecord> records, DnsRecord like) =>
        records.FirstOrDefault(record => record.Name == like.Name && record.Type == like.Type && record.Identifier == like.Identifier);

    private async Task<IReadOnlyList<DnsRecord>> RecordsAsync(CancellationToken cancellationToken)
    {
        var id = await ZoneAsync(cancellationToken).ConfigureAwait(false);
        var records = new List<DnsRecord>();
        foreach (var name in target.Dns.Names)
        {
            var sets = await client.RecordsAsync(id, name.Name + ".", only: true, cancellationToken).ConfigureAwait(false);
            records.AddRange(sets.Where(set => Xml.Text(set, "Type") == name.Type).Select(set => RecordXml.Read(set, name, target.Regions)).OrderBy(record => record.Identifier, StringComparer.Ordinal));
        }

        return records;
    }

    private async Task<string> ZoneAsync(CancellationToken cancellationToken)
    {
        if (zone is not null)
        {
            return zone;
        }

        var found = await client.ZonesAsync(target.Dns.Zone + ".", cancellationToken).ConfigureAwait(false);
        return zone = found.Count switch
        {
            1 => found[0].Id,
            0 => throw Failures.Permanent(ErrorTypes.NotFound, $"there is no hosted zone '{target.Dns.Zone}' in this account; make it, or name another by 'dns.zone'"),
            _ => throw Failures.Permanent(
                ErrorTypes.NotConfigured,
                $"several hosted zones are named '{target.Dns.Zone}': {string.Join(", ", found.Select(one => one.Id + (one.Private ? " (private)" : "")))}; name one by 'dns.zoneId'"),
        };
    }

    private async Task<bool?> HealthAsync(HealthCheck check, CancellationToken cancellationToken)
    {
        var said = await client.StatusesAsync(check.Id, cancellationToken).ConfigureAwait(false);

        // Route 53 counts an endpoint as reachable while more than 18 percent of its checkers reach it. Whether it says of an inverted one what the endpoint is or what the
        // check is, is not documented: that one is not asked.
        return said.Count == 0 ? null : said.Count(one => one.StartsWith("Success", StringComparison.Ordinal)) > 0.18 * said.Count;
    }

    private string? SwitchOf(HealthCheck check) => check.Url is { } url ? target.Dns.Switches.FirstOrDefault(one => new Uri(one.Url).AbsoluteUri == url)?.Region : null;

    private static XElement SwitchConfig(DnsSwitchSpec spec)
    {
        var url = new Uri(spec.Url);
        return Xml.Of(
            "HealthCheckConfig",
            Xml.Of("Port", url.Port),
            Xml.Of("Type", url.Scheme == "https" ? "HTTPS" : "HTTP"),
            Xml.Of("ResourcePath", url.AbsolutePath),
            Xml.Of("FullyQualifiedDomainName", url.Host),
            Xml.Of("RequestInterval", 10),
            Xml.Of("FailureThreshold", 1),
            Xml.Of("Inverted", true),
            url.Scheme == "https" ? Xml.Of("EnableSNI", true) : null);
    }
}
