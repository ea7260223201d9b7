using Temporalio.Exceptions;
using Temporalio.Workflows;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Notify;
using VirtEngine.DR.Workflows.Flow;

namespace VirtEngine.DR.Workflows.Backups;

/// <summary>Tells people what went wrong with a node's backups; what could not be told comes back, to be shown.</summary>
public static class Teller
{
    /// <summary>Tells; the answer lists the channels that were not reached.</summary>
    public static async Task<IReadOnlyList<string>> TellAsync(string workflow, string node, NodeSlice slice, string severity, string text)
    {
        ArgumentNullException.ThrowIfNull(slice);
        var details = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["workflow"] = workflow, ["run"] = Workflow.Info.WorkflowId, ["node"] = node };
        try
        {
            var receipts = await BackupCalls.NotifyAsync(new(
                $"{Workflow.Info.WorkflowId}/{Workflow.Info.RunId}/{node}", severity, null, $"{(slice.Simulated ? "[practice] " : "")}{workflow}: {text}", details,
                slice.Channels, slice.Simulated));
            return [.. receipts.Where(r => !r.Delivered).Select(r => $"{node}: {r.Channel} was not told: {r.Detail}")];
        }
        catch (FailureException e)
        {
            return [$"{node}: nobody was told: {Failure.From(e).Message}"];
        }
    }
}
