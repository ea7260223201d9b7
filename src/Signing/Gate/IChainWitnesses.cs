namespace VirtEngine.DR.Signing;

/// <summary>What independent RPCs show of an address.</summary>
public interface IChainWitnesses
{
    /// <summary>One sight for each RPC that answers in full; silent about those that don't.</summary>
    /// <param name="signer">The chain and the address.</param>
    /// <param name="above">Signatures above this height are looked for.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task<IReadOnlyList<RpcSight>> LookAsync(SignerName signer, long above, CancellationToken cancellationToken);
}
