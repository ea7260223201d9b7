using System.Text;
using VirtEngine.DR.Activities.Evidence;
using VirtEngine.DR.Activities.Tests.Support;
using VirtEngine.DR.Backups.Signing;
using VirtEngine.DR.Backups.Storage;
using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Activities.Tests.Evidence;

public sealed class EvidenceActivitiesTests
{
    private readonly CancellationToken _token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Write_Twice_IsOneBundleAndTheFirstStays()
    {
        using var folder = new TempFolder();
        var store = new LocalFolderStore(folder.Path);
        var activities = new EvidenceActivities(store, signer: null);
        var first = await activities.WriteAsync(State());
        var second = await activities.WriteAsync(State() with { Headline = "changed since" });
        Assert.Equal(first, second);
        var keys = (await store.ListAsync("evidence/", _token).ToListAsync(_token)).Select(item => item.Key).ToArray();
        Assert.Equal(3, keys.Length);
        Assert.Contains(first.Key, keys);
    }

    [Fact]
    public async Task Write_WithAKey_SignatureFitsTheState()
    {
        using var folder = new TempFolder();
        var store = new LocalFolderStore(folder.Path);
        var (signer, _) = PemSigner.Generate();
        var receipt = await new EvidenceActivities(store, signer).WriteAsync(State());
        var files = Directory.GetFiles(folder.Path, "state-*.json", SearchOption.AllDirectories);
        var state = await File.ReadAllBytesAsync(Assert.Single(files), _token);
        var signature = await File.ReadAllBytesAsync(files[0] + ".sig", _token);
        Assert.True(VerifyKeys.Verify(VerifyKeys.FromPem(signer.PublicKeyPem()), state, signature));
        Assert.Equal(receipt.Digest, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(state)));
    }

    [Fact]
    public void Render_HostileText_IsEscapedAndNamesAreClaimed()
    {
        var page = EvidencePage.Render(State() with { Headline = "<script>alert(1)</script>" }, "digest", keyId: null);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("http", page, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("alice (claimed)", page, StringComparison.Ordinal);
        Assert.Contains("Not signed", page, StringComparison.Ordinal);
        Assert.Contains("objective met", page, StringComparison.Ordinal);
        Assert.Contains("PRACTICE", page, StringComparison.Ordinal);
    }

    private static RunState State()
    {
        var from = new DateTimeOffset(2026, 1, 30, 10, 0, 0, TimeSpan.Zero);
        return new RunState
        {
            Runbook = "RB-DR-006",
            Title = "Backup restore",
            WorkflowId = "rb-dr-006/node <x>",
            Target = "node/fullnode-0",
            Mode = RunMode.Practice,
            Phase = RunPhase.Closed,
            Outcome = RunOutcome.Succeeded,
            Headline = "Done",
            Operator = "alice",
            Clock = new ClockState(from, TimeSpan.FromMinutes(15), from.AddMinutes(4), TimeSpan.FromSeconds(30), TimeSpan.Zero),
            Steps = [new StepState { Id = "swap", Number = "5", Title = "Swap", Status = StepStatus.Done, StartedAt = from, EndedAt = from.AddSeconds(3) }],
            Journal = [new JournalEntry(from, "alice", "gate.approved", Encoding.UTF8.GetString("ok"u8))],
        };
    }
}
