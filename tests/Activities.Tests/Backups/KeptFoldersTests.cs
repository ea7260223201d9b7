using VirtEngine.DR.Activities.Tests.Support;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;

namespace VirtEngine.DR.Activities.Tests.Backups;

/// <summary>What a restore keeps, on a real node's home.</summary>
public sealed class KeptFoldersTests
{
    private readonly CancellationToken _token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Drop_AfterTwoRestoresOfOneBackup_TakesExactlyWhatJournalsName()
    {
        await using var estate = await MiniEstate.StartAsync(_token);
        var backup = await estate.BackUpAsync("b1");
        Assert.Empty(await estate.Restores.KeptAsync(new KeptQuery(estate.Slice)));

        await RestoreAsync(estate, backup, "run");
        await RestoreAsync(estate, backup, "second");
        var parent = Path.Combine(estate.Home, ".virtengine-dr", "restore");
        var stranger = Directory.CreateDirectory(Path.Combine(parent, ".virtengine-kept-0123456789abcdef0123456789abcdef")).FullName;

        var kept = await estate.Restores.KeptAsync(new KeptQuery(estate.Slice));
        Assert.Equal(2, kept.Count);
        Assert.All(kept, folder => Assert.True(folder is { Bytes: > 0, Held: null } && folder.Digest == backup.Digest && File.Exists(Path.Combine(folder.Folder, "data", "priv_validator_state.json"))));

        // The first of the two is what an earlier run kept; the second call finds it gone, which is a success.
        Assert.Equal(kept[0].Bytes, await estate.Restores.DropKeptAsync(new KeptDrop(estate.Key("drop"), estate.Slice, kept[0].Name)));
        Assert.Equal(0, await estate.Restores.DropKeptAsync(new KeptDrop(estate.Key("drop"), estate.Slice, kept[0].Name)));
        Assert.Equal(kept[1].Name, Assert.Single(await estate.Restores.KeptAsync(new KeptQuery(estate.Slice))).Name);
        await estate.Restores.DropKeptAsync(new KeptDrop(estate.Key("drop"), estate.Slice, kept[1].Name));
        await estate.Restores.DropKeptAsync(new KeptDrop(estate.Key("drop"), estate.Slice, Path.GetFileName(stranger)));

        Assert.Empty(await estate.Restores.KeptAsync(new KeptQuery(estate.Slice)));
        Assert.Equal([stranger], Directory.GetDirectories(parent));
        Assert.Empty(Directory.GetFiles(estate.Home, ".virtengine-swap-*"));
        Assert.Equal(Contracts.Chain.Health.Healthy, (await estate.Chain.AwaitHealthyAsync(estate.Health)).Health);
    }

    [Fact]
    public async Task Drop_SwapNotFinished_IsRefused()
    {
        await using var estate = await MiniEstate.StartAsync(_token);
        var backup = await estate.BackUpAsync("b1");
        await RestoreAsync(estate, backup, "run");
        var journal = Assert.Single(Directory.GetFiles(estate.Home, ".virtengine-swap-*"));
        await File.WriteAllTextAsync(journal, (await File.ReadAllTextAsync(journal, _token)).Replace("\"finished\":true", "\"finished\":false", StringComparison.Ordinal), _token);

        var kept = Assert.Single(await estate.Restores.KeptAsync(new KeptQuery(estate.Slice)));
        var refused = await Make.FailureAsync(estate.Restores.DropKeptAsync(new KeptDrop(estate.Key("drop"), estate.Slice, kept.Name)));

        Assert.NotNull(kept.Held);
        Assert.Equal(ErrorTypes.Conflict, refused.ErrorType);
        Assert.True(Directory.Exists(kept.Folder));
    }

    private static async Task RestoreAsync(MiniEstate estate, BackupRef backup, string run)
    {
        RestoreAct Act(string step) => new(estate.Key(step) with { WorkflowId = run, FirstRunId = run, RunId = run }, estate.Slice, backup, []);
        await estate.Restores.StageAsync(Act("stage"));
        await estate.Nodes.StopAsync(estate.Act("stop"));
        await estate.Restores.SwapAsync(Act("swap"));
        await estate.Nodes.StartAsync(estate.Act("start"));
        await estate.Chain.AwaitHealthyAsync(estate.Health);
    }
}
