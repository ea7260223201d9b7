namespace VirtEngine.DR.Signing;

/// <summary>
/// The last vote or proposal of a key, as its HRS file keeps it: the node that has it may say the same again, and nothing else at that height, round and step. Without it a
/// key whose last vote reached nobody could never help its own round to end.
/// </summary>
/// <param name="Signature">Base64.</param>
/// <param name="SignBytes">What was signed, upper-case hex.</param>
public sealed record SignedVote(string Signature, string SignBytes);
