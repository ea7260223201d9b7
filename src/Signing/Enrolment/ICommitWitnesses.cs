namespace VirtEngine.DR.Signing;

/// <summary>What one RPC's commit of a height shows of an address.</summary>
/// <param name="Source">Whose RPC.</param>
/// <param name="Round">The commit's round.</param>
/// <param name="Signature">The address's signature in it, base64; null when it holds none.</param>
public sealed record CommitSight(string Source, int Round, string? Signature);

/// <summary>Shows the chain's commits.</summary>
public interface ICommitWitnesses
{
    /// <summary>One sight for each RPC that has the commit; silent about those that don't, or not yet.</summary>
    Task<IReadOnlyList<CommitSight>> CommitsAsync(SignerName signer, long height, CancellationToken cancellationToken);
}
