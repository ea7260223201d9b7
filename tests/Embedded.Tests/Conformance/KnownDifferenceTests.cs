using System.Text.RegularExpressions;
using Xunit;

namespace VirtEngine.DR.Embedded.Tests.Conformance;

/// <summary>The list of differences and the page that gives their reasons are one.</summary>
public sealed partial class KnownDifferenceTests
{
    [Fact]
    public void All_AndThePage_NameTheSame()
    {
        string page = File.ReadAllText(Path.Combine(Root(), "docs", "embedded-differences.md"));

        Assert.Equal(KnownDifference.All.Select(d => d.Id).Distinct().Order(StringComparer.Ordinal), Row().Matches(page).Select(m => m.Groups[1].Value).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void All_EachDifference_BelongsToAScenario() =>
        Assert.All(KnownDifference.All, d => Assert.Contains(ScenarioList.All, s => d.Scenarios.IsMatch(s.Name)));

    [Fact]
    public void Left_LinesOfAKnownDifference_AreLeftOutInItsScenarioOnly()
    {
        string[] lines = ["ConformNumber > 0 ORDER BY ConformNumber: one", "else: two"];

        Assert.Equal(["else: two"], KnownDifference.Left("list.order-by", lines));
        Assert.Equal(lines, KnownDifference.Left("list.equal", lines));
    }

    [Fact]
    public void Left_HeadingOfAKnownDifference_GoesWithWhatIsBelowAndIdsAreNumberedAgain()
    {
        string[] lines = ["describe:", "    info:", "      auto_reset_points:", "        points:", "          run_id: <id1>", "    last: <id2>", "2 Next", "    run: <id1>"];

        Assert.Equal(["describe:", "    last: <id1>", "2 Next", "    run: <id2>"], KnownDifference.Left("any", lines));
    }

    [Fact]
    public void Of_ListsThatDiffer_ShowsWhatOnlyOneHasUnderItsEvent()
    {
        string[] theirs = ["1 Started", "    a: 1", "    b: 2", "    c: 3", "    d: 4", "2 Ended"];
        string[] ours = ["1 Started", "    a: 1", "    b: 2", "    c: 3", "    d: 5", "2 Ended", "3 More"];

        Assert.Equal(["  1 Started", "      c: 3", "-     d: 4", "+     d: 5", "  2 Ended", "+ 3 More"], LineDiff.Of(theirs, ours, around: 1));
        Assert.Empty(LineDiff.Of(theirs, theirs));
    }

    private static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && folder.GetFiles("VirtEngine.DR.sln").Length == 0)
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("the solution is in no folder above " + AppContext.BaseDirectory);
    }

    [GeneratedRegex(@"^\| `([\w-]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
