using System.Collections.Concurrent;
using System.Globalization;
using VirtEngine.DR.Activities.Tests.Support;
using VirtEngine.DR.Backups;
using VirtEngine.DR.Backups.Catalogs;
using VirtEngine.DR.Backups.Repositories;
using VirtEngine.DR.Backups.Retention;
using VirtEngine.DR.Backups.Storage;
using VirtEngine.DR.Backups.Verification;
using VirtEngine.DR.Tests.Shared;

namespace VirtEngine.DR.Activities.Tests.Network;

/// <summary>
/// Writers, a collector, cuts and suspensions at random on a real server through a real bad network: whatever becomes visible is whole.
/// <c>VIRTENGINE_FUZZ_SEED</c> repeats a run, <c>VIRTENGINE_FUZZ_ROUNDS</c> makes it longer (5 unless given).
/// </summary>
public sealed class RepositoryFuzzTests
{
    private const int Writers = 3;
    private readonly CancellationToken _token = TestContext.Current.CancellationToken;
    private readonly ConcurrentQueue<string> _journal = new();

    [Fact]
    public async Task EveryVisibleManifest_WhateverHappened_PassesRungTwo()
    {
        var seed = Number("VIRTENGINE_FUZZ_SEED", Environment.TickCount & 0xFFFF);
        var rounds = Number("VIRTENGINE_FUZZ_ROUNDS", 5);
        await using var server = await S3Peer.StartAsync("versitygw", _token);
        await using var proxy = await Toxiproxy.StartAsync(_token);
        using var bench = new BackupBench(tables: 6, tableSize: 60_000, seed);
        var direct = await bench.OpenAsync(server.Open(), _token);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_token);
        var collecting = CollectAsync(bench, direct, stop.Token);
        try
        {
            await Task.WhenAll(Enumerable.Range(0, Writers).Select(i => WriteAsync(server, proxy, bench, new Random((seed * 31) + i), i, rounds)));
        }
        finally
        {
            await stop.CancelAsync();
            await collecting;
        }

        await PruneAsync(direct, _token);
        var visible = (await new BackupCatalog([new CatalogSource("r", direct)]).ListAsync(BackupBench.Scope, _token)).Entries;
        Assert.True(visible.Count > 0, $"seed {seed}: nothing was ever committed: {string.Join("\n", _journal)}");
        foreach (var entry in visible)
        {
            var records = await new BackupVerifier(new VerifierOptions("fuzz")).VerifyAsync(direct, entry.Key, Rung.Read, null, _token);
            Assert.True(records.Count == 2 && records.All(record => record.Passed), $"seed {seed}: {entry.Id}: {string.Join("; ", records.SelectMany(record => record.Problems))}\n{string.Join("\n", _journal)}");
        }
    }

    private static int Number(string name, int fallback) => int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : fallback;

    /// <summary>Each writer has a way of its own, so that one can be cut off for a while (a suspension) while the others and the collector go on.</summary>
    private async Task WriteAsync(S3Peer server, Toxiproxy proxy, BackupBench bench, Random random, int number, int rounds)
    {
        var link = await proxy.LinkAsync(server.Url, _token);
        var repository = await bench.OpenAsync(S3Peer.Open(link.Url), _token);
        BackupId? pending = null;
        for (var round = 0; round < rounds; round++)
        {
            var files = new Dictionary<string, byte[]>(bench.Files, StringComparer.Ordinal);
            foreach (var path in bench.Files.Keys.Where(_ => random.Next(3) == 0))
            {
                // Some content is shared by writers and rounds, some is not: re-use and garbage both happen.
                files[path] = [.. files[path], (byte)random.Next(4)];
            }

            var id = pending ?? BackupId.Create(1000 + round, DateTimeOffset.UtcNow);
            var told = new Told(random.Next(1, 6));
            var disturbing = DisturbAsync(link, told, random.Next(6));
            try
            {
                await bench.WriteFilesAsync(repository, files, id, told, _token);
                _journal.Enqueue($"writer {number}: {id} committed");
                pending = null;
            }
            catch (Exception e) when (e is ObjectStoreException { Transient: true } or BackupException)
            {
                // An attempt that was cut off is tried again under its own id; one that a collector gave up takes a fresh one.
                _journal.Enqueue($"writer {number}: {id}: {e.Message}");
                pending = e is ObjectStoreException ? id : null;
            }

            told.Report(new TransferProgress("transfer", int.MaxValue, 0, 0, 0));
            await disturbing;
            await link.HealAsync();
        }
    }

    private static async Task DisturbAsync(Toxiproxy.Link link, Told told, int what)
    {
        await told.Reached;
        await (what switch
        {
            0 => link.PartitionAsync(),
            1 => link.CutAfterAsync(30_000, "upstream", 0.5),
            2 => link.CutAfterAsync(200, "downstream", 0.5),
            3 => link.LatencyAsync(60, 60),
            _ => Task.CompletedTask,
        });
    }

    private async Task CollectAsync(BackupBench bench, BackupRepository direct, CancellationToken stop)
    {
        var repository = await bench.OpenAsync(direct.Store, _token);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await PruneAsync(repository, stop);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectStoreException { Transient: true })
            {
                _journal.Enqueue("collector: " + e.Message);
            }
            catch (BackupException e) when (e.Code == BackupErrorCodes.CollectionStopped)
            {
                // It saw a manifest between its signature and itself, or one that vanished: it stops rather than guess, and comes again.
                _journal.Enqueue("collector: " + e.Message);
            }
        }
    }

    private static Task<PruneResult> PruneAsync(BackupRepository repository, CancellationToken token) => new Pruner(
        repository,
        new PruneOptions(new Dictionary<string, KeepRules> { [BackupKinds.ChainState] = new(Last: 3) }, RevokeIntentsOlderThan: TimeSpan.FromSeconds(3)))
        .PruneAsync(BackupBench.Scope.Chain, BackupBench.Scope.Node, dryRun: false, token);
}
