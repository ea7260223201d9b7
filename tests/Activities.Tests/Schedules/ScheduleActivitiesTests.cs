using Temporalio.Client;
using Temporalio.Client.Schedules;
using VirtEngine.DR.Activities.Schedules;
using VirtEngine.DR.Activities.Tests.Support;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Tests.Shared;
using EstateSchedule = VirtEngine.DR.Contracts.Estates.ScheduleSpec;
using TestServer = VirtEngine.DR.Tests.Shared.TestServer;

namespace VirtEngine.DR.Activities.Tests.Schedules;

/// <summary>A real server that is away for longer than the catch-up time counts what it missed; we read that.</summary>
public sealed class ScheduleActivitiesTests
{
    /// <summary>The shortest that the server allows.</summary>
    private static readonly TimeSpan CatchUp = TimeSpan.FromSeconds(10);
    private readonly CancellationToken _token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Look_TheServerWasAwayForLongerThanTheCatchUp_SeesWhatWasMissed()
    {
        using var folder = new TempFolder();
        var port = FreePorts.One();
        DateTime stopped;
        await using (await TestServer.StartAsync(attributes: false, folder.File("engine.db"), port))
        {
            var client = await ConnectAsync(port);
            await client.CreateScheduleAsync(Names.ScheduleId(WorkflowTypes.BackupChainState), new(
                ScheduleActionStartWorkflow.Create(WorkflowTypes.BackupChainState, [new BackupInput()], new("backup", "nobody-polls")),
                new Temporalio.Client.Schedules.ScheduleSpec { Intervals = [new(TimeSpan.FromSeconds(1))] })
            {
                Policy = new() { Overlap = Temporalio.Api.Enums.V1.ScheduleOverlapPolicy.Skip, CatchupWindow = CatchUp },
            });
            await Eventually.TrueAsync(async () => (await LookAsync(client))[0].Last is not null, "it runs");
            var before = await LookAsync(client);
            Assert.Equal([true, false], before.Select(s => s.Exists));
            Assert.Equal(0, before[0].Missed);
            stopped = DateTime.UtcNow;
        }

        await Eventually.TrueAsync(() => DateTime.UtcNow > stopped + CatchUp + TimeSpan.FromSeconds(5), "the catch-up time is over");
        await using (await TestServer.StartAsync(attributes: false, folder.File("engine.db"), port))
        {
            var client = await ConnectAsync(port);
            IReadOnlyList<ScheduleLook> looks = [];
            await Eventually.TrueAsync(async () => (looks = await LookAsync(client))[0].Missed > 0, "the server counts what it missed", 60);
            Assert.NotNull(looks[0].Next);
            Assert.False(looks[0].Paused);
        }
    }

    private static Task<IReadOnlyList<ScheduleLook>> LookAsync(TemporalClient client) => LookAsync(new ScheduleActivities(
        new Estate
        {
            Name = "test",
            Chain = new ChainSpec { Id = "virtengine-1" },
            Regions = [],
            Nodes = [],
            Backups = new BackupSpec
            {
                Schedules = [new EstateSchedule(WorkflowTypes.BackupChainState, "* * * * *", CatchUp), new EstateSchedule(WorkflowTypes.PruneBackups, "0 3 * * *", CatchUp)],
            },
            Objectives = new ObjectivesSpec([], []),
            Approvals = new ApprovalSpec(),
        },
        client));

    private static async Task<IReadOnlyList<ScheduleLook>> LookAsync(ScheduleActivities activities) => (await activities.LookAsync()).Schedules;

    private async Task<TemporalClient> ConnectAsync(int port)
    {
        TemporalClient? client = null;
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    client = await TemporalClient.ConnectAsync(new($"127.0.0.1:{port}"));
                    return await client.Connection.CheckHealthAsync(options: new() { CancellationToken = _token });
                }
                catch (Exception e) when (e is InvalidOperationException or Temporalio.Exceptions.RpcException)
                {
                    return false;
                }
            },
            "the server answers",
            60);
        return client!;
    }
}
