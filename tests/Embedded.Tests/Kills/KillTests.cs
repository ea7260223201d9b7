using System.Globalization;
using Temporalio.Api.Enums.V1;
using Temporalio.Client;
using Temporalio.Worker;
using VirtEngine.DR.Embedded.Tests.Conformance;
using VirtEngine.DR.Tests.Shared;
using Xunit;

namespace VirtEngine.DR.Embedded.Tests.Kills;

/// <summary>
/// The engine is killed with SIGKILL again and again under load: what was answered is there afterwards. <c>VIRTENGINE_ENGINE_KILLS</c> says how
/// often (8 where it is not set).
/// </summary>
[Collection("servers")]
public sealed class KillTests(ITestOutputHelper output)
{
    private const int Drivers = 8;

    [Theory]
    [InlineData(0)]
    [InlineData(23)]
    public async Task Kill_AgainAndAgainUnderLoad_LosesNothingThatWasAnswered(int breakEvery)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        int kills = int.Parse(Environment.GetEnvironmentVariable("VIRTENGINE_ENGINE_KILLS") ?? "8", CultureInfo.InvariantCulture);
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        using var folder = new ScratchFolder();
        await using var engine = new EngineProcess(folder["engine.db"], breakEvery);
        await engine.StartAsync(cancellation);
        ITemporalClient client = await Servers.ConnectAsync(engine.TargetHost);
        var activities = new LoadActivities();
        await using var workers = new WorkerLives(() => new TemporalWorkerOptions("load").AddWorkflow<LoadWorkflow>().AddAllActivities(activities));
        workers.Next(client);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        LoadDriver[] drivers = [.. Enumerable.Range(0, Drivers).Select(i => new LoadDriver(client, "load", i))];
        Task[] work = [.. drivers.Select(d => Task.Run(() => d.WorkAsync(stop.Token), cancellation))];

        int hit = 0;
        for (int i = 0; i < kills; i++)
        {
            // Every fifth time at once, while it still reads its file; else in the middle of the load.
            if (i % 5 != 4)
            {
                int before = drivers.Sum(d => d.Answered);
                await Eventually.TrueAsync(
                    "there is load again", TimeSpan.FromSeconds(30), () => Task.FromResult(drivers.Sum(d => d.Answered) >= before + Drivers), cancellation);
            }

            using var moment = new PeriodicTimer(TimeSpan.FromMilliseconds(random.Next(5, 300)));
            await moment.WaitForNextTickAsync(cancellation);
            hit += drivers.Count(d => d.UnderWay);
            await engine.KillAsync(cancellation);
            await engine.StartAsync(cancellation);

            // A worker whose polls have failed waits longer and longer before it polls again; a new one is there at once, as after a restart of both.
            workers.Next(await Servers.ConnectAsync(engine.TargetHost));
        }

        await stop.CancelAsync();
        await Task.WhenAll(work).WaitAsync(TimeSpan.FromSeconds(60), cancellation);
        WorkflowHandle[] ended = [.. drivers.SelectMany(d => d.Ended)];
        output.WriteLine(FormattableString.Invariant(
            $"seed {seed}: {kills} kills, {ended.Length} workflows ended, {hit} calls under way when it was killed, {drivers.Sum(d => d.CutOff)} of them failed, {activities.Executions} activity attempts"));
        Assert.Empty(drivers.SelectMany(d => d.Losses));
        Assert.True(ended.Length >= Math.Max(Drivers, kills), $"only {ended.Length} workflows ended in {kills} kills");
        Assert.True(hit > 0, "no call was ever under way: the kills hit nothing");
        foreach (WorkflowHandle run in ended)
        {
            AssertWhole(run.Id, [.. (await run.FetchHistoryAsync()).Events]);
        }

        Assert.Equal(0, (await client.CountWorkflowsAsync("ExecutionStatus = 'Running'")).Count);
        await workers.DisposeAsync();
        await engine.KillAsync(cancellation);
        Assert.Empty(EngineFile.Check(folder["engine.db"]));
    }

    /// <summary>Event ids without a gap, one close event for each activity, and no result of one activity in another's place.</summary>
    private static void AssertWhole(string id, IReadOnlyList<Temporalio.Api.History.V1.HistoryEvent> events)
    {
        Assert.Equal(Enumerable.Range(1, events.Count).Select(i => (long)i), events.Select(e => e.EventId));
        long[] scheduled = [.. events.Where(e => e.EventType == EventType.ActivityTaskScheduled).Select(e => e.EventId)];
        long[] closed = [.. events.Where(e => e.EventType == EventType.ActivityTaskCompleted).Select(e => e.ActivityTaskCompletedEventAttributes.ScheduledEventId)];
        string[] stamps = [.. events.Where(e => e.EventType == EventType.ActivityTaskCompleted).Select(e => e.ActivityTaskCompletedEventAttributes.Result.Payloads_[0].Data.ToStringUtf8())];
        Assert.True(scheduled.SequenceEqual(closed.Order()), $"{id}: scheduled {string.Join(",", scheduled)}, completed {string.Join(",", closed)}");
        Assert.Equal(stamps.Length, stamps.Distinct().Count());
        Assert.Equal(EventType.WorkflowExecutionCompleted, events[^1].EventType);
    }
}
