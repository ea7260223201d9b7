using System.Security.Cryptography;
using System.Text.Json;
using Temporalio.Activities;
using Temporalio.Api.Enums.V1;
using Temporalio.Client;
using Temporalio.Exceptions;
using VirtEngine.DR.Activities.Backups;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Backups.Storage;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Incidents;

namespace VirtEngine.DR.Activities.Incidents;

/// <summary>Looks at runs for their escalations, and keeps what became of aftermaths.</summary>
/// <param name="client">The server that the runs are on.</param>
/// <param name="store">The evidence store.</param>
public sealed class IncidentActivities(ITemporalClient client, IObjectStore store) : IIncidentActivities
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(10);
    private static readonly JsonSerializerOptions Indented = new(DrDataConverter.JsonOptions) { WriteIndented = true };

    /// <inheritdoc/>
    [Activity("incident.run-open")]
    public Task<bool> IsOpenAsync(IncidentRun run) => ActivityScope.HeartbeatingAsync(async token =>
    {
        try
        {
            // The first execution is the run: one that a reset made does nothing but wait for its repair, and its orphaned lock pages for it.
            var description = await client.GetWorkflowHandle(run.WorkflowId, runId: run.FirstRunId)
                .DescribeAsync(new() { Rpc = new() { CancellationToken = token, Timeout = Within } }).ConfigureAwait(false);
            return description.Status == WorkflowExecutionStatus.Running;
        }
        catch (RpcException e) when (e.Code == RpcException.StatusCode.NotFound)
        {
            return false;
        }
        catch (RpcException e)
        {
            throw Failures.Transient($"run '{run.WorkflowId}' cannot be asked: {e.Message}", e);
        }
    });

    /// <inheritdoc/>
    [Activity("incident.keep")]
    public Task<string> KeepAsync(AftermathState state) => ActivityScope.HeartbeatingAsync(token => BackupFailures.GuardAsync(async () =>
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(state, Indented);

        // Named by digest: a retry writes the same bytes under the same name, and nothing is ever overwritten.
        var name = Convert.ToHexStringLower(SHA256.HashData(json))[..16];
        var key = $"{FolderOf(state)}/aftermath-{name}.json";
        await store.PutAsync(key, json, new PutOptions(ContentType: "application/json"), token).ConfigureAwait(false);
        return key;
    }));

    private static string FolderOf(AftermathState state) =>
        state.Evidence is { } bundle && bundle.LastIndexOf('/') is > 0 and var end
            ? bundle[..end]
            : $"evidence/aftermath/{Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(state.Run.WorkflowId + state.Run.FirstRunId)))[..16]}";
}
