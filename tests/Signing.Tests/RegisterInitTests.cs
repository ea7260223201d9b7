using VirtEngine.DR.Signing.Tests.Support;
using Xunit;

namespace VirtEngine.DR.Signing.Tests;

public sealed class RegisterInitTests
{
    private readonly List<MemoryBucket> _buckets = [new("a"), new("b"), new("c")];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Write_IntoEmptyBuckets_MakesARegisterOnce()
    {
        var made = await MakeAsync();
        var again = await MakeAsync();

        Assert.Equal((InitState.Done, InitState.Done, made.Members!.Register), (made.State, again.State, again.Members!.Register));
        Assert.Matches("^[0-9a-f]{32}$", made.Members.Register);
        Assert.All(_buckets, bucket => Assert.Equal(SlotBytes.Write(made.Members), bucket.Objects[RegisterKeys.Members(1)]));
        Assert.True((await new RegisterClient(made.Members.Register, _buckets, SignerRules.Instance).MembersAsync(Token)).Answers);
        Assert.Equal(InitState.Done, (await new RegisterInit(_buckets, made.Members.Register).LookAsync(Token)).State);
    }

    [Fact]
    public async Task Look_AtAnything_ChangesNothing()
    {
        Assert.Equal(InitState.Fresh, (await new RegisterInit(_buckets, null).LookAsync(Token)).State);
        Assert.All(_buckets, bucket => Assert.Empty(bucket.Objects));
    }

    [Fact]
    public async Task Write_KilledAtEachWrite_GoesOnWithTheSameId()
    {
        var writes = 0;
        for (var at = 0; at == 0 || at < writes; at++)
        {
            foreach (var lands in new[] { false, true })
            {
                _buckets.ForEach(bucket => bucket.Objects.Clear());
                var killer = new Killer(at, lands);
                var init = new RegisterInit(killer.Around(_buckets), null);
                var look = await init.LookAsync(Token);
                await Assert.ThrowsAsync<KilledException>(() => init.WriteAsync(look, Token));
                var left = _buckets.FirstOrDefault(bucket => bucket.Objects.ContainsKey(RegisterKeys.Members(1)))?.Objects[RegisterKeys.Members(1)];

                var done = await MakeAsync();

                Assert.Equal(InitState.Done, done.State);
                Assert.Equal(left is null ? done.Members!.Register : SlotBytes.ReadMembers(left).Register, done.Members!.Register);
            }

            var counting = new Killer(-1, lands: false);
            _buckets.ForEach(bucket => bucket.Objects.Clear());
            var all = new RegisterInit(counting.Around(_buckets), null);
            await all.WriteAsync(await all.LookAsync(Token), Token);
            writes = counting.Writes;
        }

        // Four racers in each of three buckets, and three members.
        Assert.Equal(15, writes);
    }

    [Fact]
    public async Task Write_UnderAnIdThatTheEstateNames_IsRefusedWhereverMembersAreMissing()
    {
        var id = (await MakeAsync()).Members!.Register;
        _buckets[0].Objects.Clear();
        _buckets[1].Objects.Clear();

        var look = await new RegisterInit(_buckets, id).WriteAsync(await new RegisterInit(_buckets, id).LookAsync(Token), Token);

        Assert.Equal(InitState.Refused, look.State);
        Assert.Contains("would have forgotten every grant", Assert.Single(look.Problems), StringComparison.Ordinal);
        Assert.Empty(_buckets[0].Objects);
    }

    [Fact]
    public async Task Write_WhereSlotsOrMachinesStand_IsRefused()
    {
        _buckets[0].Objects[RegisterKeys.Slot(SmallHost.Signer, 1)] = SlotBytes.Write(SmallHost.Granted(1, "x"));
        _buckets[1].Objects[RegisterKeys.Machine("x")] = SlotBytes.Write(new EnrolledMachine("x", "a", "n"));

        var look = await MakeAsync();

        Assert.Equal((InitState.Refused, 2), (look.State, look.Problems.Count));
        Assert.DoesNotContain(_buckets, bucket => bucket.Objects.ContainsKey(RegisterKeys.Members(1)));
    }

    [Theory]
    [InlineData(1, "other", "a,b,c")]
    [InlineData(2, "r", "a,b,c")]
    [InlineData(1, "r", "a,b,d")]
    public async Task Write_OverMembersOfAnotherRegister_IsRefused(int generation, string register, string buckets)
    {
        _buckets[0].Objects[RegisterKeys.Members(1)] = SlotBytes.Write(new RegisterMembers { Register = "r", Generation = 1, Buckets = ["a", "b", "c"] });
        _buckets[1].Objects[RegisterKeys.Members(generation)] = SlotBytes.Write(new RegisterMembers { Register = register, Generation = generation, Buckets = buckets.Split(',') });

        Assert.Equal(InitState.Refused, (await MakeAsync()).State);
        Assert.Empty(_buckets[2].Objects);
    }

    [Fact]
    public async Task Write_WithABucketOutOfReach_WritesNothing()
    {
        _buckets[2].Unreachable = "403";

        Assert.Equal(InitState.Unreachable, (await MakeAsync()).State);
        Assert.Empty(_buckets[0].Objects);
    }

    [Fact]
    public async Task Write_IntoABucketThatLetsEverybodyWin_IsRefused()
    {
        _buckets[1].NextPut = (PutAnswer.Created, true);
        var unfit = new RegisterInit([_buckets[0], new Unconditional(), _buckets[2]], null);

        var look = await unfit.WriteAsync(await unfit.LookAsync(Token), Token);

        Assert.Equal(InitState.Refused, look.State);
        Assert.Contains("exactly one must win", Assert.Single(look.Problems), StringComparison.Ordinal);
        Assert.DoesNotContain(RegisterKeys.Members(1), _buckets[0].Objects.Keys);
    }

    private async Task<InitLook> MakeAsync()
    {
        var init = new RegisterInit(_buckets, null);
        return await init.WriteAsync(await init.LookAsync(Token), Token);
    }

    /// <summary>A store that ignores If-None-Match.</summary>
    private sealed class Unconditional : IRegisterBucket
    {
        private readonly Dictionary<string, byte[]> _objects = [];

        public string Name => "b";

        public Task<PutAnswer> PutIfAbsentAsync(string key, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
        {
            _objects[key] = body.ToArray();
            return Task.FromResult(PutAnswer.Created);
        }

        public Task<GetAnswer> GetAsync(string key, CancellationToken cancellationToken) => Task.FromResult(_objects.TryGetValue(key, out var body) ? GetAnswer.Found(body) : GetAnswer.Missing);

        public Task<ListAnswer> ListAsync(string prefix, CancellationToken cancellationToken) => Task.FromResult(new ListAnswer([.. _objects.Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal))], null));
    }
}
