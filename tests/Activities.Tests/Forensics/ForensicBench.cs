using VirtEngine.DR.Activities.Backups;
using VirtEngine.DR.Activities.Forensics;
using VirtEngine.DR.Activities.Nodes;
using VirtEngine.DR.Activities.ObjectStore;
using VirtEngine.DR.Activities.Tests.Support;
using VirtEngine.DR.Backups.Repositories;
using VirtEngine.DR.Backups.Restoring;
using VirtEngine.DR.Backups.Signing;
using VirtEngine.DR.Backups.Storage;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Forensics;

namespace VirtEngine.DR.Activities.Tests.Forensics;

/// <summary>A stopped node's home with everything that evidence is made of, torn tables and keys too, and a bucket for its copy.</summary>
internal sealed class ForensicBench : IDisposable, IObjectStoreFactory
{
    private readonly TempFolder _folder = new();
    private readonly IObjectStore _store;

    public ForensicBench(IObjectStore store, BucketSpec? bucket = null, int journal = 9 << 20)
    {
        _store = store;
        var (signer, pem) = PemSigner.Generate();
        File.WriteAllText(_folder.File("sign.pem"), pem);
        File.WriteAllText(_folder.File("key"), Convert.ToBase64String(new byte[32]));
        File.SetUnixFileMode(_folder.File("key"), UnixFileMode.UserRead);
        Fill(journal);
        Slice = new NodeSlice(
            Node.Target,
            [],
            [],
            new BackupSpec
            {
                SigningKeys = [new SigningKeySpec("k1", signer.PublicKeyPem(), ["*"], [Contracts.Backups.BackupKinds.ChainState], _folder.File("sign.pem"), null)],
                Encryption = new EncryptionSpec("file", _folder.File("key"), false),
            },
            new ApprovalSpec(),
            [],
            [],
            false)
        {
            Forensics = bucket ?? new BucketSpec { Url = "memory:bucket", Region = "r1" },
        };
        Access = new RepositoryAccess(this, new KeyWrapperFactory());
        var preserver = new Preserver(NodeControls.Default, Access);
        Activities = new ForensicActivities(preserver, new Forecaster(preserver, Access), Access);
    }

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public ShellNode Node { get; } = new();

    public NodeSlice Slice { get; set; }

    public RepositoryAccess Access { get; }

    public ForensicActivities Activities { get; }

    /// <summary>What a copy must hold, by path below the home.</summary>
    public Dictionary<string, byte[]> Evidence { get; } = new(StringComparer.Ordinal);

    public IObjectStore Create(BucketSpec bucket) => _store;

    public ForensicAct Act(int number = 1, string run = "run-1") =>
        new(new StepKey("wf-" + run, run, run, "preserve", "do", number), Slice) { WithoutLock = true };

    /// <summary>Every file of a copy, rebuilt and read.</summary>
    public async Task<Dictionary<string, byte[]>> ReadAsync(ForensicReceipt receipt)
    {
        var repository = await OpenAsync();
        var staged = await new RestoreStager(new RestoreOptions { Evidence = true }).StageAsync([repository], receipt.Key, Directory.CreateDirectory(_folder.File("read")).FullName, null, Token);
        var files = Directory.EnumerateFiles(staged.Folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })
            .ToDictionary(path => Path.GetRelativePath(staged.Folder, path), File.ReadAllBytes, StringComparer.Ordinal);
        Directory.Delete(staged.Folder, recursive: true);
        return files;
    }

    public Task<BackupRepository> OpenAsync() => Access.OpenAsync(Slice, Slice.Forensics!, Token);

    public async Task<IReadOnlyList<string>> ManifestsAsync()
    {
        var keys = new List<string>();
        await foreach (var item in (await OpenAsync()).Store.ListAsync("c-1/fullnode-0/forensic/", Token))
        {
            if (item.Key.EndsWith(".json", StringComparison.Ordinal) && !item.Key.Contains(".rung-", StringComparison.Ordinal))
            {
                keys.Add(item.Key);
            }
        }

        return keys;
    }

    public void Put(string path, byte[] bytes, bool evidence = true)
    {
        var file = Path.Combine(Node.Home, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, bytes);
        if (evidence)
        {
            Evidence[path] = bytes;
        }
    }

    public void Dispose()
    {
        Node.Dispose();
        _folder.Dispose();
    }

    private void Fill(int journal)
    {
        var random = new Random(7);
        byte[] Bytes(int size)
        {
            var bytes = new byte[size];
            random.NextBytes(bytes);
            return bytes;
        }

        Evidence["config/config.toml"] = File.ReadAllBytes(Path.Combine(Node.Home, "config", "config.toml"));
        Evidence["data/application.db/CURRENT"] = File.ReadAllBytes(Path.Combine(Node.Home, "data", "application.db", "CURRENT"));

        // No table at all by its content: a backup refuses it as torn, evidence takes it as it is.
        Put("data/application.db/000012.ldb", Bytes(70_000));
        Put("data/application.db/000013.log", Bytes(journal));
        Put("data/application.db/LOCK", []);
        Put("data/blockstore.db/MANIFEST-000002", Bytes(200));
        Put("data/cs.wal/wal", Bytes(20_000));
        Put("data/priv_validator_state.json", """{"height":"41","round":0,"step":3}"""u8.ToArray());
        Put("data/snapshots/40/3/0", Bytes(5000));
        Put("config/genesis.json", """{"chain_id":"c-1"}"""u8.ToArray());
        Put("config/priv_validator_key.json", """{"pub_key":{"type":"t","value":"cHVibGlj"},"priv_key":{"type":"t","value":"c2VjcmV0LWNvbnNlbnN1cw=="}}"""u8.ToArray(), evidence: false);
        Put("config/node_key.json", """{"priv_key":{"type":"tendermint/PrivKeyEd25519","value":"c2VjcmV0LW5vZGU="}}"""u8.ToArray(), evidence: false);
        Put("config/old-key.txt", """{"priv_key":{"type":"tendermint/PrivKeyEd25519","value":"c2VjcmV0LW9sZA=="}}"""u8.ToArray(), evidence: false);
        Put("config/keyring-file/operator.info", "c2VjcmV0LW9wZXJhdG9y"u8.ToArray(), evidence: false);
        Put("config/tmkms/softsign.key", "c2VjcmV0LXRta21z"u8.ToArray(), evidence: false);
        Put(".virtengine-dr/node.log", "started\npanic: wrong app hash\n"u8.ToArray(), evidence: false);
    }
}
