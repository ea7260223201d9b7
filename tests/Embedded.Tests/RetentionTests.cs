using Temporalio.Client;
using Temporalio.Exceptions;
using VirtEngine.DR.Embedded.Tests.Kit;
using VirtEngine.DR.Tests.Shared;
using Xunit;

namespace VirtEngine.DR.Embedded.Tests;

/// <summary>Closed runs leave the file when their time is over, in virtual time.</summary>
public sealed class RetentionTests
{
    [Fact]
    public async Task Retention_TimeIsOver_TheClosedRunsAreGoneAndTheOpenOneStays()
    {
        using var folder = new ScratchFolder();
        var time = new VirtualTime();
        var options = new EngineOptions { DataFile = folder["engine.db"], Time = time, Retention = TimeSpan.FromHours(1) };
        await using (var lab = await Lab.StartAsync(options))
        {
            WorkflowHandle<SampleWorkflow, string> open;
            using (time.Hold())
            {
                open = await lab.StartAsync("wait", "open");
                for (int i = 0; i < 120; i++)
                {
                    var closed = await lab.StartAsync("wait", $"closed-{i}");
                    await closed.TerminateAsync();
                }
            }

            await AgeAsync(lab, time);
            await Eventually.TrueAsync("the closed runs are gone", TimeSpan.FromSeconds(30), async () =>
                (await lab.Client.CountWorkflowsAsync("ExecutionStatus = 'Terminated'")).Count == 0, TestContext.Current.CancellationToken);

            var gone = await Assert.ThrowsAsync<RpcException>(() => lab.Client.GetWorkflowHandle("closed-0").DescribeAsync());
            Assert.Equal(RpcException.StatusCode.NotFound, gone.Code);
            Assert.Equal(Temporalio.Api.Enums.V1.WorkflowExecutionStatus.Running, (await open.DescribeAsync()).Status);
            await open.SignalAsync(w => w.EndAsync());
            await open.GetResultAsync();
        }

        Assert.Empty(EngineFile.Check(options.DataFile));
    }

    [Fact]
    public async Task Retention_TimeIsNotOver_TheClosedRunStays()
    {
        var time = new VirtualTime();
        await using var lab = await Lab.StartAsync(new EngineOptions { Time = time, Retention = TimeSpan.FromDays(2) });
        var closed = await lab.StartAsync("greet", "closed");
        await closed.GetResultAsync();

        await AgeAsync(lab, time);

        Assert.NotEmpty((await closed.FetchHistoryAsync()).Events);
    }

    /// <summary>A day passes while a run waits for its start.</summary>
    private static async Task AgeAsync(Lab lab, VirtualTime time)
    {
        var began = time.GetUtcNow();
        var later = await lab.StartAsync("greet", $"later-{Guid.NewGuid():N}", o => o.StartDelay = TimeSpan.FromDays(1));
        await later.GetResultAsync();
        Assert.True(time.GetUtcNow() - began >= TimeSpan.FromDays(1));
    }
}
