using System.Diagnostics;
using System.Globalization;
using VirtEngine.DR.Activities.ObjectStore;
using VirtEngine.DR.Backups;
using VirtEngine.DR.Backups.Repositories;
using VirtEngine.DR.Backups.Restoring;
using VirtEngine.DR.Backups.Signing;
using VirtEngine.DR.Backups.Snapshots;
using VirtEngine.DR.Backups.Writing;
using VirtEngine.DR.Bench.Backup;
using VirtEngine.DR.Contracts.Estates;

// The repository library in a process of its own, so that its time and memory can be measured from outside like any other program's.
// BENCH_BUCKET (s3://bucket or file:///folder) and BENCH_ENDPOINT say where to; BENCH_STATE keeps the signing key and the index.
string usage = "generate HOME GIB | change HOME SHARE | backup HOME | restore FOLDER | freeze HOME COUNT";
if (args.Length < 2)
{
    Console.Error.WriteLine("usage: " + usage);
    return 2;
}

switch (args[0])
{
    case "generate":
        TableSet.GenerateHome(args[1], (long)(double.Parse(args[2], CultureInfo.InvariantCulture) * (1L << 30)));
        return 0;
    case "change":
        TableSet.Change(Path.Combine(args[1], "data", "application.db"), double.Parse(args[2], CultureInfo.InvariantCulture));
        return 0;
    case "backup":
        return await BackupAsync(args[1]);
    case "restore":
        return await RestoreAsync(args[1]);
    case "freeze":
        return await Freezes.RunAsync(args[1], int.Parse(args[2], CultureInfo.InvariantCulture));
    default:
        Console.Error.WriteLine("usage: " + usage);
        return 2;
}

static async Task<BackupRepository> RepositoryAsync(string state)
{
    string file = Path.Combine(state, "signing.pem");
    if (!File.Exists(file))
    {
        Directory.CreateDirectory(state);
        await File.WriteAllTextAsync(file, PemSigner.Generate().PrivateKeyPem);
    }

    var signer = PemSigner.Load(await File.ReadAllTextAsync(file));
    var bucket = new BucketSpec
    {
        Url = Environment.GetEnvironmentVariable("BENCH_BUCKET") ?? "file://" + Path.Combine(state, "bucket"),
        Region = "us-east-1",
        Endpoint = Environment.GetEnvironmentVariable("BENCH_ENDPOINT"),
        PathStyle = true,
    };
    var options = new RepositoryOptions { Trust = new TrustStore([VerifyKeys.FromPem(signer.PublicKeyPem())]), Signer = signer };
    return await BackupRepository.CreateAsync(new ObjectStoreFactory().Create(bucket), options, CancellationToken.None);
}

static string State() => Environment.GetEnvironmentVariable("BENCH_STATE") ?? throw new InvalidOperationException("BENCH_STATE is not set");

static async Task<int> BackupAsync(string home)
{
    var repository = await RepositoryAsync(State());
    var request = new CaptureRequest(NodeLayout.Read(home), Path.Combine(home, ".staging"), Guid.NewGuid().ToString("N")) { FreeSpaceFloor = 0.02 };
    var clock = Stopwatch.StartNew();
    await using ISnapshot snapshot = await new StoppedSnapshotter().CaptureAsync(request, CancellationToken.None);
    var writer = new BackupWriter(repository, new WriterOptions(IndexFolder: Path.Combine(State(), "index")));
    BackupResult result = await writer.WriteAsync(
        snapshot, new BackupDescription(new BackupScope("bench-1", "node-0", "chain-state"), "us-east-1"), null, CancellationToken.None);
    await File.WriteAllTextAsync(Path.Combine(State(), "last"), result.Key);
    Console.WriteLine(FormattableString.Invariant(
        $"{clock.Elapsed.TotalSeconds:0.0} s, read {result.BytesRead >> 20} MiB, uploaded {result.BytesUploaded >> 20} MiB, reused {result.BytesReused >> 20} MiB"));
    return 0;
}

static async Task<int> RestoreAsync(string folder)
{
    var repository = await RepositoryAsync(State());
    string key = await File.ReadAllTextAsync(Path.Combine(State(), "last"));
    Directory.CreateDirectory(folder);
    StagedRestore staged = await new RestoreStager().StageAsync([repository], key, folder, null, CancellationToken.None);
    Console.WriteLine(FormattableString.Invariant($"{staged.Folder}: {staged.BytesDownloaded >> 20} MiB downloaded"));
    return 0;
}
