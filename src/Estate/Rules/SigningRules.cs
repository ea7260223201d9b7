using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Signing;

namespace VirtEngine.DR.Estates.Rules;

internal static class SigningRules
{
    /// <summary>The fewest buckets and regions of a register that survives the loss of one.</summary>
    private const int Buckets = 3;

    private const int Sources = 2;

    public static void Check(Estate estate, Problems problems)
    {
        for (var i = 0; i < estate.Nodes.Count; i++)
        {
            if (estate.Nodes[i].Signer is null)
            {
                continue;
            }

            if (estate.Nodes[i].Kind != NodeKind.Validator && !problems.IsBad($"nodes[{i}].kind"))
            {
                problems.Add($"nodes[{i}].signer", "Only a validator has a signer.", "Remove it, or write 'kind: validator'.");
            }

            if (estate.Signing is null && !problems.IsBadBelow("signing"))
            {
                problems.Add($"nodes[{i}].signer", "There is no register for it.", "Add 'signing' with the register's buckets and two RPCs (signing.md).");
            }
        }

        if (estate.Signing is { } signing)
        {
            CheckBuckets(signing.Buckets, problems);
            CheckRpcs(signing.Rpcs, problems);
            CheckOffline(signing.OfflineKeys, problems);
        }
    }

    private static void CheckBuckets(IReadOnlyList<GateBucket> buckets, Problems problems)
    {
        Text.CheckUnique([.. buckets.Select((b, i) => ($"signing.buckets[{i}].name", b.Name))], "bucket", problems);
        Text.CheckUnique([.. buckets.Select((b, i) => ($"signing.buckets[{i}].url", b.Url.Length == 0 ? "" : $"{b.Endpoint}{(b.Endpoint is null ? "" : " ")}{b.Url}"))], "bucket", problems);
        if (buckets.Count == 0 || problems.IsBadBelow("signing.buckets"))
        {
            return;
        }

        var folders = buckets.Count(b => b.Url.StartsWith("file:", StringComparison.Ordinal));
        if (folders == buckets.Count)
        {
            return;
        }

        if (folders > 0)
        {
            problems.Add("signing.buckets", $"{folders} of {buckets.Count} buckets are folders: other machines do not see them.", "All folders (an estate of one machine), or none.");
        }
        else if (buckets.Count < Buckets || buckets.Select(b => b.Region).Distinct(StringComparer.Ordinal).Count() < Buckets)
        {
            problems.Add("signing.buckets", $"{buckets.Count} buckets in {buckets.Select(b => b.Region).Distinct(StringComparer.Ordinal).Count()} regions: the loss of one would stop every grant, or let two sides decide.",
                $"At least {Buckets} buckets in {Buckets} different regions.");
        }
    }

    private static void CheckOffline(IReadOnlyList<OfflineKey> keys, Problems problems)
    {
        Text.CheckUnique([.. keys.Select((k, i) => ($"signing.offlineKeys[{i}].name", k.Name))], "person", problems);
        Text.CheckUnique([.. keys.Select((k, i) => ($"signing.offlineKeys[{i}].publicKey", k.PublicKey))], "key", problems);
        if (keys.Count == 1)
        {
            problems.Add("signing.offlineKeys", "One key starts nothing: two people must sign.", "None, or at least two.");
        }
    }

    private static void CheckRpcs(IReadOnlyList<GateRpc> rpcs, Problems problems)
    {
        Text.CheckUnique([.. rpcs.Select((r, i) => ($"signing.rpcs[{i}].url", r.Url))], "RPC", problems);
        if (rpcs.Count > 0 && !problems.IsBadBelow("signing.rpcs") && rpcs.Select(r => r.Source).Distinct(StringComparer.Ordinal).Count() < Sources)
        {
            problems.Add("signing.rpcs", "All RPCs are of one source: one liar would be believed.", $"RPCs of at least {Sources} different sources.");
        }
    }
}
