namespace VirtEngine.DR.Activities.Chain;

/// <summary>A validator of the set.</summary>
/// <param name="Address">Its consensus address, upper-case hex.</param>
/// <param name="VotingPower">Its voting power.</param>
public sealed record ChainValidator(string Address, long VotingPower);
