using System.Diagnostics;
using System.Text;
using VirtEngine.DR.Backups.Repositories;
using VirtEngine.DR.Backups.Restoring;
using VirtEngine.DR.Backups.Signing;
using VirtEngine.DR.Backups.Storage;
using VirtEngine.DR.Backups.Tests.Support;
using Xunit;

namespace VirtEngine.DR.Backups.Tests.Restoring;

/// <summary>
/// A restore in a process of its own, ended by SIGKILL at its writes: either the old folder is whole, or the new one equals the
/// manifest, or the journal says that the node must not start; the signing state never falls, and the next call ends it right.
/// </summary>
public sealed class RestoreKillTests : IDisposable
{
    private const string FolderVariable = "VIRTENGINE_KILL_TEST_FOLDER";
    private const int SigningHeight = 4711;
    private readonly Bench _bench = new();

    private string Home => _bench.Folder.Sub("home");

    private string SigningStatePath => Path.Combine(Home, "data/priv_validator_state.json");

    public void Dispose() => _bench.Dispose();

    /// <summary>What the killed process does; each step is told on its standard output before it is made.</summary>
    [Fact(Explicit = true)]
    public async Task Child_RestoresAndTells()
    {
        var folder = Environment.GetEnvironmentVariable(FolderVariable);
        Assert.SkipWhen(folder is null, "the child of another test");
        await using var output = Console.OpenStandardOutput();
        var told = new Tell(output);
        told.Say("begin");
        var trust = new TrustStore([VerifyKeys.FromPublicKeyInfo(await File.ReadAllBytesAsync(Path.Combine(folder, "key"), Bench.Token))]);
        var repository = await BackupRepository.OpenAsync(new LocalFolderStore(Path.Combine(folder, "store")), new RepositoryOptions { Trust = trust }, Bench.Token);
        var key = await File.ReadAllTextAsync(Path.Combine(folder, "manifest"), Bench.Token);
        var home = Path.Combine(folder, "home");
        var staged = await new RestoreStager().StageAsync([repository], key, Path.Combine(home, "restore"), told, Bench.Token);
        told.Say("swap");
        await DataSwap.SwapAsync(new SwapRequest(home, staged.Folder, staged.Digest), Bench.Token);
        told.Say("done");
    }

    [Fact]
    public async Task Restore_KilledAtAnyWrite_OldIsWholeOrNewEqualsTheManifest()
    {
        var repository = await _bench.OpenAsync();
        var files = Bench.NodeFiles();
        var written = await Bench.WriteAsync(repository, files);
        await File.WriteAllBytesAsync(Path.Combine(_bench.Folder.Path, "key"), _bench.Signer.PublicKeyInfo, Bench.Token);
        await File.WriteAllTextAsync(Path.Combine(_bench.Folder.Path, "manifest"), written.Key, Bench.Token);
        Prepare();
        var steps = await RunAsync(killAt: int.MaxValue, TimeSpan.Zero);
        Assert.Equal("done", steps[^1]);
        await CheckAsync(written.Digest, files, finished: true);

        var swap = steps.IndexOf("swap");
        var kills = Enumerable.Range(0, 5).Select(i => (Step: 1 + (i * (swap - 1) / 5), Microseconds: 0))
            .Concat(Enumerable.Range(0, 8).Select(i => (Step: swap, Microseconds: i * 400)))
            .Append((Step: swap - 1, Microseconds: 2000));
        foreach (var (step, microseconds) in kills)
        {
            Prepare();
            await RunAsync(step, TimeSpan.FromMicroseconds(microseconds));
            await CheckAsync(written.Digest, files, finished: false);

            // The same call again, as a retry would make it.
            var staged = await new RestoreStager().StageAsync([repository], written.Key, Path.Combine(Home, "restore"), null, Bench.Token);
            await DataSwap.SwapAsync(new SwapRequest(Home, staged.Folder, staged.Digest), Bench.Token);
            await CheckAsync(written.Digest, files, finished: true);
        }
    }

    private void Prepare()
    {
        if (Directory.Exists(Home))
        {
            Directory.Delete(Home, recursive: true);
        }

        Directory.CreateDirectory(Path.Combine(Home, "data/application.db"));
        File.WriteAllText(Path.Combine(Home, "data/application.db/000001.log"), "old");
        File.WriteAllText(SigningStatePath, $$"""{"height":"{{SigningHeight}}","round":0,"step":3}""");
    }

    /// <summary>Runs the child; kills it a moment after it has told so many steps.</summary>
    private async Task<List<string>> RunAsync(int killAt, TimeSpan after)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["-explicit", "only", "-method", $"{typeof(RestoreKillTests).FullName}.{nameof(Child_RestoresAndTells)}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { [FolderVariable] = _bench.Folder.Path },
        };
        using var child = Process.Start(start)!;
        _ = child.StandardError.ReadToEndAsync(Bench.Token);
        var steps = new List<string>();
        while (await child.StandardOutput.ReadLineAsync(Bench.Token) is { } line)
        {
            if (line.IndexOf("STEP ", StringComparison.Ordinal) is >= 0 and var at)
            {
                steps.Add(line[(at + 5)..]);
                if (steps.Count == killAt + 1)
                {
                    for (var clock = Stopwatch.StartNew(); clock.Elapsed < after;)
                    {
                        Thread.SpinWait(50);
                    }

                    child.Kill();
                }
            }
        }

        await child.WaitForExitAsync(Bench.Token);
        return steps;
    }

    private async Task CheckAsync(string digest, Dictionary<string, byte[]> files, bool finished)
    {
        var state = await File.ReadAllTextAsync(SigningStatePath, Bench.Token);
        Assert.Contains($"\"{SigningHeight}\"", state, StringComparison.Ordinal);
        var pending = await DataSwap.PendingAsync(Home, Bench.Token);
        if (pending is not null)
        {
            Assert.False(finished);
            Assert.Equal(digest, pending);
            return;
        }

        var there = Bench.ReadTree(Path.Combine(Home, "data"));
        there.Remove("priv_validator_state.json");
        if (!finished && there.Count == 1)
        {
            Assert.Equal("old", Encoding.UTF8.GetString(there["application.db/000001.log"]));
            return;
        }

        var wanted = files.Where(file => file.Key.StartsWith("data/", StringComparison.Ordinal)).ToDictionary(file => file.Key["data/".Length..], file => file.Value);
        Assert.Equal(wanted.Keys.Order(StringComparer.Ordinal), there.Keys.Order(StringComparer.Ordinal));
        Assert.All(wanted, file => Assert.Equal(file.Value, there[file.Key]));
        Assert.Equal(files["wasm/state/one.wasm"], await File.ReadAllBytesAsync(Path.Combine(Home, "wasm/state/one.wasm"), Bench.Token));
    }

    private sealed class Tell(Stream output) : IProgress<TransferProgress>
    {
        private readonly Lock _lock = new();

        public void Report(TransferProgress value) => Say($"{value.Phase} {value.FilesDone}");

        public void Say(string step)
        {
            lock (_lock)
            {
                output.Write(Encoding.UTF8.GetBytes($"STEP {step}\n"));
                output.Flush();
            }
        }
    }
}
