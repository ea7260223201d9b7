namespace VirtEngine.DR.Workflows.Flow;

/// <summary>One row of the verb table.</summary>
/// <param name="Verb">The verb.</param>
/// <param name="Effect">What it would do, for the list of what is possible now.</param>
/// <param name="Needs">What must hold, in the order in which a refusal names it.</param>
public sealed record VerbRule(string Verb, string Effect, IReadOnlyList<Need> Needs);
