using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Contracts.Chain;

/// <summary>Asks several RPCs for one block's hash.</summary>
/// <param name="ChainId">The chain.</param>
/// <param name="References">Whom to ask.</param>
/// <param name="MaxLagBlocks">One further behind the highest than this does not count.</param>
/// <param name="AtLeast">How many must agree.</param>
public sealed record AnchorQuery(string ChainId, IReadOnlyList<RpcEndpoint> References, int MaxLagBlocks, int AtLeast)
{
    /// <summary>The height to ask for; null: the newest that all who count have for good.</summary>
    public long? Height { get; init; }
}

/// <summary>An anchor with its signature, as it is kept.</summary>
/// <param name="Body">The anchor as JSON, the bytes that were signed.</param>
/// <param name="Signature">The signature file beside it, as JSON.</param>
/// <param name="KeyId">Who signed.</param>
public sealed record SignedAnchor(byte[] Body, byte[] Signature, string KeyId);

/// <summary>Signs an anchor on a node's own host, after asking the RPCs itself.</summary>
/// <param name="Slice">The node whose host signs.</param>
/// <param name="Anchor">The anchor.</param>
public sealed record AnchorSigning(NodeSlice Slice, TrustAnchor Anchor);

/// <summary>Keeps an anchor in one bucket.</summary>
/// <param name="Slice">For the trusted keys and the chain.</param>
/// <param name="Bucket">The bucket.</param>
/// <param name="Anchor">The signed anchor.</param>
public sealed record AnchorKeeping(NodeSlice Slice, BucketSpec Bucket, SignedAnchor Anchor);

/// <summary>An anchor that is kept.</summary>
/// <param name="Region">Where.</param>
/// <param name="Key">Its key in the bucket.</param>
/// <param name="Kept">How many anchors the bucket holds now.</param>
/// <param name="Deleted">How many old ones were deleted.</param>
public sealed record AnchorReceipt(string Region, string Key, int Kept, int Deleted);

/// <summary>Finds the anchor to trust.</summary>
/// <param name="Slice">For the buckets, the trusted keys and the chain.</param>
/// <param name="AtMostHeight">Prefer the newest at or below this height; 0: the newest.</param>
/// <param name="NotBefore">One whose block is older than this does not count.</param>
public sealed record AnchorSearch(NodeSlice Slice, long AtMostHeight, DateTimeOffset NotBefore);

/// <summary>What the buckets hold.</summary>
/// <param name="Anchor">The anchor; null where no bucket holds a believable one that is young enough.</param>
/// <param name="Region">Where it was read.</param>
/// <param name="KeyId">Who signed it.</param>
/// <param name="Problems">What was not believed or could not be read, and why.</param>
public sealed record AnchorFinding(TrustAnchor? Anchor, string? Region, string? KeyId, IReadOnlyList<string> Problems);

/// <summary>Starts <c>TrustAnchors</c>; <c>{}</c> suffices.</summary>
public sealed record AnchorInput
{
    /// <summary>The node whose host signs; null: the first that the estate backs up and whose worker answers.</summary>
    public string? Node { get; init; }
}

/// <summary>What <c>TrustAnchors</c> did.</summary>
/// <param name="Anchor">The anchor.</param>
/// <param name="KeyId">Who signed it.</param>
/// <param name="Kept">Where it is kept, read back and verified.</param>
/// <param name="Problems">Who disagreed, which region has it not, who could not be told.</param>
public sealed record AnchorOutcome(TrustAnchor Anchor, string KeyId, IReadOnlyList<AnchorReceipt> Kept, IReadOnlyList<string> Problems);
