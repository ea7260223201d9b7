using System.Text;
using VirtEngine.DR.Signing.Tests.Support;
using Xunit;

namespace VirtEngine.DR.Signing.Tests;

/// <summary>Machine keys in the register: written once, counted by a majority, never replaced.</summary>
public sealed class EnrolledMachineTests : IDisposable
{
    private const string Machine = "4c4c4544/disk-1";
    private static readonly EnrolledMachine Enrolled = new(Machine, "a2V5", "validator-0");
    private readonly SmallHost _host = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Enrol_TwiceAndUnderAnotherNode_KeepsTheFirstObjectEverywhere()
    {
        Assert.Null(await _host.Client.MachineAsync(Machine, Token));
        Assert.True((await _host.Client.EnrolAsync(Enrolled, Token)).Allowed);
        Assert.True((await _host.Client.EnrolAsync(Enrolled with { Node = "validator-1" }, Token)).Allowed);

        Assert.Equal(Enrolled, await _host.Client.MachineAsync(Machine, Token));
        Assert.All(_host.Buckets, bucket => Assert.Equal(SlotBytes.Write(Enrolled), bucket.Objects[RegisterKeys.Machine(Machine)]));
        Assert.Matches("^machines/[0-9a-f]{32}[.]json$", RegisterKeys.Machine(Machine));
    }

    [Theory]
    [InlineData(PutAnswer.Unknown, true)]
    [InlineData(PutAnswer.Unknown, false)]
    [InlineData(PutAnswer.Exists, true)]
    [InlineData(PutAnswer.Conflict, false)]
    [InlineData(PutAnswer.Forbidden, false)]
    public async Task Enrol_WithOneLostAnswer_CountsByTheOthers(PutAnswer answer, bool lands)
    {
        _host.Buckets[0].NextPut = (answer, lands);

        Assert.True((await _host.Client.EnrolAsync(Enrolled, Token)).Allowed);
        Assert.Equal(lands, _host.Buckets[0].Objects.ContainsKey(RegisterKeys.Machine(Machine)));
        Assert.Equal(Enrolled, await _host.Client.MachineAsync(Machine, Token));
    }

    [Fact]
    public async Task Enrol_StoppedAfterOneBucket_CountsNotUntilItIsDoneAgain()
    {
        _host.Buckets[1].NextPut = (PutAnswer.Unknown, false);
        _host.Buckets[2].NextPut = (PutAnswer.Unknown, false);

        var half = await _host.Client.EnrolAsync(Enrolled, Token);
        Assert.Contains("stands in 1 of 3 buckets", half.Missing[0], StringComparison.Ordinal);
        Assert.Null(await _host.Client.MachineAsync(Machine, Token));
        Assert.True((await _host.Client.EnrolAsync(Enrolled, Token)).Allowed);
        Assert.Equal(Enrolled, await _host.Client.MachineAsync(Machine, Token));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Enrol_AnotherKeyOfTheMachine_IsRefusedWhereverOneBucketShowsIt(int buckets)
    {
        foreach (var bucket in _host.Buckets.Take(buckets))
        {
            bucket.Objects[RegisterKeys.Machine(Machine)] = SlotBytes.Write(Enrolled);
        }

        var refused = await _host.Client.EnrolAsync(Enrolled with { PublicKey = "b3RoZXI=" }, Token);

        Assert.Contains("another key of machine", Assert.Single(refused.Missing), StringComparison.Ordinal);
        Assert.Equal(buckets, _host.Buckets.Count(bucket => bucket.Objects.ContainsKey(RegisterKeys.Machine(Machine))));
    }

    [Fact]
    public async Task Enrol_WithoutAMajorityOfMembers_WritesNothing()
    {
        _host.Buckets[0].Objects.Remove(RegisterKeys.Members(1));
        _host.Buckets[1].Unreachable = "cut off";

        var missing = (await _host.Client.EnrolAsync(Enrolled, Token)).Missing;

        Assert.NotEmpty(missing);
        Assert.All(_host.Buckets, bucket => Assert.DoesNotContain(RegisterKeys.Machine(Machine), bucket.Objects.Keys));
        Assert.Null(await _host.Client.MachineAsync(Machine, Token));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("""{"machine":"other","publicKey":"a2V5","node":"n"}""")]
    [InlineData("""{"machine":"4c4c4544/disk-1","publicKey":"","node":"n"}""")]
    public async Task Machine_AForeignObject_CountsForNothing(string text)
    {
        _host.Buckets[0].Objects[RegisterKeys.Machine(Machine)] = Encoding.UTF8.GetBytes(text);
        _host.Buckets[1].Objects[RegisterKeys.Machine(Machine)] = SlotBytes.Write(Enrolled);

        Assert.Null(await _host.Client.MachineAsync(Machine, Token));
        Assert.True((await _host.Client.EnrolAsync(Enrolled, Token)).Allowed);
        Assert.Equal(Enrolled, await _host.Client.MachineAsync(Machine, Token));
    }

    public void Dispose() => _host.Dispose();
}
