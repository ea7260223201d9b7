using VirtEngine.DR.Activities.Nodes;
using VirtEngine.DR.Activities.Tests.Support;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Nodes;

namespace VirtEngine.DR.Activities.Tests.Backups;

/// <summary>A node's whole home is gone, and its parts come back by the node worker's own activities.</summary>
public sealed class LostHomeTests
{
    private readonly CancellationToken _token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task PrepareThenRestore_WholeHomeDeleted_NodeIsHealthyAgainUnderANewId()
    {
        await using var estate = await MiniEstate.StartAsync(_token);
        await estate.ConfigureAsync(_token, "config");
        var (configuration, _) = await estate.BackUpAsync(BackupKinds.Configuration, "c1");
        var (data, _) = await estate.BackUpAsync(BackupKinds.ChainState, "b1");
        var former = await File.ReadAllTextAsync(Path.Combine(estate.Home, "config", "priv_validator_key.json"), _token);
        var formerId = (await estate.Homes.ObserveAsync(Act(estate, configuration))).NodeId;
        await LoseAsync(estate);

        Assert.Equal(["config/config.toml", "config/genesis.json"], (await estate.Nodes.ObserveAsync(estate.Slice.Target)).MissingFromHome);
        var home = await estate.Homes.PrepareAsync(Act(estate, configuration));
        Assert.Equal((HomePreparation.Complete, 3, null), (home.Preparation, home.Placed, home.NodeId));
        Assert.False(File.Exists(Path.Combine(estate.Home, "config", "priv_validator_key.json")));
        Assert.Empty((await estate.Nodes.ObserveAsync(estate.Slice.Target)).MissingFromHome);
        home = await estate.Homes.MakeNodeKeyAsync(Act(estate, configuration));
        Assert.True(home.MadeNodeKey);
        Assert.NotEqual(formerId, home.NodeId);

        await estate.Restores.StageAsync(Act(estate, data));
        Assert.True((await estate.Restores.SwapAsync(Act(estate, data))).Swapped);
        await estate.Nodes.StartAsync(estate.Act("start"));
        var health = await estate.Chain.AwaitHealthyAsync(estate.Health with { AtLeastHeight = data.Backup.Height });
        Assert.Equal(Health.Healthy, health.Health);
        Assert.NotNull(health.AppHashAgreesAt);
        Assert.NotEqual(former, await File.ReadAllTextAsync(Path.Combine(estate.Home, "config", "priv_validator_key.json"), _token));
    }

    [Fact]
    public async Task Prepare_KilledBeforeAnyWrite_GoesOnOrIsTakenBack()
    {
        await using var estate = await MiniEstate.StartAsync(_token, full: false);
        await estate.ConfigureAsync(_token, "config");
        var (configuration, _) = await estate.BackUpAsync(BackupKinds.Configuration, "c1");
        var home = NodeHome.Of(estate.Slice.Target.Node);
        var kills = 0;
        for (var kill = 1; ; kill++)
        {
            await LoseAsync(estate);
            var act = Act(estate, configuration);
            home.EnsurePrivate();
            if (!await KilledAsync(kill, fence => estate.Preparer.PrepareAsync(act, home, fence, null, _token)))
            {
                break;
            }

            kills++;

            // Aborted here, killed once more on the way back: the home is as empty as it was found.
            await KilledAsync(kill, fence => VirtEngine.DR.Activities.Backups.Preparing.HomePreparer.UnprepareAsync(act, home, fence, _token));
            Assert.Equal(HomePreparation.None, (await estate.Homes.UnprepareAsync(Act(estate, configuration))).Preparation);
            Assert.Equal([".virtengine-dr"], Directory.GetFileSystemEntries(estate.Home).Select(Path.GetFileName));

            // Begun again, killed again, and then let through, twice.
            await KilledAsync(kill, fence => estate.Preparer.PrepareAsync(act, home, fence, null, _token));
            await estate.Homes.PrepareAsync(Act(estate, configuration));
            var end = await estate.Homes.PrepareAsync(Act(estate, configuration));
            Assert.Equal((HomePreparation.Complete, 3), (end.Preparation, end.Placed));
            Assert.Equal(["app.toml", "config.toml", "genesis.json"], Directory.GetFileSystemEntries(Path.Combine(estate.Home, "config")).Select(Path.GetFileName).Order());
        }

        Assert.Equal(5, kills);
    }

    [Fact]
    public async Task Unprepare_APersonChangedAFile_LeavesItAndTakesTheRest()
    {
        await using var estate = await MiniEstate.StartAsync(_token, full: false);
        await estate.ConfigureAsync(_token, "config");
        var (configuration, _) = await estate.BackUpAsync(BackupKinds.Configuration, "c1");
        await LoseAsync(estate);
        await estate.Homes.PrepareAsync(Act(estate, configuration));
        await estate.Homes.MakeNodeKeyAsync(Act(estate, configuration));
        await File.AppendAllTextAsync(Path.Combine(estate.Home, "config", "app.toml"), "# mine\n", _token);

        Assert.Null((await estate.Homes.RemoveNodeKeyAsync(Act(estate, configuration))).NodeId);
        Assert.Equal(HomePreparation.None, (await estate.Homes.UnprepareAsync(Act(estate, configuration))).Preparation);

        Assert.Equal(["app.toml"], Directory.GetFileSystemEntries(Path.Combine(estate.Home, "config")).Select(Path.GetFileName));
        Assert.Null((await estate.Homes.RemoveNodeKeyAsync(Act(estate, configuration))).NodeId);
    }

    [Fact]
    public async Task MakeNodeKey_OneIsThere_StaysAndIsNotOursToRemove()
    {
        await using var estate = await MiniEstate.StartAsync(_token, full: false);
        await estate.ConfigureAsync(_token, "config");
        var (configuration, _) = await estate.BackUpAsync(BackupKinds.Configuration, "c1");
        var before = (await estate.Homes.ObserveAsync(Act(estate, configuration))).NodeId;

        var made = await estate.Homes.MakeNodeKeyAsync(Act(estate, configuration));
        var left = await estate.Homes.RemoveNodeKeyAsync(Act(estate, configuration));

        Assert.NotNull(before);
        Assert.Equal((before, false, before), (made.NodeId, made.MadeNodeKey, left.NodeId));
    }

    [Fact]
    public async Task Prepare_BackupWithoutTheConfigToml_PlacesNothingAndSaysWhatToDo()
    {
        await using var estate = await MiniEstate.StartAsync(_token, full: false);
        await estate.ConfigureAsync(_token, "config/app.toml");
        var (configuration, _) = await estate.BackUpAsync(BackupKinds.Configuration, "c1");
        await LoseAsync(estate);

        var failure = await Make.FailureAsync(estate.Homes.PrepareAsync(Act(estate, configuration)));

        Assert.Equal(ErrorTypes.NotFound, failure.ErrorType);
        Assert.Contains("config/config.toml", failure.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(estate.Home, "config")));
    }

    [Fact]
    public async Task Prepare_HomeDeletedUnderARunningNode_IsRefusedUntilItIsStopped()
    {
        await using var estate = await MiniEstate.StartAsync(_token);
        await estate.ConfigureAsync(_token, "config");
        var (configuration, _) = await estate.BackUpAsync(BackupKinds.Configuration, "c1");
        Directory.Delete(estate.Home, recursive: true);

        Assert.Equal(ErrorTypes.Conflict, (await Make.FailureAsync(estate.Homes.PrepareAsync(Act(estate, configuration)))).ErrorType);
        await estate.Nodes.StopAsync(estate.Act("stop"));

        Assert.Equal(HomePreparation.Complete, (await estate.Homes.PrepareAsync(Act(estate, configuration))).Preparation);
    }

    [Fact]
    public async Task Restore_ValidatorsHomeLost_StaysKeylessWithoutSigningStateAndIsNotStarted()
    {
        await using var estate = await MiniEstate.StartAsync(_token);
        await estate.ConfigureAsync(_token, "config");
        var (configuration, _) = await estate.BackUpAsync(BackupKinds.Configuration, "c1");
        var (data, _) = await estate.BackUpAsync(BackupKinds.ChainState, "b1");
        await LoseAsync(estate);
        estate.Slice = estate.Slice with { Target = estate.Slice.Target with { Node = estate.Slice.Target.Node with { Kind = NodeKind.Validator } } };

        await estate.Homes.PrepareAsync(Act(estate, configuration));
        await estate.Restores.StageAsync(Act(estate, data));
        var swap = await estate.Restores.SwapAsync(Act(estate, data));

        Assert.True(swap is { Swapped: true, SignState: null });
        Assert.False(File.Exists(Path.Combine(estate.Home, "config", "priv_validator_key.json")));
        Assert.False(File.Exists(Path.Combine(estate.Home, "data", "priv_validator_state.json")));
        Assert.Equal(ErrorTypes.Forbidden, (await Make.FailureAsync(estate.Nodes.StartAsync(estate.Act("start")))).ErrorType);
    }

    private static RestoreAct Act(MiniEstate estate, BackupReceipt receipt) => new(estate.Key("step"), estate.Slice, receipt.Backup, receipt.Regions);

    private static async Task LoseAsync(MiniEstate estate)
    {
        await estate.Nodes.StopAsync(estate.Act("stop"));
        Directory.Delete(estate.Home, recursive: true);
    }

    private static async Task<bool> KilledAsync(int at, Func<IFence, Task> work)
    {
        try
        {
            await work(new KillingFence(at));
            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }

    private sealed class KillingFence(int at) : IFence
    {
        private int _asked;

        public void EnsureCurrent()
        {
            if (++_asked == at)
            {
                throw new OperationCanceledException("killed");
            }
        }
    }
}
