using VirtEngine.DR.Contracts.Chain;

namespace VirtEngine.DR.Workflows.Runbooks;

/// <summary>What one vantage point sees.</summary>
/// <param name="From">Who looks.</param>
/// <param name="Report">What it sees; null where it could not look.</param>
/// <param name="Problem">Why it could not.</param>
public sealed record View(string From, HealthReport? Report, string Problem = "")
{
    /// <summary>It gets no answer.</summary>
    public bool Silent => Report?.Findings.Contains(HealthFindings.Silent) == true;

    /// <summary>In a line.</summary>
    public string Text => Report is null ? $"{From}: could not look ({Problem})"
        : Silent ? $"{From}: no answer"
        : Report.Health == Health.Healthy ? $"{From}: healthy"
        : $"{From}: {Report.Health} ({string.Join(", ", Report.Findings.DefaultIfEmpty("see its reasons"))})";
}
