using VirtEngine.DR.Backups;
using VirtEngine.DR.Backups.Repositories;
using VirtEngine.DR.Backups.Signing;
using VirtEngine.DR.Backups.Snapshots;
using VirtEngine.DR.Backups.Storage;
using VirtEngine.DR.Backups.Tests.Support;
using VirtEngine.DR.Backups.Writing;

namespace VirtEngine.DR.Activities.Tests.Support;

/// <summary>A node's files in memory, a signing key, and backups of them to any store.</summary>
internal sealed class BackupBench : IDisposable
{
    public static readonly BackupScope Scope = new("virtengine-1", "fullnode-0", BackupKinds.ChainState);

    private readonly PemSigner _signer = PemSigner.Generate().Signer;

    public BackupBench(int tables = 4, int tableSize = 300_000, int seed = 1)
    {
        var random = new Random(seed);
        for (var i = 0; i < tables; i++)
        {
            var bytes = new byte[tableSize];
            random.NextBytes(bytes.AsSpan(0, tableSize * 2 / 3));
            Files[$"data/application.db/{i:000000}.ldb"] = bytes;
        }

        Files["data/application.db/CURRENT"] = "MANIFEST-000002\n"u8.ToArray();
    }

    public TempFolder Folder { get; } = new();

    /// <summary>What is backed up, by path.</summary>
    public Dictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal);

    public RepositoryOptions Options => new() { Trust = new TrustStore([VerifyKeys.FromPublicKeyInfo(_signer.PublicKeyInfo)]), Signer = _signer, Region = "us-east-1" };

    public Task<BackupRepository> OpenAsync(IObjectStore store, CancellationToken token) => BackupRepository.CreateAsync(store, Options, token);

    public Task<BackupResult> WriteFilesAsync(BackupRepository repository, Dictionary<string, byte[]> files, BackupId id, IProgress<TransferProgress> progress, CancellationToken token) =>
        WriteAsync(repository, null, token, id, progress, files);

    public async Task<BackupResult> WriteAsync(
        BackupRepository repository, TimeSpan? lockFor, CancellationToken token, BackupId? id = null, IProgress<TransferProgress>? progress = null, Dictionary<string, byte[]>? files = null)
    {
        await using var snapshot = new MemorySnapshot(files ?? Files);
        var description = new BackupDescription(Scope, "us-east-1", id?.Height ?? 1200, "AABB", DateTimeOffset.UtcNow, "goleveldb", "v1", "v1", null, id);
        return await new BackupWriter(repository, new WriterOptions(LockFor: lockFor)).WriteAsync(snapshot, description, progress, token);
    }

    public void Dispose()
    {
        _signer.Dispose();
        Folder.Dispose();
    }
}
