using VirtEngine.DR.Activities.Nodes;
using VirtEngine.DR.Activities.Tests.Support;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Nodes;

namespace VirtEngine.DR.Activities.Tests.Nodes;

public sealed class NodeActivitiesTests
{
    private const string Key = "oXs+a/Zk8w==";
    private readonly NodeActivities _activities = Make.NodeActivities();

    [Fact]
    public async Task Start_Validator_IsForbidden()
    {
        using var node = new ShellNode(NodeKind.Validator);
        node.WriteKey(Key);
        var failure = await Make.FailureAsync(_activities.StartAsync(node.Act()));
        Assert.Equal(ErrorTypes.Forbidden, failure.ErrorType);
        Assert.True(failure.NonRetryable);
        Assert.True((await _activities.ObserveAsync(node.Target)).HoldsConsensusKey);
        Assert.Equal(0, node.Starts);
    }

    [Fact]
    public async Task Start_FullNodeWithAnUnusedKey_IsAllowed()
    {
        using var node = new ShellNode();
        node.WriteKey(Key);
        node.WriteGenesis("AnotherKey==");
        var started = await _activities.StartAsync(node.Act());
        Assert.Equal(ProcessState.Running, started.Process);
        Assert.False(started.HoldsConsensusKey);
    }

    [Theory]
    [InlineData(Key)]
    [InlineData("oXs\\u002ba/Zk8w==")]
    public async Task Start_FullNodeWithAValidatorsKey_IsForbidden(string inGenesis)
    {
        using var node = new ShellNode();
        node.WriteKey(Key);
        node.WriteGenesis(inGenesis);
        Assert.Equal(ErrorTypes.Forbidden, (await Make.FailureAsync(_activities.StartAsync(node.Act()))).ErrorType);
        Assert.True((await _activities.ObserveAsync(node.Target)).HoldsConsensusKey);
    }

    [Fact]
    public async Task Start_RemoteSignerConfigured_IsForbidden()
    {
        using var node = new ShellNode();
        await File.WriteAllTextAsync(Path.Combine(node.Home, "config", "config.toml"), "priv_validator_laddr = \"tcp://127.0.0.1:1\" # tmkms\n", TestContext.Current.CancellationToken);
        Assert.Equal(ErrorTypes.Forbidden, (await Make.FailureAsync(_activities.StartAsync(node.Act()))).ErrorType);
    }

    [Fact]
    public async Task Stop_LowerNumberOfTheSameRun_IsFenced()
    {
        using var node = new ShellNode();
        await _activities.StopAsync(node.Act(3));
        await _activities.StopAsync(node.Act(3));
        var failure = await Make.FailureAsync(_activities.StartAsync(node.Act(2)));
        Assert.Equal(ErrorTypes.Fenced, failure.ErrorType);
        Assert.Equal(0, node.Starts);
    }

    [Fact]
    public async Task Stop_SameNumberAfterAnotherRunActed_IsFenced()
    {
        using var node = new ShellNode();
        await _activities.StopAsync(node.Act(3, "run-a"));
        await _activities.StopAsync(node.Act(1, "run-b"));
        Assert.Equal(ErrorTypes.Fenced, (await Make.FailureAsync(_activities.StartAsync(node.Act(3, "run-a")))).ErrorType);
        await _activities.StopAsync(node.Act(4, "run-a"));
    }

    [Fact]
    public async Task Stop_HandedToTheExecutionOfAReset_IsFenced()
    {
        using var node = new ShellNode();
        var act = node.Act();
        act = act with { Key = act.Key with { Execution = act.Key.RunId } };
        var other = new Temporalio.Testing.ActivityEnvironment { Info = Temporalio.Testing.ActivityEnvironment.DefaultInfo with { WorkflowRunId = "of-the-reset" } };

        var failure = await Make.FailureAsync(other.RunAsync(() => _activities.StopAsync(act)));

        Assert.Equal(ErrorTypes.Fenced, failure.ErrorType);
        Assert.Contains("reset", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_ResetRun_IsFenced()
    {
        using var node = new ShellNode();
        var failure = await Make.FailureAsync(_activities.StopAsync(node.Act(1, "run-1", runId: "run-2")));
        Assert.Equal(ErrorTypes.Fenced, failure.ErrorType);
        Assert.Contains("reset", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EnsureCurrent_NewerAttemptSeenMeanwhile_IsFenced()
    {
        using var node = new ShellNode();
        var home = NodeHome.Of(node.Target.Node);
        using var fence = await HomeFence.AcquireAsync(home, node.Act(1).Key, TestContext.Current.CancellationToken);
        fence.EnsureCurrent();
        var record = Path.Combine(home.Private, "attempt.json");
        var newer = (await File.ReadAllTextAsync(record, TestContext.Current.CancellationToken)).Replace("\"number\":1", "\"number\":2", StringComparison.Ordinal);
        await File.WriteAllTextAsync(record, newer, TestContext.Current.CancellationToken);
        Assert.Equal(ErrorTypes.Fenced, Assert.Throws<Temporalio.Exceptions.ApplicationFailureException>(fence.EnsureCurrent).ErrorType);
    }

    [Fact]
    public async Task Observe_Always_TellsDataSpaceVersionAndSignState()
    {
        using var node = new ShellNode();
        await File.WriteAllTextAsync(
            Path.Combine(node.Home, "data", "priv_validator_state.json"), """{"height":"12","round":1,"step":3}""", TestContext.Current.CancellationToken);
        var seen = await _activities.ObserveAsync(node.Target);
        Assert.Equal("12/1/3", seen.SignState);
        Assert.Equal("v1.2.3", seen.BinaryVersion);
        Assert.True(seen.DataPresent);
        Assert.True(seen.DataBytes > 0 && seen.FreeBytes > 0);
        Assert.Null(seen.RestoredFrom);
        Assert.Empty(seen.Unknowns);
        Directory.Delete(Path.Combine(node.Home, "data"), recursive: true);
        Assert.False((await _activities.ObserveAsync(node.Target)).DataPresent);
    }

    [Fact]
    public async Task Act_KubernetesControl_SaysNotConfigured()
    {
        using var node = new ShellNode();
        node.Target = node.Target with { Node = node.Target.Node with { Control = new ControlSpec { Type = "kubernetes" } } };
        Assert.Equal(ProcessState.Unknown, (await _activities.ObserveAsync(node.Target)).Process);
        Assert.Equal(ErrorTypes.NotConfigured, (await Make.FailureAsync(_activities.StopAsync(node.Act()))).ErrorType);
        Assert.Equal(ErrorTypes.NotConfigured, (await Make.FailureAsync(_activities.StartAsync(node.Act(2)))).ErrorType);
    }
}
