using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Contracts.Dns;
using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Activities.Dns;

/// <summary>What peacetime has to prepare.</summary>
/// <param name="Region">The region that the switch takes out.</param>
/// <param name="Check">Its health check; null: it is to be made.</param>
/// <param name="Mend">The check is there and must be enabled and inverted.</param>
/// <param name="Records">Records that get the check.</param>
/// <param name="Problems">Why nothing is done for this switch.</param>
public sealed record DnsPreparation(string Region, string? Check, bool Mend, IReadOnlyList<DnsRecord> Records, IReadOnlyList<string> Problems)
{
    /// <summary>There is something to do.</summary>
    public bool Open => Check is null || Mend || Records.Count > 0;
}

/// <summary>
/// Prepares the switches of the data plane: an inverted health check on each switch's object, and the region's records with that check. A switch that would
/// take its region out the moment its check is attached (it is thrown, or something else answers at its URL) is refused.
/// </summary>
public sealed class DnsPreparer(IDnsZone zone, DnsSwitchBoard board, DnsTarget target)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>What is to be done for each switch of the estate; nothing is changed.</summary>
    public async Task<IReadOnlyList<DnsPreparation>> PlanAsync(CancellationToken cancellationToken)
    {
        var now = await zone.LookAsync(cancellationToken).ConfigureAwait(false);
        var plans = new List<DnsPreparation>();
        foreach (var spec in target.Dns.Switches)
        {
            var check = now.Checks.FirstOrDefault(one => one.Switch == spec.Region);
            DnsRecord[] own = [.. now.Records.Where(record => record.Region == spec.Region)];
            var problems = new List<string>(now.Unknowns);
            problems.AddRange(own.Where(record => record.Check is not null && record.Check != check?.Id)
                .Select(record => $"{record.Title} has the health check {record.Check} already. Make a calculated one of both by hand, or take it away"));
            problems.AddRange(own.Where(record => record.Routing is DnsRouting.Simple or DnsRouting.Other).Select(record => $"{record.Title} is neither weighted nor by latency or failover"));
            if (own.Length == 0)
            {
                problems.Add($"no record leads to {spec.Region}");
            }

            if (await board.LookAsync(spec, cancellationToken).ConfigureAwait(false) is { } thrown)
            {
                problems.Add($"the switch is thrown, by {thrown.By} at {thrown.At:u}: with it {spec.Region} would be taken out now");
            }
            else if (await AnswersAsync(spec, cancellationToken).ConfigureAwait(false))
            {
                problems.Add($"the switch is not thrown, and {spec.Url} answers all the same: with it {spec.Region} would be taken out now. The URL is not that of the object in {spec.Bucket.Url}");
            }

            plans.Add(new(spec.Region, check?.Id, check is { Inverted: false } or { Disabled: true }, [.. own.Where(record => record.Check is null)], problems));
        }

        return plans;
    }

    /// <summary>Does what a plan says, where it has no problem.</summary>
    public async Task ApplyAsync(IReadOnlyList<DnsPreparation> plans, CancellationToken cancellationToken)
    {
        if (plans.SelectMany(plan => plan.Problems).ToList() is { Count: > 0 } problems)
        {
            throw Failures.Permanent(Contracts.ErrorTypes.Conflict, "nothing was changed: " + string.Join("; ", problems));
        }

        foreach (var plan in plans.Where(plan => plan.Open))
        {
            var check = await zone.EnsureCheckAsync(target.Dns.Switches.First(one => one.Region == plan.Region), cancellationToken).ConfigureAwait(false);
            if (plan.Records.Count > 0)
            {
                await zone.AttachAsync(plan.Records, check, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Whether the health checkers would find something there. Not reached from here is no answer: theirs would be none either.</summary>
    private static async Task<bool> AnswersAsync(DnsSwitchSpec spec, CancellationToken cancellationToken)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = Patience };
        try
        {
            using var answer = await http.GetAsync(new Uri(spec.Url), HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            return (int)answer.StatusCode < 400;
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }
}
