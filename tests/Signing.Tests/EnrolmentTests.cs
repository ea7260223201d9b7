using VirtEngine.DR.Signing.Tests.Support;
using Xunit;

namespace VirtEngine.DR.Signing.Tests;

public sealed class EnrolmentTests : IAsyncDisposable
{
    private readonly SigningHost _host = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Enrol_ASignerThatSigns_GivesItEpochOneAndSaysSoTheSecondTime()
    {
        _host.Start();
        var first = await _host.EnrolAsync();
        var written = _host.Buckets.ConvertAll(bucket => bucket.Objects.Count);
        var second = await _host.EnrolAsync();

        Assert.True(first.End == EnrolmentEnd.Enrolled, string.Join("; ", first.Words));
        Assert.Equal((EnrolmentEnd.Already, 1L, first.Floor), (second.End, second.Epoch, second.Floor));
        Assert.Equal(written, _host.Buckets.Select(bucket => bucket.Objects.Count));
        var slot = Counting.Current(await ViewAsync())!.Object;
        Assert.Equal((SigningHost.Machine, 1L, 1, first.Floor!.Value), (slot.Holder, slot.Epoch, slot.Generation, slot.Floor));
        Assert.Equal([SigningHost.Machine], slot.OfflineAllowed);
        Assert.Contains("with signature", Assert.Single(slot.Approvals).Proof, StringComparison.Ordinal);

        // The running signer was left alone: its file still has its signature, and the floor is at or below it.
        var file = _host.Host().Hrs.ReadSigned()!;
        Assert.NotNull(file.Signature);
        Assert.True(file.Value >= slot.Floor && slot.Floor.Height > 10);
        Assert.Equal(1, _host.Host().Record.Read()!.Grant);
        Assert.NotNull(await _host.Register.MachineAsync(SigningHost.Machine, Token));
    }

    [Fact]
    public async Task Enrol_KilledAtEachWrite_GoesOnAndOneObjectCounts()
    {
        _host.Start();
        for (var at = 0; at < 6; at++)
        {
            foreach (var lands in new[] { false, true })
            {
                await using var host = new SigningHost();
                host.Start();
                await Assert.ThrowsAsync<KilledException>(() => host.EnrolAsync(new Killer(at, lands).Around(host.Buckets)));
                Assert.Null(host.Host().Record.Read());

                var result = await host.EnrolAsync();

                Assert.True(result.End == EnrolmentEnd.Enrolled, $"killed at {at}, {lands}: {string.Join("; ", result.Words)}");
                Assert.Single(host.Buckets.Select(bucket => SlotBytes.Digest(bucket.Objects[RegisterKeys.Slot(SmallHost.Signer, 1)])).Distinct());
                Assert.Equal(1, host.Host().Record.Read()!.Grant);
            }
        }

        // Three keys and three slots: there is no seventh write.
        var counting = new Killer(-1, lands: false);
        await _host.EnrolAsync(counting.Around(_host.Buckets));
        Assert.Equal(6, counting.Writes);
    }

    [Fact]
    public async Task Enrol_OnAnotherMachine_IsRefusedOnceEpochOneStands()
    {
        _host.Start();
        await _host.EnrolAsync();

        var other = await _host.EnrolAsync(machine: "machine-y");

        Assert.Equal(EnrolmentEnd.Refused, other.End);
        Assert.Contains("names machine-x, and this is machine-y", Assert.Single(other.Words), StringComparison.Ordinal);
        Assert.Null(await _host.Register.MachineAsync("machine-y", Token));
        Assert.Null(_host.Host("machine-y").Record.Read());
    }

    [Fact]
    public async Task Enrol_WhileAnotherProcessSigns_SaysSoAndPutsNothing()
    {
        _host.Foreign = true;
        _host.Start();

        var result = await _host.EnrolAsync();

        Assert.Equal(EnrolmentEnd.Refused, result.End);
        Assert.Contains("ANOTHER PROCESS SIGNS", Assert.Single(result.Words), StringComparison.Ordinal);
        Assert.False(Filled());
    }

    [Fact]
    public async Task Enrol_WithAFileThatStandsStill_ProvesNothing()
    {
        var result = await _host.EnrolAsync(within: TimeSpan.FromMilliseconds(500));

        Assert.Equal(EnrolmentEnd.Refused, result.End);
        Assert.Contains("stays at 10/0/3", Assert.Single(result.Words), StringComparison.Ordinal);
        Assert.False(Filled());
    }

    [Fact]
    public async Task Enrol_WithOneSource_ProvesNothing()
    {
        _host.Sources = ["one", "one"];
        _host.Start();

        Assert.Equal(EnrolmentEnd.Refused, (await _host.EnrolAsync(within: TimeSpan.FromSeconds(2))).End);
        Assert.False(Filled());
    }

    [Fact]
    public async Task Enrol_WithoutAMajority_IsUnreachable()
    {
        _host.Buckets[0].Unreachable = _host.Buckets[1].Unreachable = "cut off";

        Assert.Equal(EnrolmentEnd.Unreachable, (await _host.EnrolAsync()).End);
    }

    [Theory]
    [InlineData(null, "two different people", "alice")]
    [InlineData(null, "two different people", "alice", "ALICE")]
    [InlineData(7L, "shows a signature of this address at height 7", "alice", "bob")]
    [InlineData(null, null, "alice", "bob")]
    public async Task Enrol_AKeyThatNeverSigned_NeedsTwoPeopleAndASilentChain(long? signed, string? words, params string[] people)
    {
        await File.WriteAllTextAsync(_host.HrsPath, """{"height":"0","round":0,"step":0}""", Token);
        _host.LastSigned = signed;

        var result = await _host.EnrolAsync(neverSigned: true, approvedBy: people);

        Assert.Equal(words is null ? EnrolmentEnd.Enrolled : EnrolmentEnd.Refused, result.End);
        Assert.Contains(words ?? "never signed", string.Join("; ", result.Words), StringComparison.Ordinal);
        Assert.Equal(words is null ? Hrs.Zero : null, Counting.Current(await ViewAsync())?.Object.Floor);
    }

    [Theory]
    [InlineData(true, "is missing")]
    [InlineData(false, "this key has signed")]
    public async Task Enrol_SaidToHaveNeverSigned_IsHeldAgainstTheFile(bool missing, string words)
    {
        if (missing)
        {
            File.Delete(_host.HrsPath);
        }

        var result = await _host.EnrolAsync(neverSigned: true, approvedBy: ["alice", "bob"]);

        Assert.Equal(EnrolmentEnd.Refused, result.End);
        Assert.Contains(words, Assert.Single(result.Words), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Enrol_Tmkms_ShowsThatTheFileMovesAndNeedsTwoPeopleForTheRest()
    {
        await using var host = new SigningHost(HrsFormat.Tmkms);
        host.Start();

        Assert.Equal(EnrolmentEnd.Refused, (await host.EnrolAsync()).End);
        var result = await host.EnrolAsync(approvedBy: ["alice", "bob"]);

        Assert.True(result.End == EnrolmentEnd.Enrolled, string.Join("; ", result.Words));
        Assert.Contains("keeps no signature", string.Join("; ", result.Words), StringComparison.Ordinal);
        Assert.Equal(3, Counting.Current(await host.Register.ReadAsync(SmallHost.Signer, Token))!.Object.Approvals.Count);
    }

    [Fact]
    public async Task Decide_AfterARaceThatNobodyWon_AsksForTheNextEpochThatNobodyCanHold()
    {
        // Three askers, three buckets, and a void: none of the objects can reach a majority any more.
        Put(0, SmallHost.Granted(1, "machine-y"));
        Put(1, SlotObject.VoidOf(SmallHost.Signer, SmallHost.Register, 1));
        Put(2, SlotObject.VoidOf(SmallHost.Signer, SmallHost.Register, 1));
        _host.Start();

        Assert.Equal((EnrolmentStep.Ask, 3L), (EnrolmentRules.Decide(await ViewAsync(), SigningHost.Machine) is var plan ? (plan.Step, plan.Epoch) : default));
        var result = await _host.EnrolAsync();

        Assert.Equal((EnrolmentEnd.Enrolled, 3L), (result.End, result.Epoch));
        Assert.Equal(SlotKind.Void, Counting.At(await ViewAsync(), 2)!.Object.Kind);
    }

    [Fact]
    public async Task Decide_WhileAnothersObjectMayYetCount_Refuses()
    {
        Put(0, SmallHost.Granted(1, "machine-y"));

        var plan = EnrolmentRules.Decide(await ViewAsync(), SigningHost.Machine);

        Assert.Equal(EnrolmentStep.Refuse, plan.Step);
        Assert.Contains("machine-y may hold epoch 1", Assert.Single(plan.Reasons), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Decide_WithASealAboveItsOwnObject_Refuses()
    {
        Put(0, SmallHost.Granted(1, SigningHost.Machine));
        Put(0, SlotObject.VoidOf(SmallHost.Signer, SmallHost.Register, 2));

        Assert.Equal(EnrolmentStep.Refuse, EnrolmentRules.Decide(await ViewAsync(), SigningHost.Machine).Step);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private bool Filled() => _host.Buckets.Exists(bucket => bucket.Objects.Keys.Any(key => key.StartsWith(RegisterKeys.SignersFolder, StringComparison.Ordinal)));

    private void Put(int bucket, SlotObject value) => _host.Buckets[bucket].Objects[RegisterKeys.Slot(SmallHost.Signer, value.Epoch)] = SlotBytes.Write(value);

    private Task<RegisterView> ViewAsync() => _host.Register.ReadAsync(SmallHost.Signer, Token);
}
