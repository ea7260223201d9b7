using VirtEngine.DR.Activities.Tests.Support;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Nodes;

namespace VirtEngine.DR.Activities.Tests.Backups;

/// <summary>A damaged configuration is replaced by a backup's: seen first, kept, and put back where it is not wanted.</summary>
public sealed class ConfigurationReplacerTests
{
    private readonly CancellationToken _token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task CompareThenReplace_DamagedFiles_NodeRunsOnTheBackupsAndKeysStay()
    {
        await using var estate = await MiniEstate.StartAsync(_token);
        var (config, app, key) = (At(estate, "config.toml"), At(estate, "app.toml"), await File.ReadAllBytesAsync(At(estate, "node_key.json"), _token));
        var right = await File.ReadAllTextAsync(config, _token);
        var act = await BackedUpAsync(estate);
        await File.WriteAllTextAsync(config, "[rpc\nbroken", _token);
        await File.WriteAllTextAsync(app, "# a person's own\n", _token);

        var compared = await estate.Homes.CompareAsync(act);
        Assert.Equal(["config/app.toml", "config/config.toml"], compared.Differences.Select(one => one.Path).Order());
        Assert.Null(compared.Differences.Single(one => one.Path == "config/app.toml").Damage);
        Assert.StartsWith("it is not TOML", compared.Differences.Single(one => one.Path == "config/config.toml").Damage, StringComparison.Ordinal);

        await estate.Nodes.StopAsync(estate.Act("stop"));
        var home = await estate.Homes.ReplaceAsync(new(act with { Key = estate.Key("configuration") }, ["config/config.toml"]));

        Assert.Equal(HomePreparation.Complete, home.Replacement);
        Assert.Equal(right, await File.ReadAllTextAsync(config, _token));
        Assert.Equal("[rpc\nbroken", await File.ReadAllTextAsync(Path.Combine(home.Former!, "config", "config.toml"), _token));
        Assert.Equal("# a person's own\n", await File.ReadAllTextAsync(app, _token));
        Assert.Equal(key, await File.ReadAllBytesAsync(At(estate, "node_key.json"), _token));
        Assert.Equal(ProcessState.Running, (await estate.Nodes.StartAsync(estate.Act("start"))).Process);
    }

    [Fact]
    public async Task Replace_NodeRuns_IsRefusedAndNothingChanges()
    {
        await using var estate = await MiniEstate.StartAsync(_token);
        var act = await BackedUpAsync(estate);
        await File.WriteAllTextAsync(At(estate, "app.toml"), "changed\n", _token);

        var failure = await Make.FailureAsync(estate.Homes.ReplaceAsync(new(act, ["config/app.toml"])));

        Assert.Equal(ErrorTypes.Conflict, failure.ErrorType);
        Assert.Contains("must be stopped", failure.Message, StringComparison.Ordinal);
        Assert.Equal("changed\n", await File.ReadAllTextAsync(At(estate, "app.toml"), _token));
    }

    [Fact]
    public async Task Compare_BackupNamesAnotherSigningState_RefusesThatFile()
    {
        await using var estate = await MiniEstate.StartAsync(_token, full: false);
        var config = At(estate, "config.toml");
        var right = await File.ReadAllTextAsync(config, _token);
        await File.WriteAllTextAsync(config, System.Text.RegularExpressions.Regex.Replace("priv_validator_state_file = \"elsewhere/state.json\"\n" + right, "(?<=\n)priv_validator_state_file[^\n]*\n", ""), _token);
        var act = await BackedUpAsync(estate);
        await File.WriteAllTextAsync(config, right, _token);

        var compared = await estate.Homes.CompareAsync(act);

        Assert.Contains(compared.Refusals, line => line.Contains("the signing state is", StringComparison.Ordinal));
        Assert.DoesNotContain(compared.Differences, one => one.Path == "config/config.toml");
    }

    [Fact]
    public async Task Compare_GenesisOfAnotherChain_SaysSo()
    {
        await using var estate = await MiniEstate.StartAsync(_token, full: false);
        var act = await BackedUpAsync(estate);
        await File.WriteAllTextAsync(At(estate, "genesis.json"), """{"chain_id":"other-1"}""", _token);

        var difference = Assert.Single((await estate.Homes.CompareAsync(act)).Differences);

        Assert.Contains("other-1", difference.Damage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PutBack_APersonChangedTheNewFile_ItStays()
    {
        await using var estate = await MiniEstate.StartAsync(_token, full: false);
        var act = await BackedUpAsync(estate);
        await File.WriteAllTextAsync(At(estate, "app.toml"), "wrong\n", _token);
        await estate.Homes.ReplaceAsync(new(act, ["config/app.toml"]));
        await File.WriteAllTextAsync(At(estate, "app.toml"), "a person's\n", _token);

        await estate.Homes.PutBackAsync(act);

        Assert.Equal("a person's\n", await File.ReadAllTextAsync(At(estate, "app.toml"), _token));
    }

    private async Task<RestoreAct> BackedUpAsync(MiniEstate estate)
    {
        await estate.ConfigureAsync(_token, "config");
        var (receipt, _) = await estate.BackUpAsync(BackupKinds.Configuration, "c1");
        return new RestoreAct(estate.Key("configuration"), estate.Slice, receipt.Backup, receipt.Regions);
    }

    private static string At(MiniEstate estate, string file) => Path.Combine(estate.Home, "config", file);
}
