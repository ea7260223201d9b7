using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Temporalio.Activities;
using VirtEngine.DR.Activities.Backups;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Activities.Evidence.Incidents;
using VirtEngine.DR.Backups.Signing;
using VirtEngine.DR.Backups.Storage;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Evidence;
using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Activities.Evidence;

/// <summary>
/// Writes a run's bundle: <c>state.json</c>, its signature where a key is configured, a page for people, an incident's document, and
/// last <c>bundle.json</c> with the digests. All are written once and never overwritten: the first bundle of a run stays.
/// </summary>
/// <param name="store">The evidence store.</param>
/// <param name="signer">Signs the state; null leaves the bundle unsigned, and it says so.</param>
public sealed partial class EvidenceActivities(IObjectStore store, IManifestSigner? signer) : IEvidenceActivities
{
    private const int MaxBundle = 1 << 20;
    private static readonly JsonSerializerOptions Indented = new(DrDataConverter.JsonOptions) { WriteIndented = true };

    /// <inheritdoc/>
    [Activity("evidence.write")]
    public Task<EvidenceReceipt> WriteAsync(RunState state) => ActivityScope.HeartbeatingAsync(token => BackupFailures.GuardAsync(() => StoreAsync(state, token)));

    /// <summary>The bundle's folder: readable, and different for different runs.</summary>
    public static string FolderOf(RunState state)
    {
        var readable = Unsafe().Replace(state.WorkflowId, "-");
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(state.WorkflowId)))[..8];
        var started = state.Clock.TriggeredAt.ToUniversalTime();
        return string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"evidence/{started:yyyy}/{started:MM}/{(readable.Length > 96 ? readable[..96] : readable)}-{started:yyyyMMddTHHmmssZ}-{hash}");
    }

    private async Task<EvidenceReceipt> StoreAsync(RunState state, CancellationToken token)
    {
        var folder = FolderOf(state);
        var key = $"{folder}/bundle.json";
        if (await ReadAsync(key, token).ConfigureAwait(false) is { } before)
        {
            return before;
        }

        var json = JsonSerializer.SerializeToUtf8Bytes(state, Indented);
        var digest = Convert.ToHexStringLower(SHA256.HashData(json));

        // Named by digest, so that a killed attempt with another state never mixes with this one.
        var name = digest[..16];
        await PutAsync($"{folder}/state-{name}.json", json, "application/json", token).ConfigureAwait(false);
        var signature = signer is null ? null : await signer.SignAsync(json, token).ConfigureAwait(false);
        if (signature is not null)
        {
            await PutAsync($"{folder}/state-{name}.json.sig", signature, "application/octet-stream", token).ConfigureAwait(false);
        }

        var page = Encoding.UTF8.GetBytes(EvidencePage.Render(state, digest, signer?.KeyId));
        await PutAsync($"{folder}/report-{name}.html", page, "text/html; charset=utf-8", token).ConfigureAwait(false);
        var bundle = new EvidenceBundle(
            1, state.WorkflowId, $"state-{name}.json", digest, $"report-{name}.html", Convert.ToHexStringLower(SHA256.HashData(page)),
            signature is null ? null : $"state-{name}.json.sig", signer?.KeyId, signer?.Algorithm, DateTimeOffset.UtcNow);
        if (IncidentReader.Applies(state))
        {
            bundle = await WithDocumentAsync(bundle, folder, name, IncidentReader.Read(state, digest), token).ConfigureAwait(false);
        }

        await PutAsync(key, JsonSerializer.SerializeToUtf8Bytes(bundle, DrDataConverter.JsonOptions), "application/json", token).ConfigureAwait(false);

        // Of two that write at once one wins; what lies there now is the bundle.
        return await ReadAsync(key, token).ConfigureAwait(false) ?? throw Failures.Transient($"{store.Location}: {key} was written and is not there");
    }

    private async Task<EvidenceReceipt?> ReadAsync(string key, CancellationToken token)
    {
        var bytes = await store.ReadAllAsync(key, MaxBundle, token).ConfigureAwait(false);
        return bytes is null ? null : Receipt(key, JsonSerializer.Deserialize<EvidenceBundle>(bytes, DrDataConverter.JsonOptions)!);
    }

    private async Task<EvidenceBundle> WithDocumentAsync(EvidenceBundle bundle, string folder, string name, IncidentRecord record, CancellationToken token)
    {
        var page = Encoding.UTF8.GetBytes(IncidentDocument.Render(record));
        var json = JsonSerializer.SerializeToUtf8Bytes(record, Indented);
        await PutAsync($"{folder}/incident-{name}.md", page, "text/markdown; charset=utf-8", token).ConfigureAwait(false);
        await PutAsync($"{folder}/incident-{name}.json", json, "application/json", token).ConfigureAwait(false);
        return bundle with
        {
            Document = $"incident-{name}.md",
            DocumentDigest = Convert.ToHexStringLower(SHA256.HashData(page)),
            Incident = $"incident-{name}.json",
            IncidentDigest = Convert.ToHexStringLower(SHA256.HashData(json)),
        };
    }

    private static EvidenceReceipt Receipt(string key, EvidenceBundle bundle) => new(key, bundle.StateDigest)
    {
        Document = bundle.Document is { } document ? $"{key[..key.LastIndexOf('/')]}/{document}" : null,
        DocumentDigest = bundle.DocumentDigest,
    };

    private Task<PutOutcome> PutAsync(string key, byte[] body, string type, CancellationToken token) =>
        store.PutAsync(key, body, new PutOptions(ContentType: type), token);

    [GeneratedRegex("[^A-Za-z0-9._-]+", RegexOptions.CultureInvariant)]
    private static partial Regex Unsafe();
}
