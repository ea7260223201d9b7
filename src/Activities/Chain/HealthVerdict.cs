using VirtEngine.DR.Contracts.Chain;

namespace VirtEngine.DR.Activities.Chain;

/// <summary>
/// Collects checks into a verdict of three values: one check that is known to be bad makes it unhealthy, one that could not be made makes it
/// unknown, and only all of them passed make it healthy.
/// </summary>
internal sealed class HealthVerdict
{
    private readonly List<string> _reasons = [];
    private readonly List<string> _findings = [];
    private Health _health = Health.Healthy;

    /// <summary>A check with its result.</summary>
    public void Judge(bool good, string whenGood, string whenBad, string finding) =>
        Note(good ? Health.Healthy : Health.Unhealthy, good ? whenGood : whenBad, good ? null : finding);

    /// <summary>What a check came to.</summary>
    public void Note(Health health, string reason, string? finding = null)
    {
        _reasons.Add(reason);
        if (finding is not null && !_findings.Contains(finding))
        {
            _findings.Add(finding);
        }

        _health = (_health, health) switch
        {
            (Health.Unhealthy, _) or (_, Health.Unhealthy) => Health.Unhealthy,
            (Health.Unknown, _) or (_, Health.Unknown) => Health.Unknown,
            _ => Health.Healthy,
        };
    }

    /// <summary>Something for people that decides nothing.</summary>
    public void Remark(string reason) => _reasons.Add(reason);

    /// <summary>A finding that decides nothing by itself.</summary>
    public void Remark(string reason, string finding)
    {
        _reasons.Add(reason);
        _findings.Add(finding);
    }

    /// <summary>The report.</summary>
    public HealthReport Report(long? height = null, long? reference = null, int? peers = null, long? at = null, string? hash = null) =>
        new(DateTimeOffset.UtcNow, _health, height, reference, peers, at, hash, [.. _reasons]) { Findings = [.. _findings] };
}
