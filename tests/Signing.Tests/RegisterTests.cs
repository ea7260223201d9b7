using VirtEngine.DR.Signing.Tests.Support;
using Xunit;

namespace VirtEngine.DR.Signing.Tests;

public sealed class RegisterTests : IDisposable
{
    private readonly SmallHost _host = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(PutAnswer.Unknown, true, WriteOutcome.Written)]
    [InlineData(PutAnswer.Unknown, false, WriteOutcome.Undecided)]
    [InlineData(PutAnswer.Exists, true, WriteOutcome.Written)]
    [InlineData(PutAnswer.Conflict, true, WriteOutcome.Written)]
    [InlineData(PutAnswer.Conflict, false, WriteOutcome.Undecided)]
    [InlineData(PutAnswer.Forbidden, false, WriteOutcome.Unreachable)]
    public async Task Put_WithALostAnswer_IsReadAfterwards(PutAnswer answer, bool lands, WriteOutcome expected)
    {
        _host.Buckets[0].NextPut = (answer, lands);

        var outcomes = await _host.Client.PutAsync(await ViewAsync(), SmallHost.Granted(3, "machine-y"), Token);

        Assert.Equal(expected, outcomes[0].Outcome);
        Assert.Equal([WriteOutcome.Written, WriteOutcome.Written], outcomes.Skip(1).Select(item => item.Outcome));
    }

    [Fact]
    public async Task Put_OverAnotherObject_IsTaken()
    {
        _host.Seal(3, buckets: 1);

        Assert.Equal(WriteOutcome.Taken, (await _host.Client.PutAsync(await ViewAsync(), SmallHost.Granted(3, "machine-y"), Token))[0].Outcome);
    }

    [Fact]
    public async Task Read_ABucketWithoutMembers_IsUnreachable()
    {
        _host.Buckets[2].Objects.Clear();
        var view = await ViewAsync();

        Assert.False(view.Buckets[2].Reachable);
        Assert.Equal(2, view.Reachable);
        Assert.Equal("machine-x", Counting.Current(view)!.Object.Holder);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("{\"kind\":\"void\"}")]
    public async Task Read_AForeignObject_MakesTheBucketUnreachable(string text)
    {
        _host.Buckets[0].Objects[RegisterKeys.Slot(SmallHost.Signer, 2)] = System.Text.Encoding.UTF8.GetBytes(text);

        Assert.False((await ViewAsync()).Buckets[0].Reachable);
    }

    [Fact]
    public async Task Fill_ASeal_FillsEveryEmptySlotAndHoldsAfterwards()
    {
        var view = await ViewAsync();
        var epoch = SignerRules.Instance.NextEpoch(view);
        Assert.Equal(3, epoch);
        Assert.False(SignerRules.Instance.Seal(view, epoch).Holds);
        await _host.Client.FillAsync(SmallHost.Signer, SignerRules.Instance.Seal(view, epoch).Empty, Token);
        var held = await ViewAsync();

        Assert.True(SignerRules.Instance.Seal(held, epoch).Holds);
        var holder = Assert.Single(SignerRules.Instance.PossibleHolders(held, epoch));
        Assert.Equal(("machine-x", 1L), (holder.Machine, holder.Epoch));
    }

    [Fact]
    public async Task Repair_OfALostBucket_CopiesWhatSurvivorsAgreeOnAndNamesCandidatesElsewhere()
    {
        _host.Seal(2);
        _host.Put(SmallHost.Granted(3, "machine-y"), buckets: 1);
        _host.Seal(3, buckets: 2);
        _host.Buckets[2].Objects.Clear();
        var view = await ViewAsync();

        Assert.NotEmpty(SignerRules.Instance.Repair(view, "c", "d", []).Missing);
        Assert.NotEmpty(SignerRules.Instance.Repair(view, "c", "b", [new("a", "repair", "p")]).Missing);
        var repair = SignerRules.Instance.Repair(view, "c", "d", [new("alice", "repair", "proof")]);

        Assert.Empty(repair.Missing);
        Assert.Equal([SlotKind.Holder, SlotKind.Void, SlotKind.Lost], repair.Slots.Select(slot => slot.Kind));
        Assert.Equal(["machine-y"], repair.Slots[2].Candidates);
        Assert.Equal((2, "a,b,d"), (repair.Members!.Generation, string.Join(',', repair.Members.Buckets)));

        // Half done, nobody is a majority of anything new; done, the new bucket is one of three.
        var next = new MemoryBucket("d");
        foreach (var slot in repair.Slots)
        {
            next.Objects[RegisterKeys.Slot(SmallHost.Signer, slot.Epoch)] = SlotBytes.Write(slot);
        }

        _host.Buckets.Add(next);
        next.Objects[RegisterKeys.Members(2)] = SlotBytes.Write(repair.Members);
        Assert.Equal(1, (await ViewAsync()).Members!.Generation);
        await _host.Client.PutMembersAsync(repair.Members, ["a", "b"], Token);
        var repaired = await ViewAsync();
        Assert.Equal((2, 3), (repaired.Members!.Generation, repaired.Reachable));
        Assert.Contains(SignerRules.Instance.PossibleHolders(repaired, 5), holder => holder.Machine == "machine-y");
    }

    [Fact]
    public async Task Status_OfARegister_SaysWhoMaySignAndWhatAGrantNeeds()
    {
        var status = SignerStatus.Of(await ViewAsync(), SignerRules.Instance);

        Assert.Equal(("Active", "machine-x", 1L, 3L), (status.State, status.Holder, status.Epoch, status.NextEpoch));
        Assert.Contains(status.Missing, missing => missing.Contains("machine-x (epoch 1) is not ended", StringComparison.Ordinal));
        Assert.Contains(status.Missing, missing => missing.Contains("silence", StringComparison.Ordinal));
    }

    public void Dispose() => _host.Dispose();

    private Task<RegisterView> ViewAsync() => _host.Client.ReadAsync(SmallHost.Signer, Token);
}
