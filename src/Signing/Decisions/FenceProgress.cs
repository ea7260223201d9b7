namespace VirtEngine.DR.Signing;

/// <summary>How far a machine has come in adopting a fence.</summary>
/// <param name="Fence">The fence that is on its disk, fsynced.</param>
/// <param name="SignerStopped">No signer of this key runs here.</param>
/// <param name="LockObtained">The signer's lock was obtained after that: no gate is between its decision and its start either.</param>
public sealed record FenceProgress(long Fence, bool SignerStopped, bool LockObtained);
