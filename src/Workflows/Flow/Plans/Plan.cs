using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Workflows.Flow;

/// <summary>A plan with its number and digest.</summary>
/// <param name="Number">1, and one more whenever a bound is left.</param>
/// <param name="Digest">Lower-case hex.</param>
/// <param name="Draft">Its content.</param>
public sealed record Plan(int Number, string Digest, PlanDraft Draft)
{
    /// <summary>As the state shows it.</summary>
    public PlanState ToState() => new(Number, Digest, [.. Draft.Bounds.Select(b => b.Text)], Draft.Risks);
}
