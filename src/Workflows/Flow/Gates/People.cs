namespace VirtEngine.DR.Workflows.Flow;

/// <summary>Names of people; claimed until approvals are signed.</summary>
public static class People
{
    /// <summary>Who a cancellation from the Temporal UI is by.</summary>
    public const string TemporalUi = "Temporal UI";

    /// <summary>The same person, however the name is typed.</summary>
    public static bool Same(string? one, string? other) =>
        string.Equals(one?.Trim(), other?.Trim(), StringComparison.OrdinalIgnoreCase);
}
