namespace VirtEngine.DR.Backups.Restoring;

/// <summary>What is swapped. The node must be stopped before the call and stay so until it returns.</summary>
/// <param name="Home">The node's home; the manifest's paths are relative to it.</param>
/// <param name="StagedFolder">From <see cref="RestoreStager"/>.</param>
/// <param name="Digest">The manifest's digest: names the kept folder and the journal.</param>
/// <param name="SigningStatePath">The signing state, relative to the home.</param>
/// <param name="SigningFloor">Raise it at least to this (what the chain shows that the key signed).</param>
/// <param name="Keyless">The node has no consensus key that ever signed: a missing signing state is fine.</param>
public sealed record SwapRequest(
    string Home,
    string StagedFolder,
    string Digest,
    string SigningStatePath = "data/priv_validator_state.json",
    SigningState? SigningFloor = null,
    bool Keyless = false)
{
    /// <summary>
    /// The node starts only through a gate that refuses a missing signing state: it may be missing, and stays so until the gate's own floor is put there.
    /// One of the backup's age is refused all the same.
    /// </summary>
    public bool GateGuards { get; init; }
}
