using VirtEngine.DR.Activities.Nodes;
using VirtEngine.DR.Activities.Nodes.Systemd;
using VirtEngine.DR.Activities.Tests.Support;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Nodes;

namespace VirtEngine.DR.Activities.Tests.Nodes;

/// <summary>By contract: a fake <c>systemctl</c> that answers <c>show</c> from a file and writes down what else it was asked.</summary>
public sealed class SystemdNodeControlTests
{
    private readonly CancellationToken _token = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("LoadState=loaded\nActiveState=active\nSubState=running\nMainPID=1\nFreezerState=running", ProcessState.Running)]
    [InlineData("LoadState=loaded\nActiveState=activating\nSubState=auto-restart\nMainPID=0\nFreezerState=running", ProcessState.Running)]
    [InlineData("LoadState=loaded\nActiveState=inactive\nSubState=dead\nMainPID=0\nFreezerState=running", ProcessState.Stopped)]
    [InlineData("LoadState=loaded\nActiveState=failed\nSubState=failed\nMainPID=0\nFreezerState=running", ProcessState.Stopped)]
    [InlineData("LoadState=loaded\nActiveState=active\nSubState=running\nMainPID=1\nFreezerState=frozen", ProcessState.Frozen)]
    [InlineData("nonsense", ProcessState.Unknown)]
    public async Task Observe_AnswersOfShow_AreUnderstood(string shown, ProcessState expected)
    {
        using var unit = new FakeUnit(shown);
        Assert.Equal(expected, (await unit.Control.ObserveAsync(unit.Node.Target, _token)).State);
    }

    [Fact]
    public async Task Observe_UnknownUnit_SaysSo()
    {
        using var unit = new FakeUnit("LoadState=not-found\nActiveState=inactive");
        Assert.Equal(ErrorTypes.NotFound, (await Make.FailureAsync(unit.Control.ObserveAsync(unit.Node.Target, _token))).ErrorType);
    }

    [Fact]
    public async Task StopAndStart_Always_UseTheTwoVerbsOnce()
    {
        using var unit = new FakeUnit("LoadState=loaded\nActiveState=active\nSubState=running\nMainPID=1\nFreezerState=running");
        using var fence = await HomeFence.AcquireAsync(NodeHome.Of(unit.Node.Target.Node), unit.Node.Act().Key, _token);
        await unit.Control.StartAsync(unit.Node.Target, fence, _token);
        Assert.Empty(unit.Calls);
        await unit.Control.StopAsync(unit.Node.Target, fence, _token);
        await unit.Control.StopAsync(unit.Node.Target, fence, _token);
        Assert.Equal(["stop virtengine.service"], unit.Calls);
        await unit.Control.StartAsync(unit.Node.Target, fence, _token);
        Assert.Equal(["stop virtengine.service", "start virtengine.service"], unit.Calls);
    }

    [Fact]
    public async Task Stop_Frozen_IsNeverTouched()
    {
        using var unit = new FakeUnit("LoadState=loaded\nActiveState=active\nSubState=running\nMainPID=1\nFreezerState=frozen");
        using var fence = await HomeFence.AcquireAsync(NodeHome.Of(unit.Node.Target.Node), unit.Node.Act().Key, _token);
        Assert.Equal(ErrorTypes.Conflict, (await Make.FailureAsync(unit.Control.StopAsync(unit.Node.Target, fence, _token))).ErrorType);
        Assert.Empty(unit.Calls);
    }

    [Theory]
    [InlineData("User=nobody\nGroup=", 65534u)]
    [InlineData("User=root\nGroup=root", 0u)]
    [InlineData("User=\nGroup=", null)]
    public async Task Owner_AsTheUnitSays_IsWhomAHomeBelongsTo(string shown, uint? user)
    {
        using var unit = new FakeUnit(shown);
        Assert.Equal(user, (await unit.Control.OwnerAsync(unit.Node.Target, _token))?.User);
    }

    [Fact]
    public async Task Owner_UserIsNotOnThisHost_SaysWhatToDo()
    {
        using var unit = new FakeUnit("User=no-such-user\nGroup=");
        var failure = await Make.FailureAsync(unit.Control.OwnerAsync(unit.Node.Target, _token));
        Assert.Equal(ErrorTypes.NotFound, failure.ErrorType);
        Assert.Contains("no-such-user", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Observe_NoSystemctl_SaysNotConfigured()
    {
        using var unit = new FakeUnit("");
        var control = new SystemdNodeControl("/nowhere/systemctl");
        Assert.Equal(ErrorTypes.NotConfigured, (await Make.FailureAsync(control.ObserveAsync(unit.Node.Target, _token))).ErrorType);
    }

    private sealed class FakeUnit : IDisposable
    {
        private readonly TempFolder _folder = new();

        public FakeUnit(string shown)
        {
            File.WriteAllText(_folder.File("shown"), shown + "\n");
            File.WriteAllText(_folder.File("systemctl"), $$"""
                #!/bin/sh
                shift # --no-ask-password
                case "$1" in
                  show) cat "{{_folder.Path}}/shown" ;;
                  stop) echo "$*" >>"{{_folder.Path}}/calls"; printf 'LoadState=loaded\nActiveState=inactive\nSubState=dead\nMainPID=0\nFreezerState=running\n' >"{{_folder.Path}}/shown" ;;
                  start) echo "$*" >>"{{_folder.Path}}/calls"; printf 'LoadState=loaded\nActiveState=active\nSubState=running\nMainPID=1\nFreezerState=running\n' >"{{_folder.Path}}/shown" ;;
                esac
                """);
            File.SetUnixFileMode(_folder.File("systemctl"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            Control = new SystemdNodeControl(_folder.File("systemctl"));
            Node.Target = Node.Target with { Node = Node.Target.Node with { Control = new ControlSpec { Type = "systemd", Unit = "virtengine.service" } } };
        }

        public ShellNode Node { get; } = new();

        public SystemdNodeControl Control { get; }

        public IReadOnlyList<string> Calls => File.Exists(_folder.File("calls")) ? File.ReadAllLines(_folder.File("calls")) : [];

        public void Dispose()
        {
            Node.Dispose();
            _folder.Dispose();
        }
    }
}
