using System.Collections.Concurrent;
using Temporalio.Activities;
using Temporalio.Exceptions;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Nodes;

namespace VirtEngine.DR.Tests.Kit;

/// <summary>The node worker's activities on the world.</summary>
public sealed class NodeFakes(World world) : INodeActivities, IRestoreActivities, IBackupActivities
{
    [Activity("node.observe")]
    public Task<NodeObservation> ObserveAsync(NodeTarget target) => world.Faults.RunAsync("node.observe", Observe);

    [Activity("node.stop")]
    public Task<NodeObservation> StopAsync(NodeAct act) => world.Faults.RunAsync("node.stop", () =>
    {
        world.Admit("node.stop", act.Key);
        if (world.Process == ProcessState.Frozen && !(act.EndsHung && world.Hung))
        {
            throw new ApplicationFailureException("it is frozen", ErrorTypes.Conflict, nonRetryable: true);
        }

        if (world.Process == ProcessState.Running && world.Signer is { } signer)
        {
            world.Budget?.Stopped(signer.Name.Address);
        }

        world.Process = ProcessState.Stopped;
        return Observe();
    });

    [Activity("node.start")]
    public Task<NodeObservation> StartAsync(NodeAct act) => world.Faults.RunAsync("node.start", () =>
    {
        world.Admit("node.start", act.Key);
        var signs = world.Kind == Contracts.Estates.NodeKind.Validator || world.HoldsConsensusKey;
        if (signs && world.Signer is not { Refuses.Count: 0 })
        {
            throw new ApplicationFailureException("a validator is not started", ErrorTypes.Forbidden, nonRetryable: true);
        }

        if (signs && world.Process != ProcessState.Running)
        {
            world.Signer?.Started();
            world.Budget?.Started(world.Signer!.Name.Address);
        }

        world.Process = ProcessState.Running;
        world.Corrupt.Started(world);
        world.OnStart?.Invoke(world);
        return Observe();
    });

    [Activity("restore.staged")]
    public Task<StagedState> StagedAsync(RestoreAct act) => world.Faults.RunAsync("restore.staged", Staged);

    [Activity("restore.stage")]
    public Task<StagedState> StageAsync(RestoreAct act) => world.Faults.RunAsync("restore.stage", () =>
    {
        world.Admit("restore.stage", act.Key);
        world.Staged = "complete";
        return Staged();
    });

    [Activity("restore.verify-staged")]
    public Task<StagedState> VerifyStagedAsync(RestoreAct act) => world.Faults.RunAsync("restore.verify-staged", Staged);

    [Activity("restore.swapped")]
    public Task<SwapState> SwappedAsync(RestoreAct act) => world.Faults.RunAsync("restore.swapped", () => Swap(act));

    [Activity("restore.swap")]
    public Task<SwapState> SwapAsync(RestoreAct act) => world.Faults.RunAsync("restore.swap", () =>
    {
        world.Admit("restore.swap", act.Key);
        RequireStopped();
        world.Data = Incoming(act);
        return Swap(act);
    });

    [Activity("restore.swap-back")]
    public Task<SwapState> SwapBackAsync(RestoreAct act) => world.Faults.RunAsync("restore.swap-back", () =>
    {
        world.Admit("restore.swap-back", act.Key);
        RequireStopped();
        world.Data = world.Data == Incoming(act) ? "former" : world.Data;
        return Swap(act);
    });

    [Activity("restore.drop-staged")]
    public Task DropStagedAsync(RestoreAct act) => world.Faults.RunAsync("restore.drop-staged", () => world.Staged = "none");

    [Activity("restore.kept")]
    public Task<IReadOnlyList<KeptFolder>> KeptAsync(KeptQuery query) =>
        world.Faults.RunAsync<IReadOnlyList<KeptFolder>>("restore.kept", () => [.. world.Kept.Values.OrderBy(folder => folder.Name, StringComparer.Ordinal)]);

    [Activity("restore.drop-kept")]
    public Task<long> DropKeptAsync(KeptDrop drop) => world.Faults.RunAsync("restore.drop-kept", () =>
    {
        world.Admit("restore.drop-kept", drop.Key);
        return world.Kept.TryRemove(drop.Name, out var folder) ? folder.Bytes : 0;
    });

    [Activity("restore.prove")]
    public Task<VerificationReport> ProveAsync(VerifyCommand command) => world.Faults.RunAsync(
        "restore.prove", () => new VerificationReport(command.Backup, command.Bucket.Region, 4, world.Time.GetUtcNow(), 1001, ["app hash equals"]));

    /// <summary>Staging folders that exist, by key.</summary>
    public ConcurrentDictionary<string, string> Captured { get; } = new();

    [Activity("backup.capture")]
    public Task<CaptureReceipt> CaptureAsync(CaptureCommand command) => world.Faults.RunAsync("backup.capture", () =>
    {
        world.Admit("backup.capture", command.Key);
        var staging = $"/staging/{command.Key.Number}";
        Captured[staging] = command.Kind;
        return new CaptureReceipt(staging, "frozen", world.Time.GetUtcNow(), TimeSpan.FromMilliseconds(20), 10, 1000, 1000, "AB", world.LeftOut);
    });

    [Activity("backup.upload")]
    public Task<BackupReceipt> UploadAsync(UploadCommand command) => world.Faults.RunAsync("backup.upload", () =>
    {
        world.Admit("backup.upload", command.Key);
        Captured.TryRemove(command.Capture.Staging, out _);
        return new BackupReceipt(
            Slices.Backup(world, command.BackupId, command.Kind), ["us-east-1"], [], 500, 0, command.Capture.Pause, command.Capture.Method);
    });

    [Activity("backup.discard")]
    public Task DiscardAsync(UploadCommand command) => world.Faults.RunAsync("backup.discard", () => Captured.TryRemove(command.Capture.Staging, out _));

    private void RequireStopped()
    {
        if (world.Process != ProcessState.Stopped)
        {
            throw new ApplicationFailureException("the node runs", ErrorTypes.Conflict, nonRetryable: true);
        }
    }

    private NodeObservation Observe() => new()
    {
        At = world.Time.GetUtcNow(),
        Process = world.Process,
        Hung = world.Hung && world.Process == ProcessState.Frozen,
        Pid = world.Process == ProcessState.Running ? 42 : null,
        DataPresent = (world.DataPresent && world.Data == "former") || world.Data == "backup" || world.Sync.Synced,
        Symptoms = world.Data != "former" ? [] : world.Symptoms,
        HomeEmpty = world is { Probed: true, Home: "lost" },
        MissingFromHome = !world.Probed && (world.Home is "lost" or "partial") ? ["config/config.toml", "config/genesis.json"] : [],
        DataBytes = world.DataPresent || world.Data != "former" ? 1000 : 0,
        FreeBytes = 1_000_000,
        HoldsConsensusKey = world.HoldsConsensusKey,
    };

    private StagedState Staged() => world.Staged switch
    {
        "none" => new(null, false, 0, 0, 0),
        "partial" => new("/staging", false, 5, 500, 0),
        _ => new("/staging", true, 10, 1000, 500),
    };

    private static string Incoming(RestoreAct act) => act.Backup.ManifestKey.Length == 0 ? "synced" : "backup";

    private SwapState Swap(RestoreAct act) => new(world.Data == Incoming(act), world.Data == Incoming(act) ? "/home/node/data.former" : null, null);
}
