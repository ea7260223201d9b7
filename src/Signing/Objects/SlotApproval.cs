namespace VirtEngine.DR.Signing;

/// <summary>A person's word for an epoch.</summary>
/// <param name="By">Who.</param>
/// <param name="What">What was approved, such as <c>grant</c>, <c>halted-chain</c>, <c>all-vote-sets</c>.</param>
/// <param name="Proof">The signature or the run's journal entry that shows it.</param>
public sealed record SlotApproval(string By, string What, string Proof);
