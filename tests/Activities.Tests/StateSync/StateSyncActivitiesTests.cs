using VirtEngine.DR.Activities.Tests.Support;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Nodes;

namespace VirtEngine.DR.Activities.Tests.StateSync;

public sealed class StateSyncActivitiesTests : IDisposable
{
    private readonly StateSyncHome _home = new();
    private readonly CancellationToken _token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Configure_ThenRestore_IsTheFormerFileCharacterByCharacter()
    {
        var state = await _home.Activities.ConfigureAsync(_home.Act(1));

        Assert.Equal(StateSyncConfiguration.Configured, state.Configuration);
        var text = await File.ReadAllTextAsync(_home.ConfigFile, _token);
        Assert.Contains("enable = true # off in peacetime", text, StringComparison.Ordinal);
        Assert.Contains("rpc_servers = \"http://a:26657,http://b:26657\"", text, StringComparison.Ordinal);
        Assert.Contains("trust_height = 1150", text, StringComparison.Ordinal);
        Assert.Contains("trust_period = \"168h0m0s\"", text, StringComparison.Ordinal);
        Assert.Contains("discovery_time = \"15s\"", text, StringComparison.Ordinal);
        Assert.Contains("chunk_request_timeout = \"10s\"", text, StringComparison.Ordinal);
        Assert.Contains("chunk_fetchers = \"4\"", text, StringComparison.Ordinal);
        Assert.Contains("# State sync rapidly bootstraps a new node.", text, StringComparison.Ordinal);

        state = await _home.Activities.RestoreConfigurationAsync(_home.Act(2));

        Assert.Equal(StateSyncConfiguration.AsItWas, state.Configuration);
        Assert.Equal(StateSyncHome.Config, await File.ReadAllTextAsync(_home.ConfigFile, _token));
        Assert.False(File.Exists(_home.Record));
    }

    [Fact]
    public async Task Configure_KilledAfterTheRecord_GoesOnAndStillKnowsWhatStoodThere()
    {
        await _home.Activities.ConfigureAsync(_home.Act(1));
        await File.WriteAllTextAsync(_home.ConfigFile, StateSyncHome.Config, _token);
        Assert.Equal(StateSyncConfiguration.AsItWas, (await _home.Activities.LookAsync(_home.Act(0))).Configuration);

        await _home.Activities.ConfigureAsync(_home.Act(1));
        await _home.Activities.ConfigureAsync(_home.Act(1));
        await _home.Activities.RestoreConfigurationAsync(_home.Act(2));
        await _home.Activities.RestoreConfigurationAsync(_home.Act(2));

        Assert.Equal(StateSyncHome.Config, await File.ReadAllTextAsync(_home.ConfigFile, _token));
    }

    [Fact]
    public async Task Configure_ALateAttemptAfterThePutBack_IsFenced()
    {
        await _home.Activities.ConfigureAsync(_home.Act(1));
        await _home.Activities.RestoreConfigurationAsync(_home.Act(2));

        var late = await Make.FailureAsync(_home.Activities.ConfigureAsync(_home.Act(1)));

        Assert.Equal(ErrorTypes.Fenced, late.ErrorType);
        Assert.Equal(StateSyncHome.Config, await File.ReadAllTextAsync(_home.ConfigFile, _token));
    }

    [Fact]
    public async Task Configure_AfterARunThatWasTerminated_KeepsTheFileOfBeforeThatRun()
    {
        await _home.Activities.ConfigureAsync(_home.Act(1));
        var seen = await _home.Activities.LookAsync(_home.Act(0, "run-2"));
        Assert.Equal((StateSyncConfiguration.OtherRun, "wf-run-1"), (seen.Configuration, seen.Owner));

        await _home.Activities.ConfigureAsync(_home.Act(1, "run-2"));
        await _home.Activities.RestoreConfigurationAsync(_home.Act(2, "run-2"));

        Assert.Equal(StateSyncHome.Config, await File.ReadAllTextAsync(_home.ConfigFile, _token));
    }

    [Fact]
    public async Task Restore_SomebodyChangedAValueMeanwhile_KeepsTheirs()
    {
        await _home.Activities.ConfigureAsync(_home.Act(1));
        await File.WriteAllTextAsync(
            _home.ConfigFile, (await File.ReadAllTextAsync(_home.ConfigFile, _token)).Replace("discovery_time = \"15s\"", "discovery_time = \"60s\"", StringComparison.Ordinal), _token);

        await _home.Activities.RestoreConfigurationAsync(_home.Act(2));

        Assert.Equal(StateSyncHome.Config.Replace("\"20s\"", "\"60s\"", StringComparison.Ordinal), await File.ReadAllTextAsync(_home.ConfigFile, _token));
    }

    [Fact]
    public async Task Configure_ThePlansTrustHeightZero_IsRefusedWithAllThatIsWrong()
    {
        var act = _home.Act(1) with { Settings = new() { RpcServers = ["rpc.example:26657"], TrustHeight = 0, TrustHash = "", TrustPeriod = TimeSpan.Zero } };

        var refused = await Make.FailureAsync(_home.Activities.ConfigureAsync(act));

        Assert.Equal(ErrorTypes.InvalidInput, refused.ErrorType);
        foreach (var word in new[] { "at least 2", "rpc.example:26657", "trust_height is 0", "64 hexadecimal", "trust_period" })
        {
            Assert.Contains(word, refused.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("pruning = \"nothing\"\n", "[statesync]", "[statesync]", "keeps all history")]
    [InlineData("pruning = \"default\"\n", "indexer = \"kv\"", "indexer = \"psql\"", "psql")]
    public async Task Configure_NodeWithHistoryOrIndex_IsForbidden(string app, string from, string to, string says)
    {
        await File.WriteAllTextAsync(Path.Combine(_home.Path_, "config", "app.toml"), app, _token);
        await File.WriteAllTextAsync(_home.ConfigFile, StateSyncHome.Config.Replace(from, to, StringComparison.Ordinal), _token);

        var refused = await Make.FailureAsync(_home.Activities.ConfigureAsync(_home.Act(1)));

        Assert.Equal(ErrorTypes.Forbidden, refused.ErrorType);
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.Contains(says, (await _home.Activities.LookAsync(_home.Act(0))).Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Configure_ArchiveNode_IsForbidden()
    {
        _home.Target = _home.Target with { Node = _home.Target.Node with { Kind = NodeKind.Archive } };

        Assert.Equal(ErrorTypes.Forbidden, (await Make.FailureAsync(_home.Activities.ConfigureAsync(_home.Act(1)))).ErrorType);
    }

    [Fact]
    public async Task Configure_NoSuchSection_SaysWhichKeysAreMissing()
    {
        await File.WriteAllTextAsync(_home.ConfigFile, "[rpc]\nladdr = \"x\"\n", _token);

        var refused = await Make.FailureAsync(_home.Activities.ConfigureAsync(_home.Act(1)));

        Assert.Equal(ErrorTypes.NotConfigured, refused.ErrorType);
        Assert.Contains("enable, rpc_servers, trust_height, trust_hash, trust_period", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Source_NodeWithSnapshots_TellsSettingsHeightsAndSize()
    {
        foreach (var (height, size) in new[] { (1000, 10), (2000, 20) })
        {
            var folder = Directory.CreateDirectory(Path.Combine(_home.Path_, "data", "snapshots", $"{height}", "3"));
            await File.WriteAllBytesAsync(Path.Combine(folder.FullName, "0"), new byte[size], _token);
        }

        var source = await _home.Activities.SourceAsync(_home.Target);

        Assert.Equal((1000, 10, 20), (source.Interval, source.KeepRecent, source.Bytes));
        Assert.Equal([2000, 1000], source.Heights);
    }

    public void Dispose() => _home.Dispose();
}
