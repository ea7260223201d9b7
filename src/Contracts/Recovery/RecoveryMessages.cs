using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Contracts.Recovery;

/// <summary>Asks for the facts of a plan.</summary>
/// <param name="ChainId">The chain.</param>
/// <param name="References">Whom to ask; nodes that are recovered themselves are not among them.</param>
/// <param name="Height">The height to go back to.</param>
public sealed record PlanQuery(string ChainId, IReadOnlyList<RpcEndpoint> References, long Height);

/// <summary>What the nodes say of that height.</summary>
/// <param name="At">When.</param>
/// <param name="AppHash">The app hash after it, upper-case hex.</param>
/// <param name="Agreed">Who says so.</param>
/// <param name="Validators">The set after it.</param>
public sealed record PlanFacts(DateTimeOffset At, string AppHash, IReadOnlyList<string> Agreed, IReadOnlyList<RecoveryValidator> Validators);

/// <summary>Signs a plan on a node's own host, after asking the RPCs itself.</summary>
/// <param name="Slice">The node whose host signs.</param>
/// <param name="Plan">The plan.</param>
/// <param name="Digest">SHA-256 of its bytes, lower-case hex: what people approved.</param>
public sealed record PlanSigning(NodeSlice Slice, RecoveryPlan Plan, string Digest);

/// <summary>A plan with its signature, as it is kept.</summary>
/// <param name="Body">The plan as JSON, the bytes that were signed.</param>
/// <param name="Signature">The signature file beside it, as JSON.</param>
/// <param name="KeyId">Who signed.</param>
public sealed record SignedPlan(byte[] Body, byte[] Signature, string KeyId);

/// <summary>Keeps a plan in one bucket.</summary>
/// <param name="Slice">For the trusted keys and the chain.</param>
/// <param name="Bucket">The bucket.</param>
/// <param name="Plan">The signed plan.</param>
public sealed record PlanKeeping(NodeSlice Slice, BucketSpec Bucket, SignedPlan Plan);

/// <summary>A plan that is kept.</summary>
/// <param name="Region">Where.</param>
/// <param name="Key">Its key in the bucket.</param>
public sealed record PlanReceipt(string Region, string Key);

/// <summary>Watches whether others carried a plan out.</summary>
/// <param name="ChainId">The chain.</param>
/// <param name="References">Whom to ask.</param>
/// <param name="Height">What is signed above this height counts.</param>
/// <param name="Since">What was signed before this time does not.</param>
/// <param name="Validators">The set.</param>
/// <param name="Said">Of whom people said it.</param>
/// <param name="Enough">The power that ends the watch.</param>
/// <param name="Within">How long.</param>
public sealed record PlanWatch(
    string ChainId, IReadOnlyList<RpcEndpoint> References, long Height, DateTimeOffset Since, IReadOnlyList<RecoveryValidator> Validators, IReadOnlyList<string> Said, long Enough, TimeSpan Within);

/// <summary>How far the others are.</summary>
/// <param name="At">When.</param>
/// <param name="Seen">Addresses whose vote above the height was seen.</param>
/// <param name="Power">The power of these and of those of whom it was said; ours not among it.</param>
/// <param name="Problems">Who could not be asked.</param>
public sealed record PlanProgress(DateTimeOffset At, IReadOnlyList<string> Seen, long Power, IReadOnlyList<string> Problems);

/// <summary>Somebody's word that other validators carried the plan out.</summary>
/// <param name="By">Who says it.</param>
/// <param name="Why">How they know.</param>
/// <param name="Validators">Consensus addresses, upper-case hex; empty: all of the plan that are not ours.</param>
public sealed record OthersReady(string By, string Why, IReadOnlyList<string> Validators);

/// <summary>The answer.</summary>
/// <param name="Counted">It counts.</param>
/// <param name="Text">What stands now, or what was wrong.</param>
public sealed record OthersReadyReply(bool Counted, string Text);
