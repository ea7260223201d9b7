using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Activities.Nodes;
using VirtEngine.DR.Backups.Snapshots;
using VirtEngine.DR.Estates;

namespace VirtEngine.DR.Worker.Hosting;

/// <summary>Before anything else: lets go on what a killed attempt may have left standing still, and empties the scratch folder.</summary>
internal sealed class StartupThaw(WorkerOptions options, LoadedEstate estate, ILogger<StartupThaw> log) : IHostedService
{
    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var name in options.Nodes)
        {
            var home = NodeHome.Of(WorkerOptionsValidator.Node(estate.Estate, name));
            if (!Directory.Exists(home.BackupStaging))
            {
                continue;
            }

            try
            {
                foreach (var found in await StaleFreezes.ThawAllAsync(home.BackupStaging, cancellationToken).ConfigureAwait(false))
                {
                    log.LogWarning("Attempt {Attempt} of {Node} was cut off: processes {Processes} go on again", found.AttemptId, name, found.Thawed);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or SnapshotException)
            {
                // The worker must start all the same: other nodes wait for it. Health of this node shows in its observations.
                log.LogError(e, "Looking for frozen processes of {Node} failed", name);
            }
        }

        var scratch = new ActivityPaths(options.StateFolder).ScratchRoot;
        if (Directory.Exists(scratch))
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
