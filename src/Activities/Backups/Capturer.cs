using VirtEngine.DR.Activities.Backups.Captures;
using VirtEngine.DR.Activities.Chain;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Activities.Nodes;
using VirtEngine.DR.Activities.Nodes.Process;
using VirtEngine.DR.Backups.Files;
using VirtEngine.DR.Backups.Snapshots;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Activities.Backups;

/// <summary>Takes the instant of a node by the method that the estate names, and stages it so that it outlives this worker.</summary>
public sealed class Capturer(IChainRpcFactory rpcs)
{
    private static readonly string[] ProviderState = ["data/*.json", "callbacks", "lifecycle_queue"];

    internal async Task<CaptureReceipt> CaptureAsync(CaptureCommand command, NodeHome home, CaptureFolder folder, IFence fence, CancellationToken token)
    {
        var node = command.Slice.Target.Node;
        var method = Method(command);
        var chainState = command.Kind == BackupKinds.ChainState;
        var (height, appHash, blockTime) = chainState ? await TipAsync(command.Slice.Target.Node, command.Slice.Target.Chain, token).ConfigureAwait(false) : default;
        var version = chainState ? await new NodeBinary(command.Slice.Target.Chain.Commands).VersionAsync(home.Path, [], token).ConfigureAwait(false) : null;
        fence.EnsureCurrent();
        ISnapshot snapshot = command.Kind switch
        {
            BackupKinds.Configuration => await ConfigurationSnapshot.TakeAsync(Configuration(command, home), TimeProvider.System, token).ConfigureAwait(false),
            BackupKinds.ProviderState => await DirectorySnapshot.TakeAsync(home.Path, new FileSelection(ProviderState), TimeProvider.System, token).ConfigureAwait(false),
            _ => await FreezeAsync(method, node, home, folder.Attempt, token).ConfigureAwait(false),
        };
        await using (snapshot.ConfigureAwait(false))
        {
            try
            {
                await folder.AdoptAsync(snapshot, token).ConfigureAwait(false);
                var receipt = new CaptureReceipt(
                    folder.Path, snapshot.Instant.Method, snapshot.Instant.TakenAt, snapshot.Instant.Pause, snapshot.Files.Count,
                    snapshot.Files.Sum(file => file.Size), height, appHash, (snapshot as ConfigurationSnapshot)?.LeftOut);
                folder.WriteIndex(new CaptureIndex(folder.Attempt, command.Kind, ProcFs.BootId, receipt, snapshot.Instant, blockTime, version, snapshot.Files));
                return receipt;
            }
            catch
            {
                folder.Drop();
                throw;
            }
        }
    }

    private static async Task<ISnapshot> FreezeAsync(string method, NodeSpec node, NodeHome home, string attempt, CancellationToken token)
    {
        if (home.Problem is { } problem)
        {
            throw Failures.Permanent(ErrorTypes.NotConfigured, problem);
        }

        Directory.CreateDirectory(home.BackupStaging, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var request = new CaptureRequest(home.Layout, home.BackupStaging, attempt) { Budget = node.FreezeBudget };
        return await SnapshotterFactory.Create(method).CaptureAsync(request, token).ConfigureAwait(false);
    }

    private static string Method(CaptureCommand command)
    {
        var node = command.Slice.Target.Node;
        return command.Kind switch
        {
            BackupKinds.ProviderState or BackupKinds.Configuration => "files",
            BackupKinds.ChainState => node.Backup switch
            {
                BackupMethod.Frozen => "frozen",
                BackupMethod.Stopped => "stopped",
                BackupMethod.StateSync => "state-sync",
                BackupMethod.External => throw Failures.Permanent(ErrorTypes.NotConfigured, $"'{node.Name}' is backed up by somebody else (backup: external)"),
                _ => throw Failures.Permanent(ErrorTypes.NotConfigured, $"'{node.Name}' is not backed up by copying (backup: none); set frozen, stopped or state-sync in the estate"),
            },
            _ => throw Failures.Invalid([$"kind is '{command.Kind}'; allowed are {string.Join(", ", BackupKinds.All)}"]),
        };
    }

    /// <summary>The estate's paths and, on a node of the chain, its genesis. The databases and the signing state are no configuration.</summary>
    private static ConfigurationRequest Configuration(CaptureCommand command, NodeHome home)
    {
        if (Homes.Missing(command.Slice.Target.Node, home) is { Count: > 0 } missing)
        {
            // What is left would become the newest backup, and the lost home could not be prepared from it.
            throw Failures.Permanent(
                ErrorTypes.Conflict,
                $"the home of '{command.Slice.Target.Node.Name}', '{home.Path}', lacks {string.Join(", ", missing)}: it is lost or not mounted, and its configuration is not backed up as if that were all. Restore it (RB-DR-006), or put the files there");
        }

        var chainNode = command.Slice.Target.Node.Kind is NodeKind.Validator or NodeKind.Full or NodeKind.Archive;
        var paths = command.Slice.Backups.ConfigurationPaths;
        return new ConfigurationRequest(
            home.Path,
            paths.Count > 0 ? paths : ["config"],
            chainNode ? Path.GetRelativePath(home.Path, home.Genesis) : null,
            chainNode ? [home.Layout.DatabaseFolder, home.Layout.SigningStateFile, home.Layout.SigningKeyFile, home.Layout.NodeKeyFile] : []);
    }

    /// <summary>
    /// A height whose state the instant surely holds, with its app hash. The newest block may be stored and not yet executed, and a
    /// header carries the hash after the height before: so one below the tip, with the tip's header.
    /// </summary>
    private async Task<(long Height, string? AppHash, DateTimeOffset? BlockTime)> TipAsync(NodeSpec node, ChainSpec chain, CancellationToken token)
    {
        if (node.Rpc is not { } url)
        {
            return default;
        }

        try
        {
            var rpc = rpcs.Create(new Uri(url));
            var status = await rpc.StatusAsync(token).ConfigureAwait(false);
            if (status.ChainId != chain.Id)
            {
                throw Failures.Permanent(ErrorTypes.Conflict, $"the RPC of '{node.Name}' is of chain '{status.ChainId}', the estate says '{chain.Id}'");
            }

            var header = status.Height > 1 ? await rpc.HeaderAsync(status.Height, token).ConfigureAwait(false) : null;
            return header is null ? (Math.Max(0, status.Height - 1), null, null) : (header.Height - 1, header.AppHash, header.Time);
        }
        catch (ChainRpcException) when (node.Backup == BackupMethod.Stopped)
        {
            // A stopped node answers nobody: the height stays unknown until rung 4 finds it.
            return default;
        }
        catch (ChainRpcException e)
        {
            throw Failures.Transient($"the height of '{node.Name}' is not known: {e.Message}", e);
        }
    }
}
