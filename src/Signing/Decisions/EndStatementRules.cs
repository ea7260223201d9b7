namespace VirtEngine.DR.Signing;

/// <summary>Whose word a statement of an end needs.</summary>
public static class EndStatementRules
{
    /// <summary>How many people vouch for what no machine can show.</summary>
    public const int People = 2;

    /// <summary>What speaks against a statement; empty: the evidence that it is may be held against the rules.</summary>
    /// <param name="statement">The statement.</param>
    /// <param name="signer">The key that is asked for.</param>
    /// <param name="register">The register's id.</param>
    /// <param name="holder">The machine that is to sign.</param>
    /// <param name="witnessed">The witness is enrolled, and its signature is right.</param>
    /// <param name="people">The people whose signatures are right.</param>
    public static Decision MayCount(EndStatement statement, SignerName signer, string? register, string holder, bool witnessed, IReadOnlyList<string> people)
    {
        var who = $"the end of {statement.Machine} ({statement.Kind}, by {statement.By})";
        var missing = new List<string>();
        if (statement.Signer != signer)
        {
            missing.Add($"{who} is about key {statement.Signer}, and {signer} is asked for");
        }

        if (statement.Register != register)
        {
            missing.Add($"{who} is of register '{statement.Register}', and this is '{register}'");
        }

        if (statement.Machine == holder)
        {
            missing.Add($"{who} is about the very machine that is to sign");
        }

        missing.AddRange(statement.Kind switch
        {
            EndKind.FenceAdopted => [$"{who}: only the machine's own gate says that it adopted a fence, to the run that asks it"],
            EndKind.VolumeFenced when statement.Witness is null or "" || statement.Witness == statement.Machine => [$"{who} names no other machine that had its volume mounted: virtengine-dr signer fence-volume writes such a statement"],
            EndKind.VolumeFenced when !witnessed => [$"{who} is not signed with the enrolled key of {statement.Witness}"],
            EndKind.InstanceAndVolumeDeleted or EndKind.DestroyedInCustody or EndKind.HsmAccessRevoked when people.Distinct(StringComparer.Ordinal).Count() < People =>
                [$"{who} is signed by {(people.Count == 0 ? "nobody" : string.Join(", ", people))}; two people's offline keys are needed (virtengine-dr signer end-sign)"],
            _ => [],
        });
        return Decision.Of(missing);
    }
}
