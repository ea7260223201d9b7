using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Contracts.Nodes;

/// <summary>A call for the rollback of a node.</summary>
/// <param name="Key">The idempotency key; its first run id names the run whose rollbacks they are.</param>
/// <param name="Target">The node.</param>
/// <param name="FromHeight">The block store's height before; for a look alone it does not matter.</param>
/// <param name="Hard">Also take the block away (<c>--hard</c>); a plain rollback keeps it, and the node executes it again.</param>
/// <param name="Most">At most so many heights in this run; one more is refused.</param>
public sealed record RollbackAct(StepKey Key, NodeTarget Target, long FromHeight, bool Hard, int Most);

/// <summary>One height that a run undid, or began to.</summary>
/// <param name="FromHeight">The block store's height before.</param>
/// <param name="Hard">With the block.</param>
/// <param name="At">When it was begun.</param>
/// <param name="DoneAt">When the stores were seen at the height below; null: it is not finished.</param>
public sealed record RolledBack(long FromHeight, bool Hard, DateTimeOffset At, DateTimeOffset? DoneAt);

/// <summary>Where a node's rollbacks are.</summary>
/// <param name="Stores">The heights now.</param>
/// <param name="Done">This run's, the first one first.</param>
/// <param name="Refusal">Why none may be done now (it runs, its command is missing, another run's is not finished, the stores cannot be read); null: nothing is in the way.</param>
public sealed record RollbackState(NodeStores Stores, IReadOnlyList<RolledBack> Done, string? Refusal);
