using System.Reflection;
using Temporalio.Worker;
using Temporalio.Workflows;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Workflows;
using Xunit;

namespace VirtEngine.DR.Replay.Tests;

/// <summary>What runs today must replay what was recorded with every release.</summary>
public sealed class ReplayTests
{
    public static TheoryData<string> Histories => [.. Recorded.Names];

    [Theory]
    [MemberData(nameof(Histories))]
    public async Task Replay_RecordedHistory_TakesTheSameWay(string history)
    {
        var result = await ReplayAsync(WorkflowCatalog.All, history);

        Assert.Null(result.ReplayFailure);
    }

    [Fact]
    public void Histories_CoverEveryWorkflowType()
    {
        var types = WorkflowCatalog.All.Select(t => t.GetCustomAttribute<WorkflowAttribute>()!.Name!).Order(StringComparer.Ordinal);

        Assert.Equal(types, Recorded.Names.Select(Recorded.TypeOf).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Replay_ByAWorkflowThatWasChanged_Fails()
    {
        foreach (var history in Recorded.Names.Where(n => Recorded.TypeOf(n) == WorkflowTypes.BackupRestore))
        {
            var result = await ReplayAsync([typeof(ChangedRestore)], history);

            Assert.NotNull(result.ReplayFailure);
        }
    }

    private static async Task<WorkflowReplayResult> ReplayAsync(IReadOnlyList<Type> workflows, string history)
    {
        // A loaded machine that gives no processor for two seconds is no deadlock.
        var options = new WorkflowReplayerOptions { DataConverter = DrDataConverter.Instance, DebugMode = true };
        foreach (var workflow in workflows)
        {
            options.AddWorkflow(workflow);
        }

        return await new WorkflowReplayer(options).ReplayWorkflowAsync(Recorded.Read(history), throwOnReplayFailure: false);
    }
}
