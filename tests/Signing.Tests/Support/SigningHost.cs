using System.Globalization;
using VirtEngine.DR.Tests.Shared;

namespace VirtEngine.DR.Signing.Tests.Support;

/// <summary>A host on which a key signs already: its HRS file moves with a chain, which shows each signature; three empty buckets of a register.</summary>
internal sealed class SigningHost : IAsyncDisposable, IChainWitnesses, ICommitWitnesses
{
    public const string Machine = "machine-x";
    private readonly ScratchFolder _folder = new();
    private readonly CancellationTokenSource _end = new();
    private readonly HrsFormat _format;
    private Task _signing = Task.CompletedTask;
    private long _height = 10;

    public SigningHost(HrsFormat format = HrsFormat.CometBft)
    {
        _format = format;
        var members = new RegisterMembers { Register = SmallHost.Register, Generation = 1, Buckets = ["a", "b", "c"] };
        Buckets.ForEach(bucket => bucket.Objects[RegisterKeys.Members(1)] = SlotBytes.Write(members));
        Sign(_height);
    }

    public List<MemoryBucket> Buckets { get; } = [new("a"), new("b"), new("c")];

    public string HrsPath => _folder["state.json"];

    /// <summary>Sources that answer.</summary>
    public string[] Sources { get; set; } = ["one", "two"];

    /// <summary>Another process signs with the same key.</summary>
    public bool Foreign { get; set; }

    /// <summary>What RPCs show of earlier signatures.</summary>
    public long? LastSigned { get; set; }

    public List<string> Said { get; } = [];

    public SignerHost Host(string machine = Machine) => new(new SignerPaths(_folder[machine], SmallHost.Signer), machine, "boot-1", new HrsFile(HrsPath, _format), SignerRules.Instance);

    public SignerEnrolment Enrolment(IReadOnlyList<IRegisterBucket>? buckets = null, string machine = Machine)
    {
        var host = Host(machine);
        return new SignerEnrolment(host, new RegisterClient(SmallHost.Register, buckets ?? Buckets, SignerRules.Instance), this, new SigningProof(host.Hrs, _format, this, TimeProvider.System), Said.Add);
    }

    public async Task<EnrolmentResult> EnrolAsync(IReadOnlyList<IRegisterBucket>? buckets = null, string machine = Machine, bool neverSigned = false, TimeSpan? within = null, params string[] approvedBy)
    {
        using var key = MachineKey.OpenOrCreate(Host(machine).Paths.MachineKey);
        return await Enrolment(buckets, machine).RunAsync(
            new EnrolmentRequest("validator-0", "alice", neverSigned, approvedBy, within ?? TimeSpan.FromSeconds(30)), key, Xunit.TestContext.Current.CancellationToken);
    }

    public RegisterClient Register => new(SmallHost.Register, Buckets, SignerRules.Instance);

    /// <summary>The signer signs a height every few milliseconds from now on.</summary>
    public void Start() => _signing = RunAsync();

    public Task<IReadOnlyList<RpcSight>> LookAsync(SignerName signer, long above, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<RpcSight>>([.. Sources.Select(source => new RpcSight(source, Interlocked.Read(ref _height), true, LastSigned, above + 1))]);

    public Task<IReadOnlyList<CommitSight>> CommitsAsync(SignerName signer, long height, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<CommitSight>>(
        height > Interlocked.Read(ref _height) ? [] : [.. Sources.Select(source => new CommitSight(source, 0, Foreign ? "another" : Signature(height)))]);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _signing;
        _end.Dispose();
        _folder.Dispose();
    }

    private static string Signature(long height) => string.Create(CultureInfo.InvariantCulture, $"c2ln{height}");

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        try
        {
            while (await timer.WaitForNextTickAsync(_end.Token))
            {
                Sign(Interlocked.Read(ref _height) + 1);
                Interlocked.Increment(ref _height);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private void Sign(long height)
    {
        var text = _format == HrsFormat.Tmkms
            ? string.Create(CultureInfo.InvariantCulture, $$"""{"height":"{{height}}","round":"0","step":2,"block_id":null}""")
            : string.Create(CultureInfo.InvariantCulture, $$"""{"height":"{{height}}","round":0,"step":3,"signature":"{{Signature(height)}}","signbytes":"00"}""");
        File.WriteAllText(HrsPath + ".new", text);
        File.Move(HrsPath + ".new", HrsPath, overwrite: true);
    }
}
