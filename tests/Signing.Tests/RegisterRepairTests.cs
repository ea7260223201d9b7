using VirtEngine.DR.Signing.Tests.Support;
using Xunit;

namespace VirtEngine.DR.Signing.Tests;

public sealed class RegisterRepairTests : IDisposable
{
    private static readonly EnrolledMachine Machine = new("machine-x", "a2V5", "validator-0");
    private static readonly IReadOnlyList<SlotApproval> Approved = [new("bob", "repair", "p")];
    private readonly SmallHost _host = new();
    private readonly MemoryBucket _new = new("d");

    public RegisterRepairTests()
    {
        _host.Seal(2);
        _host.Put(SmallHost.Granted(3, "machine-y"), buckets: 1);
        _host.Buckets.ForEach(bucket => bucket.Objects[RegisterKeys.Machine("machine-x")] = SlotBytes.Write(Machine));
        _host.Buckets[2].Unreachable = "gone";
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IReadOnlyList<IRegisterBucket> All => [.. _host.Buckets, _new];

    [Fact]
    public async Task Run_OfALostBucket_CopiesSlotsAndMachinesAndPutsTheNewMembersIntoForce()
    {
        var plan = await Repair().PlanAsync(Token);
        Assert.Equal((RepairState.Planned, 4), (plan.State, plan.Objects.Count));
        Assert.Empty(_new.Objects);

        var done = await Repair().RunAsync(Token);
        var again = await Repair().RunAsync(Token);

        Assert.Equal((RepairState.Done, RepairState.Done), (done.State, again.State));
        var view = await new RegisterClient(SmallHost.Register, All, SignerRules.Instance).ReadAsync(SmallHost.Signer, Token);
        Assert.Equal((2, "a,b,d", 3), (view.Members!.Generation, string.Join(',', view.Members.Buckets), view.Reachable));
        Assert.Equal("machine-x", Counting.Current(view)!.Object.Holder);
        Assert.Equal((SlotKind.Lost, "machine-y"), (view.Buckets[2].At(3)!.Object.Kind, Assert.Single(view.Buckets[2].At(3)!.Object.Candidates)));
        Assert.Equal(Machine, await new RegisterClient(SmallHost.Register, All, SignerRules.Instance).MachineAsync("machine-x", Token));
    }

    [Fact]
    public async Task Run_KilledAtEachWrite_IsTheOldRegisterOrGoesOn()
    {
        // The members into two survivors, four objects, and the members into the replacement.
        for (var at = 0; at < 7; at++)
        {
            foreach (var lands in new[] { false, true })
            {
                _new.Objects.Clear();
                _host.Buckets.ForEach(bucket => bucket.Objects.Remove(RegisterKeys.Members(2)));
                await Assert.ThrowsAsync<KilledException>(() => Repair(new Killer(at, lands).Around(All)).RunAsync(Token));
                var between = await new RegisterClient(SmallHost.Register, All, SignerRules.Instance).ReadAsync(SmallHost.Signer, Token);

                // While the survivors disagree on the members nothing is granted; before and after it is the same holder, and a half copied bucket never counts.
                Assert.Equal(at == 0 ? lands : at == 1 && !lands, !between.Answers);
                Assert.Equal(at == 6 && lands ? 3 : between.Answers ? 2 : between.Reachable, between.Reachable);
                Assert.True(!between.Answers || Counting.Current(between)!.Object.Holder == "machine-x");

                Assert.Equal(RepairState.Done, (await Repair().RunAsync(Token)).State);
                Assert.All([_host.Buckets[0], _host.Buckets[1], _new], bucket => Assert.Contains(RegisterKeys.Members(2), bucket.Objects.Keys));
                Assert.Equal(5, _new.Objects.Count);
            }
        }
    }

    [Fact]
    public async Task Run_GoingOnAfterASurvivorChanged_KeepsTheLostSlotThatExcludesNobody()
    {
        await Assert.ThrowsAsync<KilledException>(() => Repair(new Killer(4, lands: true).Around(All)).RunAsync(Token));
        _host.Buckets[1].Objects[RegisterKeys.Slot(SmallHost.Signer, 3)] = _host.Buckets[0].Objects[RegisterKeys.Slot(SmallHost.Signer, 3)];

        Assert.Equal(RepairState.Done, (await Repair().RunAsync(Token)).State);
        Assert.Contains("\"lost\"", System.Text.Encoding.UTF8.GetString(_new.Objects[RegisterKeys.Slot(SmallHost.Signer, 3)]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WithAGrantBehindTheCopysBack_StillNamesItsHolder()
    {
        // An asker of the former generation reaches the "lost" bucket and one survivor between the first look and the copy.
        _host.Buckets[2].Unreachable = null;
        var survivor = new Late(_host.Buckets[0], () => _host.Buckets.ForEach(bucket =>
        {
            if (bucket.Name != "b")
            {
                bucket.Objects.TryAdd(RegisterKeys.Slot(SmallHost.Signer, 5), SlotBytes.Write(SmallHost.Granted(5, "machine-z")));
            }
        }));

        Assert.Equal(RepairState.Done, (await Repair([survivor, _host.Buckets[1], _host.Buckets[2], _new]).RunAsync(Token)).State);

        Assert.Equal(["machine-z"], SlotBytes.Read(_new.Objects[RegisterKeys.Slot(SmallHost.Signer, 5)], SmallHost.Signer, 5).Object.Candidates);
        _host.Buckets[0].Unreachable = "away";
        var view = await new RegisterClient(SmallHost.Register, [.. _host.Buckets.Take(2), _new], SignerRules.Instance).ReadAsync(SmallHost.Signer, Token);
        Assert.Contains(SignerRules.Instance.PossibleHolders(view, 7), holder => holder.Machine == "machine-z");
    }

    [Fact]
    public async Task Run_WithoutAMajorityAnApprovalOrANewName_IsRefused()
    {
        Assert.Contains("approval", Refusal(await new RegisterRepair(SmallHost.Register, All, "c", "d", []).RunAsync(Token)), StringComparison.Ordinal);
        Assert.Contains("is or was a member", Refusal(await new RegisterRepair(SmallHost.Register, All, "c", "b", Approved).RunAsync(Token)), StringComparison.Ordinal);
        Assert.Contains("is no member", Refusal(await new RegisterRepair(SmallHost.Register, All, "x", "d", Approved).RunAsync(Token)), StringComparison.Ordinal);
        Assert.Contains("is not configured", Refusal(await new RegisterRepair(SmallHost.Register, All, "c", "e", Approved).RunAsync(Token)), StringComparison.Ordinal);
        _host.Buckets[1].Unreachable = "gone";
        Assert.Contains("survive", Refusal(await Repair().RunAsync(Token)), StringComparison.Ordinal);
        Assert.Empty(_new.Objects);
    }

    [Theory]
    [InlineData("signers/other-1/BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB/000000000001.json")]
    [InlineData("signers/test-1/BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB/000000000001.json")]
    [InlineData("members/000001.json")]
    public async Task Run_IntoABucketThatIsNotEmpty_IsRefused(string key)
    {
        _new.Objects[key] = "{}"u8.ToArray();

        Assert.Contains("new, empty bucket", Refusal(await Repair().RunAsync(Token)), StringComparison.Ordinal);
    }

    public void Dispose() => _host.Dispose();

    /// <summary>Something happens right before the members of the next generation land.</summary>
    private sealed class Late(MemoryBucket inner, Action before) : IRegisterBucket
    {
        public string Name => inner.Name;

        public Task<PutAnswer> PutIfAbsentAsync(string key, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
        {
            before();
            return inner.PutIfAbsentAsync(key, body, cancellationToken);
        }

        public Task<GetAnswer> GetAsync(string key, CancellationToken cancellationToken) => inner.GetAsync(key, cancellationToken);

        public Task<ListAnswer> ListAsync(string prefix, CancellationToken cancellationToken) => inner.ListAsync(prefix, cancellationToken);
    }

    private RegisterRepair Repair(IReadOnlyList<IRegisterBucket>? buckets = null) => new(SmallHost.Register, buckets ?? All, "c", "d", Approved);

    private static string Refusal(RepairLook look)
    {
        Assert.Equal(RepairState.Refused, look.State);
        return string.Join("; ", look.Missing);
    }
}
