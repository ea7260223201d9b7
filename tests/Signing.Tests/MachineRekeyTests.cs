using VirtEngine.DR.Signing.Tests.Support;
using Xunit;

namespace VirtEngine.DR.Signing.Tests;

/// <summary>Generations of a machine's key: the highest that anybody shows is the only one that can count.</summary>
public sealed class MachineRekeyTests : IAsyncDisposable
{
    private static readonly string[] Two = ["ann", "bob"];
    private readonly SigningHost _host = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rekey_KeyIsLost_TheNextOneCountsAndTheFormerIsRefused()
    {
        var former = await EnrolledAsync();
        File.Delete(Paths.MachineKey);

        var result = await RekeyAsync();

        Assert.Equal((EnrolmentEnd.Enrolled, 2), (result.End, result.Generation));
        var now = (await _host.Register.MachineAsync(SigningHost.Machine, Token))!;
        Assert.Equal(Public(), now.PublicKey);
        Assert.NotEqual(former, now.PublicKey);
        Assert.Equal(["ann", "bob", "validator-0"], now.Rekey!.Approvals.Select(one => one.By).Append(now.Node));
        Assert.False(File.Exists(Paths.NextMachineKey));
        Assert.Contains("key generation 2", Assert.Single((await _host.Register.EnrolAsync(new(SigningHost.Machine, former, "validator-0"), Token)).Missing), StringComparison.Ordinal);

        // What is enrolled stays so, and the same again changes nothing.
        Assert.Equal(EnrolmentEnd.Already, (await _host.EnrolAsync(neverSigned: true, approvedBy: Two)).End);
        Assert.Equal((EnrolmentEnd.Already, 2), (await RekeyAsync() is var again ? (again.End, again.Generation) : default));
        Assert.Equal((EnrolmentEnd.Enrolled, 3), (await RekeyAsync("leaked too") is var third ? (third.End, third.Generation) : default));
    }

    [Fact]
    public async Task Answer_SignedWithTheFormerKey_EndsNobodyAfterwards()
    {
        await EnrolledAsync();
        using var leaked = MachineKey.Open(Paths.MachineKey);
        await RekeyAsync();
        using var key = MachineKey.Open(Paths.MachineKey);
        var answer = new FenceAnswer { Signer = SmallHost.Signer, Machine = SigningHost.Machine, BootId = "boot-1", Nonce = "n", Fence = 3 };
        var now = (await _host.Register.MachineAsync(SigningHost.Machine, Token))!.PublicKey;

        Assert.False(answer.Sign(leaked).Evidence(now).Signed);
        Assert.True(answer.Sign(key).Evidence(now).Signed);
        Assert.Contains("not signed with its enrolled key", string.Join(' ', Ends.Judge(new PossibleHolder(SigningHost.Machine, 1, "granted"), 3, answer.Sign(leaked).Evidence(now), "n").Missing), StringComparison.Ordinal);
    }

    /// <summary>Killed at each write, landed or not: in between nobody takes the former key who sees the next one, and the run that follows ends with one key.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Rekey_KilledAtEachWrite_GoesOnWithTheSameKey(bool lands)
    {
        for (var at = 0; at < 3; at++)
        {
            await using var host = new SigningHost();
            await EnrolAsync(host);
            var killed = new RegisterClient(SmallHost.Register, new Killer(at, lands).Around(host.Buckets), SignerRules.Instance);
            await Assert.ThrowsAsync<KilledException>(() => RekeyAsync(host, killed));
            var shown = host.Buckets.Count(bucket => bucket.Objects.ContainsKey(RegisterKeys.Machine(SigningHost.Machine, 2)));
            var between = await host.Register.MachineAsync(SigningHost.Machine, Token);
            Assert.Equal(shown switch { 0 => 1, 1 => null, _ => 2 }, between?.Generation);

            var result = await RekeyAsync(host, host.Register);

            Assert.Equal((EnrolmentEnd.Enrolled, 2), (result.End, result.Generation));
            using var key = MachineKey.Open(host.Host().Paths.MachineKey);
            Assert.Equal(MachineKey.Public(key), (await host.Register.MachineAsync(SigningHost.Machine, Token))!.PublicKey);
        }
    }

    /// <summary>Every state of three buckets, under every set of them that answers: the former key counts only where the next one cannot, and nobody takes a key that no majority has.</summary>
    [Fact]
    public async Task Machine_InEveryStateOfTheBuckets_IsNeverAnOlderKeyThanOneThatCounts()
    {
        EnrolledMachine[] forms = [new("m", "b25l", "n"), Next("m", "dHdv", 2), Next("m", "b3RoZXI=", 2)];
        var states = 0;
        for (var state = 0; state < 27; state++)
        {
            int[] held = [state % 3, state / 3 % 3, state / 9];
            for (var answering = 0; answering < 8; answering++)
            {
                states++;
                var small = new SmallHost();
                for (var at = 0; at < 3; at++)
                {
                    small.Buckets[at].Objects[RegisterKeys.Machine("m")] = SlotBytes.Write(forms[0]);
                    if (held[at] > 0)
                    {
                        small.Buckets[at].Objects[RegisterKeys.Machine("m", 2)] = SlotBytes.Write(forms[held[at]]);
                    }

                    small.Buckets[at].Unreachable = (answering & (1 << at)) == 0 ? "cut off" : null;
                }

                var counts = Enumerable.Range(1, 2).FirstOrDefault(form => held.Count(one => one == form) >= 2);
                var seen = (await small.Client.MachineAsync("m", Token))?.PublicKey;
                int[] shown = [.. held.Where((_, at) => (answering & (1 << at)) != 0)];
                string? expected = shown.Length < 2 ? null
                    : shown.All(one => one == 0) ? forms[0].PublicKey
                    : Enumerable.Range(1, 2).FirstOrDefault(form => shown.Count(one => one == form) >= 2) is > 0 and var form ? forms[form].PublicKey : null;
                Assert.Equal(expected, seen);
                Assert.False(counts > 0 && seen == forms[0].PublicKey, $"state {state}, answering {answering}: the former key is taken, and the next one counts");
                small.Dispose();
            }
        }

        Assert.Equal(216, states);
    }

    [Fact]
    public async Task Rekey_TwoAtOnce_OneKeyCountsAtMost()
    {
        for (var seed = 0; seed < 40; seed++)
        {
            using var small = new SmallHost();
            var die = new Random(seed);
            Assert.True((await small.Client.EnrolAsync(new("m", "b25l", "n"), Token)).Allowed);
            small.Buckets.ForEach(bucket => (bucket.Busy, bucket.NextPut) = (true, die.Next(3) == 0 ? (PutAnswer.Unknown, die.Next(2) == 0) : null));

            var done = await Task.WhenAll(Task.Run(() => small.Client.RekeyAsync(Next("m", "dHdv", 2), Token), Token), Task.Run(() => small.Client.RekeyAsync(Next("m", "b3RoZXI=", 2), Token), Token));

            Assert.True(done.Count(one => one.Allowed) <= 1);
            var now = await small.Client.MachineAsync("m", Token);
            Assert.True(now is null || now.Generation == 2 || !done.Any(one => one.Allowed));

            // Whatever became of that, the next generation is not held up.
            var generation = (await small.Client.GenerationsAsync("m", Token))!.Max(one => one.Generation);
            Assert.True((await small.Client.RekeyAsync(Next("m", "dGhyZWU=", generation + 1), Token)).Allowed);
            Assert.Equal("dGhyZWU=", (await small.Client.MachineAsync("m", Token))!.PublicKey);
        }
    }

    [Fact]
    public async Task Repair_OfALostBucket_TakesTheGenerationsAlong()
    {
        await EnrolledAsync();
        await RekeyAsync();
        MemoryBucket fresh = new("d");
        var repair = new RegisterRepair(SmallHost.Register, [.. _host.Buckets.Take(2), fresh], "c", "d", [new("ann", "repair", "cli")]);

        Assert.Equal(RepairState.Done, (await repair.RunAsync(Token)).State);

        Assert.Equal(_host.Buckets[0].Objects[RegisterKeys.Machine(SigningHost.Machine, 2)], fresh.Objects[RegisterKeys.Machine(SigningHost.Machine, 2)]);
        var reader = new RegisterClient(SmallHost.Register, [.. _host.Buckets.Take(2), fresh], SignerRules.Instance);
        Assert.Equal(Public(), (await reader.MachineAsync(SigningHost.Machine, Token))!.PublicKey);
    }

    [Fact]
    public async Task Rekey_OnAHostWithoutTheRecord_IsRefused()
    {
        await EnrolledAsync();
        File.Delete(Paths.Record);

        var refused = await RekeyAsync();

        Assert.Equal(EnrolmentEnd.Refused, refused.End);
        Assert.Contains("has no record of it", Assert.Single(refused.Words), StringComparison.Ordinal);
        Assert.Equal(1, (await _host.Register.MachineAsync(SigningHost.Machine, Token))!.Generation);
    }

    [Fact]
    public async Task Rekey_TooFewBucketsAnswer_ChangesNothing()
    {
        await EnrolledAsync();
        _host.Buckets[0].Unreachable = _host.Buckets[1].Unreachable = "cut off";

        Assert.Equal(EnrolmentEnd.Unreachable, (await RekeyAsync()).End);
        Assert.False(File.Exists(Paths.NextMachineKey));
    }

    [Theory]
    [InlineData("ann", "Ann ", "lost", 1, true, "two people")]
    [InlineData("ann", "bob", " ", 1, true, "is not said")]
    [InlineData("ann", "bob", "lost", 0, true, "enrol it")]
    [InlineData("ann", "bob", "lost", 2, true, "never comes back")]
    [InlineData("ann", "bob", "lost", 1, false, "has no record of it")]
    [InlineData("ann", "bob", "lost", 1, true, null)]
    public void MayReplace_OneThingIsWrong_IsTheOnlyOneSaid(string first, string second, string reason, int former, bool recorded, string? missing)
    {
        var next = new EnrolledMachine("m", "dHdv", "n") { Rekey = new(2, reason, [new(first, "rekey", "cli"), new(second, "rekey", "cli")]) };
        EnrolledMachine[] before = [new("m", "b25l", "n"), new("m", "dHdv", "n")];
        var holds = new Dictionary<SignerName, long> { [SmallHost.Signer] = 5 };

        var decision = RekeyRules.MayReplace(next, [.. before.Take(former)], holds, recorded ? holds : new Dictionary<SignerName, long> { [SmallHost.Signer] = 3 });

        Assert.Equal(missing is null, decision.Allowed);
        Assert.True(missing is null || Assert.Single(decision.Missing).Contains(missing, StringComparison.Ordinal));
    }

    [Fact]
    public void Keys_OfGenerations_HaveNamesOfTheirOwnAndLeaveTheFirstAsItWas()
    {
        Assert.Matches("^machines/[0-9a-f]{32}-000002[.]json$", RegisterKeys.Machine("m", 2));
        Assert.Equal((1, 2, null), (RegisterKeys.MachineGenerationOf("m", RegisterKeys.Machine("m")), RegisterKeys.MachineGenerationOf("m", RegisterKeys.Machine("m", 2)), RegisterKeys.MachineGenerationOf("m", RegisterKeys.Machine("x", 2))));
        Assert.DoesNotContain("ekey", System.Text.Encoding.UTF8.GetString(SlotBytes.Write(new EnrolledMachine("m", "b25l", "n"))), StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => SlotBytes.ReadMachine(SlotBytes.Write(Next("m", "dHdv", 2)), "m"));
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private SignerPaths Paths => _host.Host().Paths;

    private static EnrolledMachine Next(string machine, string key, int generation) =>
        new(machine, key, "n") { Rekey = new(generation, "lost", [.. Two.Select(by => new SlotApproval(by, "rekey", "cli"))]) };

    private Task<RekeyResult> RekeyAsync(string reason = "lost") => RekeyAsync(_host, _host.Register, reason);

    private static Task<RekeyResult> RekeyAsync(SigningHost host, RegisterClient register, string reason = "lost") =>
        new MachineRekeying(host.Host(), register).RunAsync(reason, [.. Two.Select(by => new SlotApproval(by, "rekey", "cli"))], Token);

    private async Task<string> EnrolledAsync()
    {
        await EnrolAsync(_host);
        return Public();
    }

    private static async Task EnrolAsync(SigningHost host)
    {
        await File.WriteAllTextAsync(host.HrsPath, """{"height":"0","round":0,"step":0}""", Token);
        Assert.Equal(EnrolmentEnd.Enrolled, (await host.EnrolAsync(neverSigned: true, approvedBy: Two)).End);
    }

    private string Public()
    {
        using var key = MachineKey.Open(Paths.MachineKey);
        return MachineKey.Public(key);
    }
}
