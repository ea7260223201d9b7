using Spectre.Console;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Starter.Tests.Support;
using VirtEngine.DR.Starter.Views;
using Xunit;

namespace VirtEngine.DR.Starter.Tests.Views;

/// <summary>The drawn view, at the width that a terminal has at least.</summary>
public sealed class RunViewTests
{
    [Fact]
    public void Render_AwaitingApproval_ShowsQuestionBoundsRisksDigestAndCommand()
    {
        var text = Draw(Samples.AwaitingApproval);
        Assert.Contains("Restore node fullnode-0 from this backup?", text, StringComparison.Ordinal);
        Assert.Contains("at most 130 blocks are replayed", text, StringComparison.Ordinal);
        Assert.Contains("the former data is gone", text, StringComparison.Ordinal);
        Assert.Contains("1a2b3c4d", text, StringComparison.Ordinal);
        Assert.Contains("virtengine-dr approve RB-DR-006.fullnode-0.20260301-120000-abc", text, StringComparison.Ordinal);
        Assert.Contains("0 of 1 approvals", text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Render_AnyState_FitsEightyColumns(string name)
    {
        Assert.All(Draw(Sample(name)).Split('\n'), line => Assert.True(line.TrimEnd('\r').Length <= 80, $"{name}: {line.Length} columns: {line}"));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Render_AnyState_NamesTargetPhaseAndEveryStep(string name)
    {
        var state = Sample(name);
        var text = Draw(state);
        Assert.Contains(state.Target, text, StringComparison.Ordinal);
        Assert.Contains(Words.Title(state), text, StringComparison.Ordinal);
        Assert.All(state.Steps, step => Assert.Contains(step.Title, text, StringComparison.Ordinal));
    }

    [Fact]
    public void Render_Parked_ShowsTheErrorAndTheRetryOfThatStep()
    {
        var text = Draw(Samples.Parked);
        Assert.Contains("no space: needs 3.0 GB, free are 1.0 GB", text, StringComparison.Ordinal);
        Assert.Contains("--step download", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_LongJournalAndParameters_AreCutToOneLine()
    {
        var text = Draw(Samples.Running with
        {
            Steps = [Samples.Running.Steps[0] with { Title = "Choose the backup (backup=1, manifest=" + Samples.Digest + ")" }],
            Journal = [new JournalEntry(Samples.Start, "flow", "step.done", new string('x', 300))],
        });
        Assert.DoesNotContain("manifest=", text, StringComparison.Ordinal);
        Assert.Contains("Choose the backup", text, StringComparison.Ordinal);
        Assert.Single(text.Split('\n'), line => line.Contains("xxx", StringComparison.Ordinal));
    }

    [Fact]
    public void Render_Running_ShowsTheClockAgainstTheObjective() =>
        Assert.Contains("of 2 h (1 %)", Draw(Samples.Running), StringComparison.Ordinal);

    public static TheoryData<string> All => ["AwaitingApproval", "Running", "Parked", "Unwinding", "Closed"];

    private static RunState Sample(string name) => name switch
    {
        "AwaitingApproval" => Samples.AwaitingApproval,
        "Running" => Samples.Running,
        "Parked" => Samples.Parked,
        "Unwinding" => Samples.Unwinding,
        _ => Samples.Closed,
    };

    private static string Draw(RunState state)
    {
        using var writer = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = 80;
        console.Profile.Capabilities.Unicode = true;
        console.Write(RunView.Render(state, Samples.Start.AddSeconds(72), 80, 40));
        return writer.ToString();
    }
}
