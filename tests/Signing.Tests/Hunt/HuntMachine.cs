using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using VirtEngine.DR.Signing.Tests.Support;

namespace VirtEngine.DR.Signing.Tests.Hunt;

/// <summary>A process that has the key.</summary>
/// <param name="Id">Which; its votes are its own.</param>
/// <param name="Lock">The lock that it inherited; null where a broken gate started it without.</param>
internal sealed record SignerProcess(string Id, HostLock? Lock);

/// <summary>A host with a disk of its own, a boot, and perhaps a process that signs. Record, HRS file and lock are the product's, in a folder.</summary>
internal sealed class HuntMachine
{
    private static readonly Dictionary<string, ECDsa> Keys = [];
    private readonly HuntWorld _world;
    private readonly SignerPaths _paths;
    private readonly string _hrs;
    private int _boot = 1;
    private int _started;
    private readonly List<(byte[]? Record, byte[]? Hrs)> _copies = [];

    public HuntMachine(HuntWorld world, string name, string root)
    {
        (_world, Name) = (world, name);
        _paths = new SignerPaths(Path.Combine(root, name), HuntWorld.Signer);
        _hrs = Path.Combine(root, name, "state.json");
        Directory.CreateDirectory(_paths.Folder);
        WriteHrs(new Hrs(world.Chain.Height - 2, 0, 3), null);
    }

    public string Name { get; }

    public List<SignerProcess> Signers { get; } = [];

    /// <summary>Its supervisor is to start the signer.</summary>
    public bool Wanted { get; set; }

    /// <summary>It is down until the chain has this height.</summary>
    public long DownUntil { get; private set; }

    public bool Up => _world.Chain.Height >= DownUntil;

    /// <summary>The buckets that its gate.json names.</summary>
    public IReadOnlyList<Store> Configured { get; set; } = [];

    /// <summary>The machine's key; making one takes longer than a seed.</summary>
    public ECDsa Key
    {
        get
        {
            if (!Keys.TryGetValue(Name, out var key))
            {
                Keys[Name] = key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            }

            return key;
        }
    }

    public string BootId => string.Create(CultureInfo.InvariantCulture, $"boot-{_boot}");

    /// <summary>The host as a piece of work sees it; a kill may come between any two writes of a file.</summary>
    public SignerHost Host(Work work)
    {
        void At(WriteStep step)
        {
            if (step != WriteStep.Done && _world.Strikes("a process is killed while it writes a file"))
            {
                _world.Kill(work);
                throw new KilledException();
            }
        }

        return new SignerHost(_paths, Name, BootId, new HrsFile(_hrs, HrsFormat.CometBft) { At = At }, _world.Rules) { Record = new RecordFile(_paths.Record) { At = At } };
    }

    public RegisterClient Register(Work work) =>
        new(HuntWorld.Register, [.. Configured.Select(store => new HuntBucket(_world, work, store))], _world.Rules, Timeout.InfiniteTimeSpan);

    /// <summary>The first grant, as enrolment records it.</summary>
    public void Enrol(Slot slot) =>
        new RecordFile(_paths.Record).Update(_ => RecordRules.Granted(new MachineRecord { Register = HuntWorld.Register, Signer = HuntWorld.Signer, Machine = Name }, slot));

    /// <summary>Somebody starts the signer through the gate: a run, a supervisor, a person.</summary>
    public async Task StartAsync(Work work)
    {
        var outcome = await new SignerGate(Host(work), Register(work), _world.Witnesses(work)).DecideAsync(work.Token);
        if (outcome.Decision.Starts)
        {
            Signers.Add(new SignerProcess(string.Create(CultureInfo.InvariantCulture, $"{Name}#{++_started}"), outcome.Lock));
            _world.Say($"{Signers[^1].Id} signs from now on, in {BootId}: {string.Join("; ", outcome.Decision.Reasons)}");
            _world.LookForTwo();
        }
        else
        {
            _world.Say($"the gate of {Name} says {outcome.Decision.Verdict}: {string.Join("; ", outcome.Decision.Reasons)}");
        }
    }

    /// <summary>Its signer ends, as a kill ends it.</summary>
    public void EndSigners()
    {
        foreach (var signer in Signers)
        {
            signer.Lock?.Dispose();
        }

        Signers.Clear();
    }

    /// <summary>A gate's stop: it takes a moment, and now and then the process does not heed it.</summary>
    public async Task StopAsync(Work work)
    {
        if (await _world.Wire.AskAsync(work, () => Signers.Count == 0 || !_world.Strikes("a signer does not heed its stop", 3)))
        {
            EndSigners();
        }
    }

    /// <summary>One process votes as the node would: the file first, then the word.</summary>
    public void Vote(SignerProcess signer, int behind)
    {
        var chain = _world.Chain;
        var height = chain.Height + 1 - behind;
        var round = behind == 0 ? chain.Round : 0;
        if (ReadHrs() is not { } file)
        {
            EndSigners();
            _world.Say($"{signer.Id} ends: its HRS file is gone");
            return;
        }

        for (var step = 2; step <= 3; step++)
        {
            var at = new Hrs(height, round, step);
            if (at > file.Value)
            {
                var vote = $"{at} for a block that {signer.Id} saw";
                WriteHrs(at, vote);
                if (_world.Strikes("a signer is killed between its vote and its word"))
                {
                    EndSigners();
                }

                chain.Vote(at, vote, signer.Id);
                return;
            }

            if (at == file.Value && file.Vote is { } said)
            {
                chain.Vote(at, Encoding.UTF8.GetString(Convert.FromHexString(said.SignBytes)), signer.Id);
            }
        }
    }

    /// <summary>A copy of its disk, as a backup or a snapshot makes one.</summary>
    public void CopyDisk() => _copies.Add((Bytes(_paths.Record), Bytes(_hrs)));

    /// <summary>Its power goes and comes back: another boot. Its supervisor starts what it has.</summary>
    /// <param name="older">On the disk of a copy.</param>
    public bool Reboot(bool older)
    {
        if (older && _copies.Count == 0)
        {
            return false;
        }

        EndSigners();
        (_boot, Wanted) = (_boot + 1, true);
        if (older)
        {
            var (record, hrs) = _copies[_world.Dice.Next(_copies.Count)];
            Put(_paths.Record, record);
            Put(_hrs, hrs);

            // By so little that no block carries what it lost, a roll-back cannot be seen (docs/signing.md, limits): putting a disk back takes longer than that.
            DownUntil = _world.Chain.HighestVote + 3;
        }

        return true;
    }

    public void LoseHrs() => File.Delete(_hrs);

    public void Comes() => DownUntil = 0;

    private SignedHrs? ReadHrs() => new HrsFile(_hrs, HrsFormat.CometBft).ReadSigned();

    private void WriteHrs(Hrs at, string? vote) => File.WriteAllText(_hrs, vote is null
        ? string.Create(CultureInfo.InvariantCulture, $$"""{"height":"{{at.Height}}","round":{{at.Round}},"step":{{at.Step}}}""")
        : string.Create(CultureInfo.InvariantCulture, $$"""{"height":"{{at.Height}}","round":{{at.Round}},"step":{{at.Step}},"signature":{{JsonSerializer.Serialize(Convert.ToBase64String(Encoding.UTF8.GetBytes(vote)))}},"signbytes":"{{Convert.ToHexString(Encoding.UTF8.GetBytes(vote))}}"}"""));

    private static byte[]? Bytes(string file) => File.Exists(file) ? File.ReadAllBytes(file) : null;

    private static void Put(string file, byte[]? bytes)
    {
        if (bytes is null)
        {
            File.Delete(file);
        }
        else
        {
            File.WriteAllBytes(file, bytes);
        }
    }
}
