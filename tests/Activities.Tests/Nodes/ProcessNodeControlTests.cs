using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Activities.Nodes;
using VirtEngine.DR.Activities.Nodes.Process;
using VirtEngine.DR.Activities.Tests.Support;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Tests.Shared;

namespace VirtEngine.DR.Activities.Tests.Nodes;

public sealed class ProcessNodeControlTests
{
    private readonly CancellationToken _token = TestContext.Current.CancellationToken;
    private readonly NodeActivities _activities = Make.NodeActivities();

    [Fact]
    public async Task Start_Twice_MakesOneProcess()
    {
        using var node = new ShellNode();
        var first = await _activities.StartAsync(node.Act());
        var second = await _activities.StartAsync(node.Act());
        await Eventually.TrueAsync(() => node.Starts > 0, "the node starts");
        Assert.Equal(ProcessState.Running, second.Process);
        Assert.Equal(first.Pid, second.Pid);
        Assert.Equal(1, node.Starts);
    }

    [Fact]
    public async Task Start_FromTwoWorkersAtOnce_MakesOneProcess()
    {
        using var node = new ShellNode();
        var both = await Task.WhenAll(Task.Run(() => _activities.StartAsync(node.Act()), _token), Task.Run(() => Make.NodeActivities().StartAsync(node.Act()), _token));
        await Eventually.TrueAsync(() => node.Starts > 0, "the node starts");
        Assert.Equal(both[0].Pid, both[1].Pid);
        Assert.Equal(1, node.Starts);
    }

    [Fact]
    public async Task Start_Always_MakesASessionOfItsOwn()
    {
        using var node = new ShellNode();
        var started = await _activities.StartAsync(node.Act());
        var stat = await File.ReadAllTextAsync($"/proc/{started.Pid}/stat", _token);
        var session = stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[3];
        Assert.Equal(started.Pid.ToString(), session);
    }

    [Fact]
    public async Task Start_WorkerKilledBeforeTheRecord_LeavesNoProcess()
    {
        using var node = new ShellNode();
        Assert.Throws<InvalidOperationException>(() => DetachedLauncher.Start(
            ["sh", "-c", "echo started >>\"$0\"", Path.Combine(node.Home, "starts")],
            node.Home,
            Path.Combine(node.Home, "log"),
            _ => throw new InvalidOperationException("killed here")));
        await Eventually.TrueAsync(() => !ProcFs.All().Any(pid => ProcFs.CommandLine(pid).Contains(Path.Combine(node.Home, "starts"))), "the waiting shell goes");
        Assert.Equal(0, node.Starts);
    }

    [Fact]
    public async Task Start_ProgramMissing_SaysWhy()
    {
        using var node = new ShellNode();
        node.Target = node.Target with { Node = node.Target.Node with { Control = node.Target.Node.Control with { Command = ["/nowhere/virtengine"] } } };
        var failure = await Make.FailureAsync(_activities.StartAsync(node.Act()));
        Assert.Contains("/nowhere/virtengine", failure.Message, StringComparison.Ordinal);
        Assert.Equal(ProcessState.Stopped, (await _activities.ObserveAsync(node.Target)).Process);
    }

    [Fact]
    public async Task Stop_Running_WaitsUntilItIsGone()
    {
        using var node = new ShellNode();
        var started = await _activities.StartAsync(node.Act());
        await Eventually.TrueAsync(() => node.Starts > 0, "the node starts");
        var stopped = await _activities.StopAsync(node.Act(2));
        Assert.Equal(ProcessState.Stopped, stopped.Process);
        Assert.Null(ProcFs.Stat(started.Pid!.Value));
        Assert.Equal(ProcessState.Stopped, (await _activities.StopAsync(node.Act(2))).Process);
    }

    [Fact]
    public async Task Stop_IgnoresSigTerm_IsNeverKilled()
    {
        using var node = new ShellNode(script: "trap '' TERM; echo started >>\"$1/starts\"; while :; do sleep 0.02; done");
        node.Target = node.Target with { Node = node.Target.Node with { Control = node.Target.Node.Control with { StopTimeout = TimeSpan.FromMilliseconds(500) } } };
        var started = await _activities.StartAsync(node.Act());
        await Eventually.TrueAsync(() => node.Starts > 0, "the node starts");
        var failure = await Make.FailureAsync(_activities.StopAsync(node.Act(2)));
        Assert.Equal(ErrorTypes.Deadline, failure.ErrorType);
        Assert.NotNull(ProcFs.Stat(started.Pid!.Value));
    }

    [Fact]
    public async Task Frozen_ByAPerson_IsNeverTouched()
    {
        using var node = new ShellNode();
        var pid = (await _activities.StartAsync(node.Act())).Pid!.Value;
        await Eventually.TrueAsync(() => node.Starts > 0, "the node starts");
        ShellNode.Signal("STOP", pid);
        await Eventually.TrueAsync(() => ProcFs.IsFrozen(pid), "the stop arrives");
        Assert.Equal(ProcessState.Frozen, (await _activities.ObserveAsync(node.Target)).Process);
        Assert.Equal(ErrorTypes.Conflict, (await Make.FailureAsync(_activities.StopAsync(node.Act(2)))).ErrorType);
        Assert.Equal(ErrorTypes.Conflict, (await Make.FailureAsync(_activities.StartAsync(node.Act(3)))).ErrorType);
        Assert.True(ProcFs.IsFrozen(pid));
        Assert.Equal(1, node.Starts);
    }

    [Fact]
    public async Task Stop_HungBySignalAndMeant_EndsItCleanly()
    {
        using var node = new ShellNode();
        var pid = (await _activities.StartAsync(node.Act())).Pid!.Value;
        await Eventually.TrueAsync(() => node.Starts > 0, "the node starts");
        ShellNode.Signal("STOP", pid);
        await Eventually.TrueAsync(() => ProcFs.IsFrozen(pid), "the stop arrives");
        Assert.True((await _activities.ObserveAsync(node.Target)).Hung);

        var stopped = await _activities.StopAsync(node.Act(2) with { EndsHung = true });

        Assert.Equal(ProcessState.Stopped, stopped.Process);
        Assert.False(stopped.Hung);
        Assert.Null(ProcFs.Stat(pid));
    }

    [Fact]
    public async Task Observe_LogOfThisStart_ShowsItsSymptomsAndNotThoseOfTheLast()
    {
        const string CriesOnce = "[ -e \"$1/starts\" ] || echo 'panic: manifest corrupted'; echo started >>\"$1/starts\"; trap 'exit 0' TERM; while :; do sleep 0.02 & wait $!; done";
        using var node = new ShellNode(script: CriesOnce);
        await _activities.StartAsync(node.Act());
        await Eventually.TrueAsync(async () => (await _activities.ObserveAsync(node.Target)).Symptoms.Count > 0, "its log speaks");
        await _activities.StopAsync(node.Act(2));
        Assert.Equal(Symptoms.CorruptStore, Assert.Single((await _activities.ObserveAsync(node.Target)).Symptoms).Kind);

        await _activities.StartAsync(node.Act(3));
        await Eventually.TrueAsync(() => node.Starts == 2, "it starts again");
        Assert.Empty((await _activities.ObserveAsync(node.Target)).Symptoms);
        await _activities.StopAsync(node.Act(4));
        Assert.Empty((await _activities.ObserveAsync(node.Target)).Symptoms);
    }

    [Fact]
    public async Task Observe_ForeignProcessHoldsTheDatabases_CountsAsRunning()
    {
        using var node = new ShellNode();
        using var foreign = node.StartForeign();
        await Eventually.TrueAsync(() => LockHolders.Find(Path.Combine(node.Home, "data")).Holders.Count > 0, "LOCK is held");
        var seen = await _activities.StartAsync(node.Act());
        Assert.Equal(ProcessState.Running, seen.Process);
        Assert.Equal(foreign.Id, seen.Pid);
        Assert.Equal(1, node.Starts);

        // The node's disk is lost under it: it still runs, and says so.
        Directory.Delete(Path.Combine(node.Home, "data"), recursive: true);
        Assert.Equal(ProcessState.Running, (await _activities.ObserveAsync(node.Target)).Process);
        Assert.Equal(ProcessState.Stopped, (await _activities.StopAsync(node.Act(2))).Process);
    }

    [Fact]
    public async Task Observe_RecordOfAnotherBoot_IsNotTaken()
    {
        using var node = new ShellNode();
        var home = NodeHome.Of(node.Target.Node);
        DurableFile.WriteJson(ProcessNodeControl.RecordPath(home), new ProcessRecord(Environment.ProcessId, 1, "another-boot", ["x"], DateTimeOffset.UtcNow));
        Assert.Equal(ProcessState.Stopped, (await _activities.ObserveAsync(node.Target)).Process);
        File.Delete(ProcessNodeControl.RecordPath(home));
    }

    [Fact]
    public async Task Observe_RecordUnreadable_IsUnknownAndStartsNothing()
    {
        using var node = new ShellNode();
        var home = NodeHome.Of(node.Target.Node);
        home.EnsurePrivate();
        await File.WriteAllTextAsync(ProcessNodeControl.RecordPath(home), "{", _token);
        Assert.Equal(ProcessState.Unknown, (await _activities.ObserveAsync(node.Target)).Process);
        Assert.Equal(ErrorTypes.Unavailable, (await Make.FailureAsync(_activities.StartAsync(node.Act()))).ErrorType);
        Assert.Equal(0, node.Starts);
        File.Delete(ProcessNodeControl.RecordPath(home));
    }
}
