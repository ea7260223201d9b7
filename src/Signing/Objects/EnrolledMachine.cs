namespace VirtEngine.DR.Signing;

/// <summary>
/// A machine and the public half of its key, as the register holds it (<c>machines/HASH.json</c>, written once). It counts when a majority of the
/// members names this key for the machine.
/// </summary>
/// <param name="Machine">The machine's identity.</param>
/// <param name="PublicKey">Base64 of its key's SubjectPublicKeyInfo: what <see cref="FenceAnswer.Verify"/> takes.</param>
/// <param name="Node">The node of the estate on whose host it was enrolled first; for people.</param>
public sealed record EnrolledMachine(string Machine, string PublicKey, string Node);
