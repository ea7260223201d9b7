using System.Text.Json.Nodes;
using Temporalio.Client.Schedules;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Starter.Tests.Support;
using VirtEngine.DR.Tests.Shared;
using Xunit;

namespace VirtEngine.DR.Starter.Tests.Schedules;

/// <summary>The estate's schedules on a real Temporal server. One server for the class: schedules have fixed ids, so the tests are one story each.</summary>
public sealed class ScheduleBookTests : IAsyncLifetime
{
    private readonly ScratchFolder folder = new();
    private readonly RunbookServer server = new();

    public async ValueTask InitializeAsync()
    {
        await server.InitializeAsync();
    }

    [Fact]
    public async Task Apply_Twice_CreatesThenChangesNothing()
    {
        var estate = SmallEstate.Write(folder.Path);
        Assert.All(await RunAsync(estate, "apply"), report => Assert.Equal("created", State(report)));
        var handle = server.Client.GetScheduleHandle("virtengine-dr." + WorkflowTypes.BackupChainState);
        var first = await handle.DescribeAsync();
        Assert.Equal(Temporalio.Api.Enums.V1.ScheduleOverlapPolicy.Skip, first.Schedule.Policy.Overlap);
        Assert.Equal(TimeSpan.FromHours(1), first.Schedule.Policy.CatchupWindow);
        Assert.False(first.Schedule.Policy.PauseOnFailure);

        await Eventually.TrueAsync("the server lists what was created", TimeSpan.FromSeconds(20), async () =>
            (await RunAsync(estate, "list")).All(report => State(report) == "as wanted"), TestContext.Current.CancellationToken);
        Assert.All(await RunAsync(estate, "apply"), report => Assert.Equal("as wanted", State(report)));
        Assert.Equal(first.Info.LastUpdatedAt, (await handle.DescribeAsync()).Info.LastUpdatedAt);
    }

    [Fact]
    public async Task Apply_AfterAPersonPausedIt_ChangesTheTimesAndKeepsThePause()
    {
        var estate = SmallEstate.Write(folder.Path);
        await RunAsync(estate, "apply");
        var handle = server.Client.GetScheduleHandle("virtengine-dr." + WorkflowTypes.BackupChainState);
        await handle.UpdateAsync(input =>
        {
            var schedule = input.Description.Schedule;
            return new ScheduleUpdate(schedule with { State = new ScheduleState { Note = "paused by alice", Paused = true } }, null);
        });
        await Eventually.TrueAsync("the server lists what was created", TimeSpan.FromSeconds(20), async () =>
            (await RunAsync(estate, "list")).All(report => State(report) != "missing"), TestContext.Current.CancellationToken);
        var chain = (await RunAsync(estate, "apply")).Single(report => report["workflow"]!.GetValue<string>() == WorkflowTypes.BackupChainState);
        Assert.Equal("changed", State(chain));
        Assert.True(chain["paused"]!.GetValue<bool>());
        Assert.EndsWith("; paused by alice", (await handle.DescribeAsync()).Schedule.State.Note, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        folder.Dispose();
    }

    private static string State(JsonNode report) => report["state"]!.GetValue<string>();

    private async Task<IReadOnlyList<JsonNode>> RunAsync(string estate, string verb)
    {
        var io = new TestIo();
        Assert.Equal(0, await io.RunAsync("schedules", verb, "--estate", estate, "--address", server.Address, "-o", "json"));
        return [.. JsonNode.Parse(io.Output)!.AsArray().Select(report => report!)];
    }
}
