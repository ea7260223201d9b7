using System.Globalization;
using System.Text.Json;
using VirtEngine.DR.Backups;
using VirtEngine.DR.Backups.Signing;
using VirtEngine.DR.Contracts.Recovery;

namespace VirtEngine.DR.Activities.Chain.Recovery;

/// <summary>How plans lie in a bucket (<c>recovery-plans/&lt;chain&gt;/&lt;time&gt;-&lt;height&gt;.json</c> and <c>.sig</c> beside it), and which of them is believed.</summary>
public static class RecoveryPlanFiles
{
    /// <summary>The larger of both files at most: a thousand validators.</summary>
    public const int MostBytes = 1 << 20;

    private const string Json = ".json";

    /// <summary>The key of a plan.</summary>
    public static string KeyOf(RecoveryPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return string.Create(CultureInfo.InvariantCulture, $"recovery-plans/{plan.ChainId}/{plan.MadeAt.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}-{plan.Height:D12}{Json}");
    }

    /// <summary>The key, or the file, of its signature.</summary>
    public static string SignatureOf(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return (key.EndsWith(Json, StringComparison.Ordinal) ? key[..^Json.Length] : key) + ".sig";
    }

    /// <summary>Believes a plan, or throws why not. Needs nobody: the others verify it on their own machines.</summary>
    /// <param name="body">Its bytes.</param>
    /// <param name="signature">The file beside it; null where there is none.</param>
    /// <param name="trust">The public keys.</param>
    /// <param name="what">For messages.</param>
    /// <exception cref="BackupException">The signature is not good, or the signed text is no plan.</exception>
    public static (RecoveryPlan Plan, string KeyId) Verify(byte[] body, byte[]? signature, TrustStore trust, string what)
    {
        RecoveryPlan plan;
        try
        {
            plan = RecoveryPlanBytes.Read(body);
        }
        catch (JsonException e)
        {
            throw new BackupException(BackupErrorCodes.SignatureWrong, $"{what} is not a recovery plan: {e.Message}", e);
        }

        // Who it names as its signer only chooses the scope that the key must be allowed; the signature covers the name.
        var key = DocumentSignature.Verify(body, signature, trust, new BackupScope(plan.ChainId, plan.Signer, RecoveryPlan.Kind), what);
        return plan is { Format: 1, Height: > 0, AppHash.Length: > 0 }
            ? (plan, key)
            : throw new BackupException(BackupErrorCodes.SignatureScope, $"{what} is of form {plan.Format}, height {plan.Height}: not a plan that this version understands");
    }
}
