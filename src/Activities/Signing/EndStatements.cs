using VirtEngine.DR.Signing;

namespace VirtEngine.DR.Activities.Signing;

/// <summary>Holds statements of ends against the enrolled machines and the people's offline keys.</summary>
internal static class EndStatements
{
    /// <summary>The evidence that a statement is, or what speaks against it.</summary>
    public static async Task<(EndEvidence? Evidence, IReadOnlyList<string> Missing)> VerifyAsync(EndStatement statement, SignerSite site, string? register, CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        var people = OfflineSignatures.Verify(statement.Bytes(), "this statement", statement.Signatures, site.OfflineKeys, problems);
        var witness = statement.Witness is { Length: > 0 } machine ? await site.Register.MachineAsync(machine, cancellationToken).ConfigureAwait(false) : null;
        var decision = EndStatementRules.MayCount(statement, site.Signer, register, site.Host.Machine, witness is not null && statement.Verify(witness.PublicKey), people);
        return decision.Allowed ? (statement.Evidence(people), []) : (null, [.. decision.Missing, .. problems]);
    }

    /// <summary>What is missing for all of them to end whom they name below an epoch, and how each reads.</summary>
    public static async Task<(IReadOnlyList<string> Missing, IReadOnlyList<string> Texts)> JudgeAsync(
        IReadOnlyList<EndStatement> statements, long epoch, SignerSite site, CancellationToken cancellationToken)
    {
        var view = await site.Register.ReadAsync(site.Signer, cancellationToken).ConfigureAwait(false);
        var missing = new List<string>();
        var texts = new List<string>();
        foreach (var statement in statements)
        {
            var (evidence, wrong) = await VerifyAsync(statement, site, view.Members?.Register, cancellationToken).ConfigureAwait(false);
            missing.AddRange(evidence is null ? wrong : Ends.Judge(new PossibleHolder(statement.Machine, 0, "a statement names it"), epoch, evidence, nonce: null).Missing);
            texts.Add($"{statement.Machine} below epoch {statement.Below} by {statement.Kind}, said by {statement.Witness ?? string.Join(" and ", evidence?.Approvals.Select(one => one.By) ?? [statement.By])}: {string.Join("; ", statement.Proof)}");
        }

        return (missing, texts);
    }
}
