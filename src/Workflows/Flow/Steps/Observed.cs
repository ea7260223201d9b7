namespace VirtEngine.DR.Workflows.Flow;

/// <summary>The part of the world that a step changes, as observed.</summary>
/// <param name="Value">Canonical, to be compared: such as <c>running</c>.</param>
/// <param name="Text">For people.</param>
/// <param name="Blocked">Why nothing may be done with it (unknown, frozen by somebody); null when something may.</param>
public sealed record Observed(string Value, string Text, string? Blocked = null);
