namespace VirtEngine.DR.Signing;

/// <summary>Asks independent RPCs who signs.</summary>
public interface IPowerWitnesses
{
    /// <summary>One sight for each RPC that answers in full.</summary>
    Task<IReadOnlyList<PowerSight>> LookAsync(string chain, CancellationToken cancellationToken);
}
