using VirtEngine.DR.Backups.Catalogs;
using VirtEngine.DR.Backups.Encryption;
using VirtEngine.DR.Backups.Repositories;
using VirtEngine.DR.Backups.Signing;
using VirtEngine.DR.Backups.Snapshots;
using VirtEngine.DR.Backups.Storage;
using VirtEngine.DR.Backups.Writing;

namespace VirtEngine.DR.Backups.Tests.Support;

/// <summary>A repository of its own with a key, and what tests do with it.</summary>
public sealed class Bench : IDisposable
{
    public static readonly BackupScope Scope = new("virtengine-1", "fullnode-0", BackupKinds.ChainState);

    public TempFolder Folder { get; } = new();

    public PemSigner Signer { get; } = PemSigner.Generate().Signer;

    public string StorePath => Folder.Sub("store");

    public IObjectStore Store => new LocalFolderStore(StorePath);

    public static CancellationToken Token => Xunit.TestContext.Current.CancellationToken;

    public VerifyKey Key => VerifyKeys.FromPublicKeyInfo(Signer.PublicKeyInfo);

    public RepositoryOptions Options => new()
    {
        Trust = new TrustStore([Key]),
        Signer = Signer,
        KeyWrapper = new FileKeyWrapper([[.. Enumerable.Range(0, 32).Select(i => (byte)i)]]),
        Region = "us-east",
    };

    public Task<BackupRepository> OpenAsync(RepositoryOptions? options = null) => BackupRepository.CreateAsync(Store, options ?? Options, Token);

    public static Dictionary<string, byte[]> NodeFiles(int seed = 1)
    {
        var random = new Random(seed);
        byte[] Fill(int size)
        {
            var bytes = new byte[size];
            random.NextBytes(bytes.AsSpan(0, size * 2 / 3));
            return bytes;
        }

        return new Dictionary<string, byte[]>
        {
            ["data/application.db/000012.ldb"] = Fill(2 << 20),
            ["data/application.db/000013.ldb"] = Fill(300_000),
            ["data/application.db/000014.log"] = Fill(9 << 20),
            ["data/application.db/CURRENT"] = "MANIFEST-000002\n"u8.ToArray(),
            ["data/application.db/MANIFEST-000002"] = Fill(5000),
            ["data/cs.wal/wal"] = Fill(70_000),
            ["data/empty"] = [],
            ["wasm/state/one.wasm"] = Fill(200_000),
        };
    }

    public static async Task<BackupResult> WriteAsync(BackupRepository repository, IReadOnlyDictionary<string, byte[]>? files = null, BackupScope? scope = null, long height = 1200, BackupId? id = null, WriterOptions? options = null)
    {
        await using var snapshot = new MemorySnapshot(files ?? NodeFiles());
        return await new BackupWriter(repository, options).WriteAsync(snapshot, new BackupDescription(scope ?? Scope, "us-east", height, "AABB", DateTimeOffset.UtcNow, "goleveldb", "v1", "v1", null, id), null, Token);
    }

    public static Dictionary<string, byte[]> ReadTree(string folder) => Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })
        .ToDictionary(path => Path.GetRelativePath(folder, path), File.ReadAllBytes);

    public static BackupCatalog Catalog(BackupRepository repository) => new([new CatalogSource("us-east", repository)]);

    public void Dispose()
    {
        Signer.Dispose();
        Folder.Dispose();
    }
}
