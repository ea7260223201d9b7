namespace VirtEngine.DR.Signing;

/// <summary>Why a machine has another key than before.</summary>
/// <param name="Generation">The key's generation, from 2.</param>
/// <param name="Reason">What became of the former one.</param>
/// <param name="Approvals">Who said so.</param>
public sealed record MachineRekey(int Generation, string Reason, IReadOnlyList<SlotApproval> Approvals);
