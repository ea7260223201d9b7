using VirtEngine.DR.Signing;

namespace VirtEngine.DR.Tests.Kit;

/// <summary>One key's part of the world: the register and the machine's record, both upwards only.</summary>
public sealed class SignerWorld
{
    public const string Machine = "system-1/disk-1";

    /// <summary>The key; its lock is shared by all runs of one server.</summary>
    public SignerName Name { get; init; } = new("sim-1", new string('A', 40));

    /// <summary>The epoch that counts, by the register.</summary>
    public long Epoch { get; set; } = 1;

    /// <summary>Filled by a seal or an object.</summary>
    public long Filled { get; set; } = 1;

    public long Grant { get; set; } = 1;

    public long Fence { get; set; }

    /// <summary>The HRS file; null when it is lost.</summary>
    public Hrs? File { get; set; } = new(1000, 0, 3);

    public Hrs Floor { get; set; }

    /// <summary>What the chain shows of the key; a start below it would sign twice.</summary>
    public long LastOnChain { get; set; } = 1000;

    /// <summary>Another machine that the register says may hold the key.</summary>
    public string? Other { get; set; }

    /// <summary>The node on whose host the other machine is.</summary>
    public string OtherNode { get; set; } = "validator-9";

    /// <summary>Whether a signer runs on the other machine now.</summary>
    public bool OtherSigns { get; set; }

    /// <summary>Its fence.</summary>
    public long OtherFence { get; set; }

    /// <summary>Its HRS file; null when it is lost.</summary>
    public Hrs? OtherFile { get; set; } = new(1000, 0, 3);

    /// <summary>The machine of the epoch that counts.</summary>
    public string Holder { get; set; } = Machine;

    /// <summary>No block comes: no silence can be seen.</summary>
    public bool Halted { get; set; }

    /// <summary>The chain shows a signature above what the last holder's HRS file says.</summary>
    public bool FileIsOld { get; set; }

    /// <summary>The objects that were put, oldest first.</summary>
    public List<SlotObject> Objects { get; } = [];

    /// <summary>Starts that would have signed twice, or without a grant. Must stay empty.</summary>
    public List<string> Broken { get; } = [];

    /// <summary>Why the gate refuses.</summary>
    public IReadOnlyList<string> Refuses =>
    [
        .. Grant == 0 ? ["no grant is recorded on this machine"] : Array.Empty<string>(),
        .. Grant < Fence ? [$"fenced: the grant is of epoch {Grant} and the fence is {Fence}"] : Array.Empty<string>(),
        .. File is null ? ["the HRS file cannot be read (it is missing)"] : Array.Empty<string>(),
        .. File < Floor ? [$"the HRS file says {File} and the floor is {Floor}"] : Array.Empty<string>(),
    ];

    /// <summary>Two people's statement that the other machine is gone for good.</summary>
    public EndStatement Ended(long below) => new()
    {
        Signer = Name,
        Register = "r",
        Machine = Other!,
        Below = below,
        Kind = EndKind.DestroyedInCustody,
        Proof = ["serial disk-9, safe 3"],
        By = "carol",
        Signatures = [new("ann", "c2ln"), new("bob", "c2ln")],
    };

    /// <summary>The gate lets the signer start.</summary>
    public void Started()
    {
        if (File is null || File.Value.Height < LastOnChain || Grant != Epoch || Grant < Fence || OtherSigns)
        {
            Broken.Add($"started with file {File}, grant {Grant}, fence {Fence}, register {Epoch}, chain {LastOnChain}{(OtherSigns ? $", while {Other} signs" : "")}");
        }
    }
}
