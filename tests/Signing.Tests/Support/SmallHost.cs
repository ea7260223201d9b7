using VirtEngine.DR.Tests.Shared;

namespace VirtEngine.DR.Signing.Tests.Support;

/// <summary>A register of three buckets in memory and hosts in folders.</summary>
internal sealed class SmallHost : IDisposable, IChainWitnesses
{
    public const string Register = "register-1";
    public static readonly SignerName Signer = new("test-1", new string('B', 40));
    private readonly ScratchFolder _folder = new();

    public SmallHost()
    {
        var members = new RegisterMembers { Register = Register, Generation = 1, Buckets = [.. Buckets.Select(bucket => bucket.Name)] };
        Buckets.ForEach(bucket => bucket.Objects[RegisterKeys.Members(1)] = SlotBytes.Write(members));
        Put(Granted(1, "machine-x"));
    }

    public List<MemoryBucket> Buckets { get; } = [new("a"), new("b"), new("c")];

    public string BootId { get; set; } = "boot-1";

    public long? LastSigned { get; set; }

    public bool Rpcs { get; set; } = true;

    public int Looks { get; private set; }

    public RegisterClient Client => new(Register, Buckets, SignerRules.Instance);

    public static SlotObject Granted(long epoch, string holder, long floor = 0) => new()
    {
        Kind = SlotKind.Holder,
        Signer = Signer,
        Register = Register,
        Epoch = epoch,
        Generation = 1,
        Holder = holder,
        Floor = new Hrs(floor, 0, 3),
        OfflineAllowed = [holder],
        AskedBy = "test",
        AskId = $"ask-{epoch}",
    };

    public void Put(SlotObject value, int buckets = 3) => Buckets.Take(buckets).ToList().ForEach(bucket => bucket.Objects.TryAdd(RegisterKeys.Slot(Signer, value.Epoch), SlotBytes.Write(value)));

    public void Seal(long epoch, int buckets = 3) => Put(SlotObject.VoidOf(Signer, Register, epoch), buckets);

    public void Unreachable(int buckets) => Buckets.Take(buckets).ToList().ForEach(bucket => bucket.Unreachable = "cut off");

    public SignerHost Host(string machine = "machine-x") => new(new SignerPaths(_folder[machine], Signer), machine, BootId, new HrsFile(HrsPath(machine), HrsFormat.CometBft), SignerRules.Instance);

    public string HrsPath(string machine = "machine-x")
    {
        var path = _folder[$"{machine}-state.json"];
        if (!File.Exists(path))
        {
            File.WriteAllText(path, """{"height": "7", "round": 0, "step": 3, "signature": "AA==", "signbytes": "00"}""");
        }

        return path;
    }

    public SignerGate Gate(string machine = "machine-x") => new(Host(machine), Client, this);

    public Task<IReadOnlyList<RpcSight>> LookAsync(SignerName signer, long above, CancellationToken cancellationToken)
    {
        Looks++;
        return Task.FromResult<IReadOnlyList<RpcSight>>(Rpcs ? [new("one", 100, true, LastSigned, above + 1), new("two", 100, true, LastSigned, above + 1)] : []);
    }

    public void Dispose() => _folder.Dispose();
}
