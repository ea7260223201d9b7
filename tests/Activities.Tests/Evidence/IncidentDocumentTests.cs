using System.Security.Cryptography;
using System.Text.Json;
using VirtEngine.DR.Activities.Evidence;
using VirtEngine.DR.Activities.Evidence.Incidents;
using VirtEngine.DR.Activities.Tests.Support;
using VirtEngine.DR.Backups.Storage;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Incidents;

namespace VirtEngine.DR.Activities.Tests.Evidence;

public sealed class IncidentDocumentTests
{
    private static readonly DateTimeOffset From = new(2026, 1, 30, 10, 0, 0, TimeSpan.Zero);
    private readonly CancellationToken _token = TestContext.Current.CancellationToken;

    [Fact]
    public void Read_ARun_SaysOnlyWhatItsHistoryHolds()
    {
        var record = IncidentReader.Read(State(), "digest");

        Assert.Equal(
            new IncidentTimes(From, From.AddMinutes(1), From.AddMinutes(2), From.AddMinutes(3), From.AddMinutes(20), From.AddMinutes(30), TimeSpan.FromHours(1), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(5)),
            record.Times);
        Assert.Equal(["verb.approve"], record.Approvals.Select(a => a.Event));
        Assert.StartsWith("power at the beginning: 75.0 %", record.Impact[0], StringComparison.Ordinal);
        Assert.StartsWith("power: 100.0 %", record.Impact[1], StringComparison.Ordinal);
        Assert.Equal(["1 Look: done and proven. seen"], record.Done);
        Assert.Equal(["Root cause analysis (plan)", "2 prove was skipped: health."], record.Actions.Select(a => a.What));
        Assert.Equal(["carol", "carol"], record.Actions.Select(a => a.Owner));
        Assert.Equal("", record.RootCause);
        Assert.Equal(State().Journal, record.Timeline);
    }

    [Fact]
    public void Read_ARunThatProvedNothing_NamesNoTimeThatItDoesNotKnow()
    {
        var record = IncidentReader.Read(State() with { Outcome = null, Journal = [], Clock = new(From, null, null, TimeSpan.Zero, TimeSpan.Zero) }, null);
        var page = IncidentDocument.Render(record);

        Assert.Equal(new IncidentTimes(From, null, null, null, null, null, null, TimeSpan.Zero, TimeSpan.Zero), record.Times);
        Assert.Contains("| proven healthy | NOT PROVEN |", page, StringComparison.Ordinal);
        Assert.Contains("| closed | open |", page, StringComparison.Ordinal);
        Assert.Contains("**Not closed", page, StringComparison.Ordinal);
        Assert.DoesNotContain("not observed", page, StringComparison.Ordinal);
        Assert.Equal("voting power: not observed by this run", IncidentReader.Read(State() with { Facts = [] }, null).Impact[0]);
        Assert.Contains("Recovery time open; no objective", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_ARun_HasEveryFieldOfThePlanAndTheRootCauseIsLeftToFillIn()
    {
        var page = IncidentDocument.Render(IncidentReader.Read(State(), "digest"));

        Assert.StartsWith("# Incident D4: RB-DR-006 Backup restore, node/fullnode-0\n", page, StringComparison.Ordinal);
        foreach (var line in new[]
        {
            "**Names of people are claimed, not proven**", "| class | D4 |", "| trigger | 2026-01-30 10:00:00 | 0 s |", "| declared: the first plan was there | 2026-01-30 10:02:00 | 2 min 0 s |",
            "| contained | 2026-01-30 10:03:00 | 3 min 0 s |", "| proven healthy | 2026-01-30 10:20:00 | 20 min 0 s |", "objective 1 h 0 min, met", "bob (claimed): verb.approve",
            "on-call lead (lead@example.net): a channel took the page", "executive: NOT REACHED", "| Root cause analysis (plan) | carol | 2026-02-02 10:30:00 |  |", "## Root cause\n\nTo be filled in by a person",
            "Made from the state with SHA-256 `digest`.",
        })
        {
            Assert.Contains(line, page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Render_TextOfOthers_IsTextAndNoMarkup()
    {
        var page = IncidentDocument.Render(IncidentReader.Read(
            State() with { Headline = "a|b <img src=x> [x](http://evil)\n# heading", Mode = RunMode.Practice }, null));

        Assert.Contains(@"a\|b &lt;img src=x> \[x\](http://evil) # heading", page, StringComparison.Ordinal);
        Assert.Contains("**PRACTICE: not a real incident.**", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, RunMode.Live, false)]
    [InlineData("D1", RunMode.DryRun, false)]
    [InlineData("D1", RunMode.Practice, true)]
    [InlineData("D1", RunMode.Live, true)]
    public void Applies_OnlyToRunsOfAnIncident(string? incidentClass, RunMode mode, bool applies) =>
        Assert.Equal(applies, IncidentReader.Applies(State() with { IncidentClass = incidentClass, Mode = mode }));

    [Fact]
    public async Task Write_AnIncident_HasItsDocumentBesideItOnce()
    {
        using var folder = new TempFolder();
        var store = new LocalFolderStore(folder.Path);
        var activities = new EvidenceActivities(store, signer: null);
        var first = await activities.WriteAsync(State());
        var second = await activities.WriteAsync(State() with { Headline = "changed since" });

        Assert.Equal(first, second);
        var page = await store.ReadAllAsync(first.Document!, 1 << 20, _token);
        Assert.Equal(first.DocumentDigest, Convert.ToHexStringLower(SHA256.HashData(page!)));
        Assert.Contains($"SHA-256 `{first.Digest}`", System.Text.Encoding.UTF8.GetString(page!), StringComparison.Ordinal);
        var json = Assert.Single(Directory.GetFiles(folder.Path, "incident-*.json", SearchOption.AllDirectories));
        var record = JsonSerializer.Deserialize<IncidentRecord>(await File.ReadAllTextAsync(json, _token), DrDataConverter.JsonOptions)!;
        Assert.Equal((first.Digest, "D4"), (record.StateDigest, record.Class));
        var bundle = JsonSerializer.Deserialize<EvidenceBundle>((await store.ReadAllAsync(first.Key, 1 << 20, _token))!, DrDataConverter.JsonOptions)!;
        Assert.Equal(bundle.IncidentDigest, Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(json, _token))));
        Assert.Equal(5, Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories).Length);
    }

    private static RunState State() => new()
    {
        Runbook = "RB-DR-006",
        Title = "Backup restore",
        WorkflowId = "run-1",
        Target = "node/fullnode-0",
        IncidentClass = "D4",
        Mode = RunMode.Live,
        Phase = RunPhase.Closed,
        Outcome = RunOutcome.Partial,
        Headline = "Partial: done, but not all of it is proven.",
        Operator = "alice → carol",
        Clock = new(From, TimeSpan.FromHours(1), From.AddMinutes(20), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(5)) { ContainedAt = From.AddMinutes(3) },
        Facts =
        [
            new("target", "fullnode-0", From),
            new("power", "100.0 % of the power signed", From.AddMinutes(25)) { FirstValue = "75.0 % of the power signed", FirstAt = From.AddMinutes(1) },
        ],
        Steps =
        [
            new() { Id = "look", Number = "1", Title = "Look", Status = StepStatus.Done, Detail = "seen" },
            new() { Id = "later", Number = "2", Title = "Later", Status = StepStatus.LeftOut },
        ],
        Missing = ["2 prove was skipped: health."],
        Journal =
        [
            new(From.AddMinutes(1), "alice", "run.started", "RB-DR-006"), new(From.AddMinutes(2), "flow", "plan.made", "Plan 1"),
            new(From.AddMinutes(2), "bob", "verb.approve", "Gate restore: 1 of 1."), new(From.AddMinutes(3), "flow", "run.contained", "Contained by 4 stop."),
            new(From.AddMinutes(30), "flow", "run.ending", "Partial"),
        ],
        Escalated =
        [
            new(1, 1, "on-call lead", "lead@example.net", From.AddMinutes(10), true, "ops: 200"), new(1, 2, "executive", null, From.AddMinutes(15), false, "ops: refused"),
        ],
        Aftermath =
        [
            new() { Id = "root-cause", Title = "Root cause analysis", Within = TimeSpan.FromHours(72), DueAt = From.AddMinutes(30).AddHours(72), Owner = "carol", Source = "plan" },
        ],
    };
}
