namespace VirtEngine.DR.Starter.Runs;

/// <summary>One line of the list of runs, as the server's visibility store has it (no worker is needed to read it).</summary>
internal sealed record RunSummary(
    string Run, string Type, string? Target, string? Region, string? Class, string? Mode, string? Phase, string? Outcome, string Status,
    DateTimeOffset StartedAt, DateTimeOffset? ClosedAt, DateTimeOffset? RtoDeadline);
