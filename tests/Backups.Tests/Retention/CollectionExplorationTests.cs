using VirtEngine.DR.Backups.Manifests;
using VirtEngine.DR.Backups.Repositories;
using VirtEngine.DR.Backups.Retention;
using VirtEngine.DR.Backups.Signing;
using VirtEngine.DR.Backups.Storage;
using VirtEngine.DR.Backups.Tests.Support;
using VirtEngine.DR.Backups.Writing;
using Xunit;

namespace VirtEngine.DR.Backups.Tests.Retention;

/// <summary>
/// Explores schedules of the real writer and the real pruner over one bucket: one store call at a time, the next actor chosen by the
/// seed, with crashes, lost answers and bursts in which all the others are suspended. After each call every visible manifest's objects are there.
/// </summary>
public sealed class CollectionExplorationTests
{
    private static readonly BackupScope Scope = new("c", "n", BackupKinds.ChainState);

    [Theory]
    [InlineData(false, 1, 150)]
    [InlineData(true, 1001, 150)]
    public async Task WritersAndPruners_AnySchedule_NeverLoseAnObjectOfAVisibleBackup(bool versioned, int firstSeed, int seeds)
    {
        var committed = 0;
        var deleted = 0;
        var revoked = 0;
        for (var seed = firstSeed; seed < firstSeed + seeds; seed++)
        {
            var run = new Exploration(versioned, seed);
            await run.RunAsync();
            committed += run.Committed;
            deleted += run.Deleted;
            revoked += run.Revoked;
        }

        // The schedules must have reached what they are for.
        Assert.True(committed > seeds / 2, $"{committed} backups were committed");
        Assert.True(deleted > seeds / 8, $"{deleted} objects were deleted");
        Assert.True(revoked > 0, "no backup was revoked");
    }

    private sealed class Exploration
    {
        private readonly Random _random;
        private readonly int _seed;
        private readonly VersionedMemoryStore _store;
        private readonly AsyncLocal<Actor?> _current = new();
        private readonly List<Actor> _actors = [];
        private readonly List<(string Name, Func<Task> Work)> _later = [];
        private readonly PemSigner _signer = PemSigner.Generate().Signer;
        private readonly List<string> _trace = [];
        private BackupRepository? _repository;

        public Exploration(bool versioned, int seed)
        {
            _seed = seed;
            _random = new Random(seed);
            _store = new VersionedMemoryStore(versioned);
        }

        public int Committed { get; private set; }

        public int Deleted { get; private set; }

        public int Revoked { get; private set; }

        public async Task RunAsync()
        {
            _repository = await BackupRepository.CreateAsync(_store, new RepositoryOptions { Trust = new TrustStore([VerifyKeys.FromPublicKeyInfo(_signer.PublicKeyInfo)]), Signer = _signer, Time = new StoreTime(_store) }, Bench.Token);
            await WriteAsync([1, 2]);
            _store.Now += TimeSpan.FromHours(1);
            await WriteAsync([2, 3]);
            _store.Gate = (name, key, after) => _current.Value is { } actor ? actor.PassAsync($"{name} {key}", after) : Task.CompletedTask;
            foreach (var content in new int[][] { [1, 3], [2, 4], [1, 2] })
            {
                _later.Add(("writer", () => WriteAsync(content)));
            }

            _later.Add(("pruner", PruneAsync));
            _later.Add(("pruner", PruneAsync));
            await ExploreAsync();
            _store.Gate = null;
            await CheckAsync("at the end");
            _signer.Dispose();
        }

        private async Task ExploreAsync()
        {
            Actor? running = null;
            var burst = 0;
            for (var steps = 0; steps < 4000; steps++)
            {
                await Task.WhenAll(_actors.Select(actor => actor.QuietAsync())).WaitAsync(TimeSpan.FromSeconds(60), Bench.Token);
                var ready = _actors.Where(actor => actor.Waiting).ToList();
                if (_later.Count > 0 && (ready.Count == 0 || _random.Next(25) == 0))
                {
                    var (name, work) = _later[_random.Next(_later.Count)];
                    _later.Remove((name, work));
                    Start(name, work);
                    continue;
                }

                if (ready.Count == 0)
                {
                    return;
                }

                // Bursts: one actor goes on for a while, as if all the others were suspended.
                if (burst-- <= 0 || running is not { Waiting: true })
                {
                    running = ready[_random.Next(ready.Count)];
                    burst = _random.Next(2) == 0 ? 0 : _random.Next(40);
                }

                var chosen = running;
                _store.Now += TimeSpan.FromMinutes(_random.Next(3));
                var fate = _random.Next(300) switch { 0 => Fate.Crash, 1 => Fate.LoseAnswer, 2 => Fate.LoseRequest, _ => Fate.Go };
                _trace.Add($"{chosen.Name} {fate} {chosen.Call}");
                if (fate == Fate.Crash && chosen.Name.StartsWith("pruner", StringComparison.Ordinal))
                {
                    Start("pruner", PruneAsync);
                }

                await chosen.LetAsync(fate);
                await CheckAsync(chosen.Name);
            }

            throw new InvalidOperationException("the schedule did not end");
        }

        private void Start(string name, Func<Task> work)
        {
            var actor = new Actor(name + _actors.Count);
            _actors.Add(actor);
            actor.Task = Task.Run(async () =>
            {
                _current.Value = actor;
                try
                {
                    await work();
                }
                catch (Exception e) when (e is ObjectStoreException or BackupException or OperationCanceledException)
                {
                    // Failing is always allowed; losing is not.
                    _trace.Add($"{actor.Name} ended by {e.Message}");
                }
                finally
                {
                    actor.End();
                }
            });
        }

        private async Task WriteAsync(int[] content)
        {
            var files = content.ToDictionary(i => $"data/{i:d6}.ldb", i => Enumerable.Repeat((byte)i, 5000 + i).ToArray());
            await using var snapshot = new MemorySnapshot(files);
            await new BackupWriter(_repository!, new WriterOptions(Parallelism: 1)).WriteAsync(snapshot, new BackupDescription(Scope, "r"), null, CancellationToken.None);
            Committed++;
        }

        private async Task PruneAsync()
        {
            var options = new PruneOptions(new Dictionary<string, KeepRules> { [BackupKinds.ChainState] = new(Last: 1) }, TimeSpan.FromMinutes(30));
            for (var i = 0; i < 5; i++)
            {
                var result = await new Pruner(_repository!, options).PruneAsync("c", "n", dryRun: false, CancellationToken.None);
                Deleted += result.ObjectsDeleted;
                Revoked += result.IntentsRevoked.Count;
            }
        }

        /// <summary>The invariant, read past the gate.</summary>
        private Task CheckAsync(string who)
        {
            foreach (var key in _store.Keys.Where(key => RepositoryKeys.TryParseManifest(key) is not null))
            {
                var bytes = _store.Peek(key)!;
                if (Tombstone.TryParse(bytes) is not null)
                {
                    continue;
                }

                Assert.NotNull(_store.Peek(RepositoryKeys.Signature(key)));
                foreach (var item in ManifestCodec.Read(bytes, key).Objects)
                {
                    Assert.True(_store.Peek("c/n/" + item.Key)?.Length == item.Stored, $"seed {_seed}, after {who}: {key} names {item.Key}, which is gone.\n{string.Join("\n", _trace.TakeLast(60))}");
                }
            }

            return Task.CompletedTask;
        }
    }

    private enum Fate
    {
        Go,
        Crash,
        LoseAnswer,
        LoseRequest,
    }

    private sealed class StoreTime(VersionedMemoryStore store) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => store.Now;
    }

    private sealed class Actor(string name)
    {
        private TaskCompletionSource _quiet = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private TaskCompletionSource<Fate>? _turn;
        private Fate _fate;

        public string Name => name;

        public string Call { get; private set; } = string.Empty;

        public Task? Task { get; set; }

        public bool Waiting => _turn is not null;

        public Task QuietAsync() => _quiet.Task;

        public void End() => _quiet.TrySetResult();

        public Task LetAsync(Fate fate)
        {
            if (fate == Fate.Crash)
            {
                // Never comes back: what it holds stays as it is.
                _turn = null;
                return System.Threading.Tasks.Task.CompletedTask;
            }

            var turn = _turn!;
            _turn = null;
            _quiet = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var next = _quiet.Task;
            turn.SetResult(fate);
            return next;
        }

        public async Task PassAsync(string call, bool after)
        {
            if (after)
            {
                if (_fate == Fate.LoseAnswer)
                {
                    _fate = Fate.Go;
                    throw new ObjectStoreException("the answer was lost", transient: true);
                }

                return;
            }

            Call = call;
            _turn = new TaskCompletionSource<Fate>(TaskCreationOptions.RunContinuationsAsynchronously);
            var turn = _turn.Task;
            _quiet.TrySetResult();
            _fate = await turn;
            if (_fate == Fate.LoseRequest)
            {
                throw new ObjectStoreException("the request was lost", transient: true);
            }
        }
    }
}
