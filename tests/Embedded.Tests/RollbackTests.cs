using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Client;
using Temporalio.Client.Schedules;
using Temporalio.Exceptions;
using VirtEngine.DR.Embedded.Tests.Kit;
using VirtEngine.DR.Tests.Shared;
using Xunit;

namespace VirtEngine.DR.Embedded.Tests;

/// <summary>A request that breaks the engine in the middle of a step is undone; everybody else goes on.</summary>
public sealed class RollbackTests
{
    private static readonly RpcOptions Once = new() { Retry = false };

    [Fact]
    public async Task Signal_BreaksInTheMiddle_IsUndoneAndOthersGoOn()
    {
        using var folder = new ScratchFolder();
        var planted = new Planted(e => e.WorkflowExecutionSignaledEventAttributes?.SignalName == "Break");
        var options = new EngineOptions { DataFile = folder["engine.db"], Planted = planted.Meet };
        await using (var lab = await Lab.StartAsync(options))
        {
            var broken = await lab.StartAsync("wait", "broken");
            var other = await lab.StartAsync("wait", "other");
            await broken.SignalAsync(w => w.SayAsync("before"));
            Assert.Equal(1, await other.ExecuteUpdateAsync(w => w.AddAsync("x")));
            var following = other.GetResultAsync();
            planted.Left = 1;

            var heard = await Assert.ThrowsAsync<RpcException>(() => broken.SignalAsync("Break", [], new() { Rpc = Once }));

            Assert.Equal(RpcException.StatusCode.Internal, heard.Code);
            Assert.Contains("planted", heard.Message, StringComparison.Ordinal);
            Assert.Equal(2, await other.ExecuteUpdateAsync(w => w.AddAsync("y")));
            await other.SignalAsync(w => w.EndAsync());
            Assert.Equal("x,y", await following);
            Assert.DoesNotContain((await broken.FetchHistoryAsync()).Events, e => e.WorkflowExecutionSignaledEventAttributes?.SignalName == "Break");
            await broken.SignalAsync(w => w.EndAsync());
            Assert.Equal("before", await broken.GetResultAsync());
            Assert.Equal(0, planted.Left);
        }

        Assert.Empty(EngineFile.Check(options.DataFile));
    }

    [Fact]
    public async Task Load_WithAStepThatBreaksNowAndThen_DoesEverythingOnce()
    {
        using var folder = new ScratchFolder();
        int count = 0;
        int thrown = 0;
        var options = new EngineOptions
        {
            DataFile = folder["engine.db"],
            Planted = e =>
            {
                // What nobody asked for (a deadline) stops the engine; everything else may break.
                if (++count % 61 == 0 && e.EventType is not (EventType.WorkflowTaskTimedOut or EventType.TimerFired or EventType.WorkflowTaskStarted))
                {
                    thrown++;
                    throw new InvalidOperationException("planted");
                }
            },
        };
        await using (var lab = await Lab.StartAsync(options))
        {
            await Task.WhenAll(Enumerable.Range(0, 8).Select(async n =>
            {
                var handle = await lab.StartAsync("wait", FormattableString.Invariant($"run-{n}"));
                for (int i = 1; i <= 15; i++)
                {
                    string word = FormattableString.Invariant($"{n}.{i}");
                    int number = i;
                    Assert.Equal(number, await handle.ExecuteUpdateAsync(w => w.AddAsync(word), new() { Id = word }));
                }

                await handle.SignalAsync(w => w.EndAsync());
                Assert.Equal(string.Join(",", Enumerable.Range(1, 15).Select(i => FormattableString.Invariant($"{n}.{i}"))), await handle.GetResultAsync());
                Assert.StartsWith("Hello", await (await lab.StartAsync("greet")).GetResultAsync(), StringComparison.Ordinal);
            }));
        }

        Assert.True(thrown >= 5, $"only {thrown} steps broke");
        Assert.Empty(EngineFile.Check(options.DataFile));
    }

    [Fact]
    public async Task Trigger_WhoseStartBreaks_LeavesTheScheduleAsItWas()
    {
        var planted = new Planted(e => e.WorkflowExecutionStartedEventAttributes is not null);
        await using var lab = await Lab.StartAsync(new EngineOptions { Planted = planted.Meet }, withWorker: false);
        var schedule = await lab.Client.CreateScheduleAsync("one", new(
            ScheduleActionStartWorkflow.Create((SampleWorkflow w) => w.RunAsync("wait"), new WorkflowOptions("scheduled", lab.Queue)), new ScheduleSpec()));
        planted.Left = 1;

        await Assert.ThrowsAsync<RpcException>(() => schedule.TriggerAsync(new() { Rpc = Once }));

        Assert.Equal(0, (await schedule.DescribeAsync()).Info.NumActions);
        await schedule.TriggerAsync();
        Assert.Equal(1, (await schedule.DescribeAsync()).Info.NumActions);
        Assert.Equal(1, (await lab.Client.CountWorkflowsAsync("WorkflowType = 'SampleWorkflow'")).Count);
    }

    [Fact]
    public async Task Deadline_ThatBreaks_StopsTheEngineAndTheFileGoesOn()
    {
        using var folder = new ScratchFolder();
        var planted = new Planted(e => e.EventType == EventType.WorkflowTaskScheduled) { Left = 1 };
        var options = new EngineOptions { DataFile = folder["engine.db"], Planted = planted.Meet };
        await using (var lab = await Lab.StartAsync(options, withWorker: false))
        {
            // The first task is scheduled by the clock, not by a request.
            await lab.StartAsync("greet", "delayed", o => o.StartDelay = TimeSpan.FromMilliseconds(100));
            await Eventually.TrueAsync("the engine has stopped", TimeSpan.FromSeconds(20), async () =>
            {
                try
                {
                    await lab.Client.CountWorkflowsAsync("", new() { Rpc = Once });
                    return false;
                }
                catch (RpcException e) when (e.Code == RpcException.StatusCode.Unavailable)
                {
                    return true;
                }
            }, TestContext.Current.CancellationToken);
        }

        Assert.Empty(EngineFile.Check(options.DataFile));
        await using var again = await Lab.StartAsync(options);
        Assert.Equal("Hello, world", await again.Client.GetWorkflowHandle("delayed").GetResultAsync<string>());
    }

    /// <summary>Throws at certain events, as often as it is told.</summary>
    private sealed class Planted(Func<HistoryEvent, bool> at)
    {
        private int _left;

        public int Left
        {
            get => Volatile.Read(ref _left);
            set => Volatile.Write(ref _left, value);
        }

        public void Meet(HistoryEvent e)
        {
            if (Left > 0 && at(e))
            {
                Left--;
                throw new InvalidOperationException("planted");
            }
        }
    }
}
