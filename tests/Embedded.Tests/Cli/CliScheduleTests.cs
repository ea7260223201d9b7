using System.Text.Json;
using VirtEngine.DR.Embedded.Tests.Conformance;
using VirtEngine.DR.Tests.Shared;
using Xunit;

namespace VirtEngine.DR.Embedded.Tests.Cli;

/// <summary>The official CLI's schedule and operator commands against the engine.</summary>
[Collection("servers")]
public sealed class CliScheduleTests(CliEngine cli)
{
    [Fact]
    public async Task CreateListTriggerDelete_Schedule_DoWhatTheySay()
    {
        RequiredProgram.Find("temporal");
        await using Stage stage = new(await cli.ClientAsync());
        stage.Flow("main", _ => Task.FromResult<object?>("scheduled"));
        stage.Work();
        string id = stage.Id("sched");

        await cli.RunAsync("schedule", "create", "--schedule-id", id, "--interval", "1h", "--type", "main", "-t", stage.Queue, "-w", stage.Id("run"));
        await Eventually.TrueAsync("it is listed", TimeSpan.FromSeconds(20), () => ListedAsync(id), Cancellation);
        await cli.RunAsync("schedule", "trigger", "--schedule-id", id);
        string description = await Eventually.GetAsync("it has run", TimeSpan.FromSeconds(20), async () =>
        {
            string text = await cli.RunAsync("schedule", "describe", "--schedule-id", id);
            return JsonSerializer.Deserialize<JsonElement>(text).GetProperty("info").TryGetProperty("recentActions", out _) ? text : null;
        }, Cancellation);
        await cli.RunAsync("schedule", "delete", "--schedule-id", id);
        await Eventually.TrueAsync("it is gone", TimeSpan.FromSeconds(20), async () => !await ListedAsync(id), Cancellation);

        JsonElement action = JsonSerializer.Deserialize<JsonElement>(description).GetProperty("info").GetProperty("recentActions")[0];
        string run = action.GetProperty("startWorkflowResult").GetProperty("workflowId").GetString()!;
        Assert.Equal("scheduled", await stage.Client.GetWorkflowHandle(run).GetResultAsync<string>());
    }

    [Fact]
    public async Task ClusterHealth_RunningEngine_IsServing()
    {
        string health = await cli.RunAsync("operator", "cluster", "health");

        Assert.Equal("SERVING", JsonSerializer.Deserialize<JsonElement>(health).GetProperty("status").GetString());
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private async Task<bool> ListedAsync(string id)
    {
        string list = await cli.RunAsync("schedule", "list");
        return JsonSerializer.Deserialize<JsonElement>(list).EnumerateArray().Any(s => s.GetProperty("scheduleId").GetString() == id);
    }
}
