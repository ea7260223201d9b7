using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Workflows.Flow;

/// <summary>What an act gets to know.</summary>
/// <param name="Key">The idempotency key; its number rises with every describe that leads to an act.</param>
/// <param name="Before">The world as first observed in this plan; null for a step that changes nothing.</param>
public sealed record StepAct(StepKey Key, Observed? Before);
