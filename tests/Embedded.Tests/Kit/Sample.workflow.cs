using Temporalio.Common;
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace VirtEngine.DR.Embedded.Tests.Kit;

/// <summary>Waits for signals and updates until it is told to end.</summary>
[Workflow]
public class SampleWorkflow
{
    private readonly List<string> _heard = [];
    private bool _end;

    [WorkflowRun]
    public async Task<string> RunAsync(string how)
    {
        var options = new ActivityOptions { StartToCloseTimeout = TimeSpan.FromSeconds(20) };
        switch (how)
        {
            case "greet":
                return await Workflow.ExecuteActivityAsync(() => Greeter.Greet("world"), options);
            case "broken":
                return await Workflow.ExecuteActivityAsync(() => Greeter.Broken("because"), options);
            case "flaky":
                return "attempt " + await Workflow.ExecuteActivityAsync((Greeter g) => g.FlakyAsync(), new()
                {
                    StartToCloseTimeout = TimeSpan.FromSeconds(5),
                    RetryPolicy = new RetryPolicy { InitialInterval = TimeSpan.FromMilliseconds(20) },
                });
            case "timer":
                await Workflow.DelayAsync(TimeSpan.FromMilliseconds(200));
                return "done";
            case "silent":
                await Workflow.ExecuteActivityAsync(() => Greeter.SilentAsync(), new()
                {
                    StartToCloseTimeout = TimeSpan.FromMilliseconds(300),
                    RetryPolicy = new RetryPolicy { MaximumAttempts = 1 },
                });
                return "unreachable";
            case "hang":
                await Workflow.ExecuteActivityAsync(() => Greeter.HangAsync(), new()
                {
                    StartToCloseTimeout = TimeSpan.FromSeconds(60),
                    HeartbeatTimeout = TimeSpan.FromSeconds(2),
                    CancellationType = ActivityCancellationType.WaitCancellationCompleted,
                });
                return "unreachable";
            case "child":
                return "child said: " + await Workflow.ExecuteChildWorkflowAsync((SampleWorkflow w) => w.RunAsync("greet"), new() { Id = Workflow.Info.WorkflowId + "/child" });
            case "parent":
                await Workflow.StartChildWorkflowAsync((SampleWorkflow w) => w.RunAsync("wait"), new() { Id = Workflow.Info.WorkflowId + "/child" });
                await Workflow.WaitConditionAsync(() => _end);
                return "parent done";
            case "again":
                throw Workflow.CreateContinueAsNewException((SampleWorkflow w) => w.RunAsync("greet"));
            case "fail":
                throw new ApplicationFailureException("on purpose", "OnPurpose");
            default:
                await Workflow.WaitConditionAsync(() => _end);
                await Workflow.WaitConditionAsync(() => Workflow.AllHandlersFinished);
                return string.Join(",", _heard);
        }
    }

    [WorkflowSignal]
    public Task SayAsync(string word)
    {
        _heard.Add(word);
        return Task.CompletedTask;
    }

    [WorkflowSignal]
    public Task EndAsync()
    {
        _end = true;
        return Task.CompletedTask;
    }

    [WorkflowQuery]
    public string Heard() => string.Join(",", _heard);

    [WorkflowQuery]
    public string Fails() => throw new ApplicationFailureException("cannot say");

    [WorkflowUpdateValidator(nameof(AddAsync))]
    public void CheckAdd(string word)
    {
        if (word.Length == 0)
        {
            throw new ApplicationFailureException("empty");
        }
    }

    [WorkflowUpdate]
    public async Task<int> AddAsync(string word)
    {
        if (word == "slow")
        {
            await Workflow.DelayAsync(TimeSpan.FromMilliseconds(100));
        }

        _heard.Add(word);
        return _heard.Count;
    }
}
