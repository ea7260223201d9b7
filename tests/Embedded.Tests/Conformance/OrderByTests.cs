using Temporalio.Client;
using Temporalio.Common;
using VirtEngine.DR.Tests.Shared;
using Xunit;

namespace VirtEngine.DR.Embedded.Tests.Conformance;

/// <summary>What the dev server cannot show: lists in an order.</summary>
public sealed class OrderByTests(Servers servers)
{
    [Theory]
    [InlineData("ConformNumber", "2,3,1")]
    [InlineData("ConformNumber ASC", "2,3,1")]
    [InlineData("ConformNumber DESC", "1,3,2")]
    [InlineData("StartTime", "1,2,3")]
    [InlineData("StartTime DESC", "3,2,1")]
    [InlineData("WorkflowId", "1,2,3")]
    public async Task List_OrderBy_IsInThatOrder(string order, string expected)
    {
        await using var stage = new Stage(await servers.OursAsync());
        foreach ((int name, long number) in new[] { (1, 30L), (2, 10L), (3, 20L) })
        {
            WorkflowOptions options = stage.Options(FormattableString.Invariant($"{name}"));
            options.TypedSearchAttributes = new SearchAttributeCollection.Builder()
                .Set(ConformanceAttributes.Word, stage.Unique).Set(ConformanceAttributes.Number, number).ToSearchAttributeCollection();
            await stage.StartAsync("main", options);
        }

        string mine = $"ConformWord = '{stage.Unique}'";
        await Eventually.TrueAsync(
            "all are listed", TimeSpan.FromSeconds(10), async () => (await stage.Client.CountWorkflowsAsync(mine)).Count == 3, TestContext.Current.CancellationToken);
        var seen = new List<string>();
        await foreach (WorkflowExecution run in stage.Client.ListWorkflowsAsync($"{mine} ORDER BY {order}"))
        {
            seen.Add(run.Id.Split('-')[0]);
        }

        Assert.Equal(expected, string.Join(",", seen));
    }
}
