using Temporalio.Client;
using Temporalio.Client.Schedules;
using VirtEngine.DR.Embedded.Tests.Kit;
using VirtEngine.DR.Tests.Shared;
using Xunit;

namespace VirtEngine.DR.Embedded.Tests;

/// <summary>What was answered is there after a restart; a file that is not right is refused and left alone.</summary>
public sealed class DurabilityTests
{
    [Fact]
    public async Task Restart_WithTimersUpdatesAndSchedules_GoesOnAsItWas()
    {
        using var folder = new ScratchFolder();
        var options = new EngineOptions { DataFile = folder["engine.db"] };
        string waiting;
        string timer;
        await using (var lab = await Lab.StartAsync(options))
        {
            waiting = (await lab.StartAsync("wait", "waiting")).Id;
            timer = (await lab.StartAsync("timer", "timer")).Id;
            await lab.Client.GetWorkflowHandle<SampleWorkflow>(waiting).ExecuteUpdateAsync(w => w.AddAsync("before"), new() { Id = "u" });
            await lab.Client.CreateScheduleAsync("often", Schedule(lab));
        }

        await using (var lab = await Lab.StartAsync(options))
        {
            var handle = lab.Client.GetWorkflowHandle<SampleWorkflow, string>(waiting);
            Assert.Equal(1, await handle.ExecuteUpdateAsync(w => w.AddAsync("before"), new() { Id = "u" }));
            Assert.Equal("done", await lab.Client.GetWorkflowHandle<SampleWorkflow, string>(timer).GetResultAsync());
            Assert.Equal("lab", Assert.IsType<ScheduleActionStartWorkflow>((await lab.Client.GetScheduleHandle("often").DescribeAsync()).Schedule.Action).Options.TaskQueue);
            await handle.SignalAsync(w => w.EndAsync());
            Assert.Equal("before", await handle.GetResultAsync());
        }

        Assert.Empty(EngineFile.Check(options.DataFile));
    }

    [Fact]
    public async Task StartAsync_FileInUse_IsRefused()
    {
        using var folder = new ScratchFolder();
        var options = new EngineOptions { DataFile = folder["engine.db"] };
        await using var engine = await EmbeddedEngine.StartAsync(options, TestContext.Current.CancellationToken);

        var refused = await Assert.ThrowsAsync<EngineFileException>(() => EmbeddedEngine.StartAsync(options, TestContext.Current.CancellationToken));

        Assert.Contains("in use", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("torn")]
    [InlineData("future")]
    [InlineData("foreign")]
    public async Task StartAsync_FileNotRight_IsRefusedAndLeftAlone(string how)
    {
        using var folder = new ScratchFolder();
        var options = new EngineOptions { DataFile = folder["engine.db"] };
        await using (await EmbeddedEngine.StartAsync(options, TestContext.Current.CancellationToken))
        {
            // Makes the file.
        }

        byte[] bytes = await File.ReadAllBytesAsync(options.DataFile, TestContext.Current.CancellationToken);
        if (how == "torn")
        {
            bytes = bytes[..(bytes.Length / 2)];
        }
        else if (how == "future")
        {
            bytes[63] = 99;
        }
        else
        {
            bytes[68] = 0;
        }

        await File.WriteAllBytesAsync(options.DataFile, bytes, TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<EngineFileException>(() => EmbeddedEngine.StartAsync(options, TestContext.Current.CancellationToken));

        Assert.Equal(bytes, await File.ReadAllBytesAsync(options.DataFile, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task StartAsync_AfterACleanEnd_DoesNotReadTheWholeFileAndAfterAnyOtherItDoes()
    {
        using var folder = new ScratchFolder();
        var options = new EngineOptions { DataFile = folder["engine.db"] };
        await using (var lab = await Lab.StartAsync(options, withWorker: false))
        {
            var handle = await lab.Client.StartWorkflowAsync("Any", [new string('x', 100_000)], new("large", "nobody"));
            await handle.TerminateAsync();
            Assert.Equal(0, new FileInfo(options.DataFile + ".lock").Length);
        }

        // The damage is where only a reading from end to end finds it: in the chain of pages that hold a closed run's input.
        var written = File.GetLastWriteTimeUtc(options.DataFile);
        byte[] bytes = await File.ReadAllBytesAsync(options.DataFile, TestContext.Current.CancellationToken);
        int page = Enumerable.Range(1, (bytes.Length / 4096) - 1).First(p => bytes.AsSpan((p * 4096) + 4, 4000).IndexOfAnyExcept((byte)'x') < 0);
        bytes.AsSpan(page * 4096, 4).Fill(0x7F);
        await File.WriteAllBytesAsync(options.DataFile, bytes, TestContext.Current.CancellationToken);
        File.SetLastWriteTimeUtc(options.DataFile, written);

        await using (await EmbeddedEngine.StartAsync(options, TestContext.Current.CancellationToken))
        {
            // It was left at a clean end and not touched since.
        }

        await File.WriteAllBytesAsync(options.DataFile + ".lock", [], TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<EngineFileException>(() => EmbeddedEngine.StartAsync(options, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Trigger_TwiceInOneSecond_MakesTwoStarts()
    {
        var time = new VirtualTime();
        await using var lab = await Lab.StartAsync(new EngineOptions { Time = time }, withWorker: false);
        var handle = await lab.Client.CreateScheduleAsync("often", Schedule(lab) with { Policy = new() { Overlap = Temporalio.Api.Enums.V1.ScheduleOverlapPolicy.AllowAll } });
        var before = time.GetUtcNow();

        await handle.TriggerAsync();
        await handle.TriggerAsync();

        Assert.Equal(before, time.GetUtcNow());
        var made = (await handle.DescribeAsync()).Info.RecentActions.Select(a => Assert.IsType<ScheduleActionExecutionStartWorkflow>(a.Action).WorkflowId).ToArray();
        Assert.Equal(2, made.Distinct().Count());
        foreach (string id in made)
        {
            Assert.Equal(Temporalio.Api.Enums.V1.WorkflowExecutionStatus.Running, (await lab.Client.GetWorkflowHandle(id).DescribeAsync()).Status);
        }
    }

    [Fact]
    public async Task Backup_WhileItRuns_IsWholeAndStarts()
    {
        using var folder = new ScratchFolder();
        await using (var lab = await Lab.StartAsync(new EngineOptions { DataFile = folder["engine.db"] }))
        {
            await (await lab.StartAsync("greet", "one")).GetResultAsync();
            EngineFile.Backup(folder["engine.db"], folder["copy.db"]);
            Assert.Throws<EngineFileException>(() => EngineFile.Backup(folder["engine.db"], folder["copy.db"]));
        }

        Assert.Empty(EngineFile.Check(folder["copy.db"]));
        Assert.Equal(1, EngineFile.Export(folder["copy.db"], folder["histories"]));
        await using var again = await Lab.StartAsync(new EngineOptions { DataFile = folder["copy.db"] });
        Assert.Equal("Hello, world", await again.Client.GetWorkflowHandle("one").GetResultAsync<string>());
    }

    [Fact]
    public async Task RequireKey_WithoutIt_IsUnauthenticated()
    {
        using var folder = new ScratchFolder();
        var options = new EngineOptions { RequireKey = true, KeyFile = folder["engine.key"] };
        await using var lab = await Lab.StartAsync(options);

        Assert.Equal("Hello, world", await (await lab.StartAsync("greet")).GetResultAsync());
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder["engine.key"]));
        }

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => TemporalClient.ConnectAsync(new TemporalClientConnectOptions(lab.Engine.TargetHost)));
        Assert.Contains("Unauthenticated", refused.Message, StringComparison.Ordinal);
    }

    private static Schedule Schedule(Lab lab) => new(
        ScheduleActionStartWorkflow.Create((SampleWorkflow w) => w.RunAsync("greet"), new WorkflowOptions("scheduled", lab.Queue)),
        new ScheduleSpec { CronExpressions = ["0 3 * * *"] });
}
