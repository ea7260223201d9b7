using Xunit;

namespace VirtEngine.DR.Embedded.Tests.Conformance;

/// <summary>Every scenario shows the same on the embedded engine as on the official dev server: outcomes, and histories event by event.</summary>
[Collection("servers")]
public sealed class ConformanceTests(Servers servers)
{
    private static readonly Lock Gate = new();
    private static Playbill? official;
    private static Playbill? embedded;

    /// <summary>The scenarios by name.</summary>
    public static TheoryData<string> Names { get; } = [.. ScenarioList.All.Select(s => s.Name)];

    [Fact]
    public void Scenarios_AreAtLeastSixtyWithNamesOfTheirOwn()
    {
        Assert.True(ScenarioList.All.Count >= 60, $"there are {ScenarioList.All.Count}");
        Assert.Equal(ScenarioList.All.Count, ScenarioList.All.Select(s => s.Name).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Scenario_OnBothServers_ShowsTheSame(string name)
    {
        int index = ScenarioList.All.ToList().FindIndex(s => s.Name == name);
        lock (Gate)
        {
            official ??= new("the dev server", servers.OfficialAsync);
            embedded ??= new("the embedded engine", servers.EmbeddedAsync);
        }

        await servers.OfficialAsync();
        Task<Recording> expected = official.RecordingAsync(index);
        Recording ours = await embedded.RecordingAsync(index);
        Recording theirs = await expected;

        if (Environment.GetEnvironmentVariable("VIRTENGINE_CONFORMANCE_OUT") is { Length: > 0 } folder)
        {
            await File.WriteAllLinesAsync(Path.Combine(Directory.CreateDirectory(folder).FullName, name + ".official"), theirs.Lines, TestContext.Current.CancellationToken);
            await File.WriteAllLinesAsync(Path.Combine(folder, name + ".embedded"), ours.Lines, TestContext.Current.CancellationToken);
        }

        IReadOnlyList<string> left = KnownDifference.Left(name, ours.Lines);
        if (theirs.Failure is not null || !KnownDifference.Left(name, theirs.Lines).SequenceEqual(left))
        {
            // On a busy machine the dev server may be late once; a difference shows twice. The engine gets one play only.
            theirs = await Playbill.PlayAsync(ScenarioList.All[index], await servers.OfficialAsync(), "the dev server");
        }

        Assert.True(theirs.Failure is null, $"{theirs.Failure}\n{string.Join('\n', theirs.Lines)}");
        IReadOnlyList<string> diff = LineDiff.Of(KnownDifference.Left(name, theirs.Lines), left);
        Assert.True(diff.Count == 0 && ours.Failure is null, $"{ours.Failure?.Message}\n- the dev server, + the embedded engine\n{string.Join('\n', diff)}");
        Assert.NotEmpty(theirs.Lines);
    }
}
