using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Tests.Kit;
using Xunit;

namespace VirtEngine.DR.Workflows.Tests.Corruption;

/// <summary>RB-DR-004 for a configuration: every file is seen before it is replaced, and comes back where that did not help.</summary>
public sealed class DamagedConfigurationTests(DevServer server)
{
    private static readonly ConfigurationDifference[] Damaged = [new("config/config.toml", false, "it is not TOML: line 3"), new("config/app.toml", false, null)];

    [Fact]
    public async Task Run_DamagedConfiguration_ReplacesWhatPeopleSawAndNothingElse()
    {
        await using var harness = Harness.Start(server);
        (harness.World.Process, harness.World.Corrupt.Differences) = (ProcessState.Stopped, Damaged);
        var run = await harness.RecoverAsync(i => i with { Kind = CorruptionKinds.Config });

        var asked = await run.WhenAsync(s => s.Gates.Any(g => g is { Open: true, Name: "configuration" }));
        Assert.Contains("config/config.toml, config/app.toml", asked.Gates.Single(g => g.Open).Question, StringComparison.Ordinal);
        await run.ApproveAsync();
        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.Succeeded, state.Outcome);
        Assert.Equal(["forensics.preserve", "home.replace", "node.start"], harness.World.Acts.Select(a => a.Activity));
        Assert.Contains("it is not TOML", Step(state, "decide").Detail, StringComparison.Ordinal);
        Assert.Contains(state.Missing, line => line.Contains("former-configuration", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_ReplacedConfigurationDoesNotHelp_AbortPutsTheFormerBack()
    {
        await using var harness = Harness.Start(server);
        (harness.World.Corrupt.Differences, harness.World.Corrupt.Mends) = (Damaged, false);
        var run = await harness.RecoverAsync(i => i with { Kind = CorruptionKinds.Config });
        await run.ApproveAsync();

        var parked = await run.WhenAsync(RunPhase.Parked);
        Assert.StartsWith("it did not help", Step(parked, "configuration-helped").Detail, StringComparison.Ordinal);
        await run.AbortAsync();
        var state = await run.ResultAsync();

        Assert.Equal(RunOutcome.RolledBack, state.Outcome);
        Assert.Equal(("former", "Running/former"), (harness.World.Corrupt.Configuration, harness.World.Summary));
    }

    [Fact]
    public async Task Run_ConfigurationIsTheBackups_ReplacesNothingAndParks()
    {
        await using var harness = Harness.Start(server);
        var run = await harness.RecoverAsync(i => i with { Kind = CorruptionKinds.Config });

        var parked = await run.WhenAsync(RunPhase.Parked);

        Assert.Contains("its configuration is the backup's", Step(parked, "decide").Error, StringComparison.Ordinal);
        await run.AbortAsync();
        Assert.Equal(RunOutcome.RolledBack, (await run.ResultAsync()).Outcome);
        Assert.DoesNotContain(harness.World.Acts, a => a.Activity == "home.replace");
    }

    private static StepState Step(RunState state, string id) => state.Steps.Single(step => step.Id == id);
}
