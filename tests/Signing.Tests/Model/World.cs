namespace VirtEngine.DR.Signing.Tests.Model;

/// <summary>One state of everything, unpacked. What stands in a slot is a code (<see cref="Codes"/>).</summary>
internal sealed class World
{
    public const int Buckets = 3;
    public const int Epochs = 12;

    public readonly byte[] Slots = new byte[Buckets * Epochs];
    public readonly BucketState[] Status = new BucketState[Buckets];
    public readonly Ask[] Asks;
    public readonly Machine[] Machines;
    public readonly byte[] Ever = new byte[Epochs];
    public Disk Copy;
    public bool HasCopy;
    public byte CopyOf;
    public byte LastSigned;
    public bool Replaced;
    public bool KeyDisabled;
    public bool LostUsed;
    public bool CopyUsed;
    public bool DestroyUsed;
    public bool DisableUsed;

    public World(int machines, int asks)
    {
        Machines = new Machine[machines];
        Asks = new Ask[asks];
    }

    /// <summary>The register's generation: 2 once a bucket was replaced.</summary>
    public byte Generation => (byte)(Replaced ? 2 : 1);

    public byte At(int bucket, int epoch) => Slots[(bucket * Epochs) + epoch];

    public void Set(int bucket, int epoch, byte code) => Slots[(bucket * Epochs) + epoch] = code;

    /// <summary>Into a world that may have room for more asks.</summary>
    public void CopyTo(World other) => other.CopyFrom(this);

    public void CopyFrom(World other)
    {
        other.Slots.CopyTo(Slots, 0);
        other.Status.CopyTo(Status, 0);
        other.Asks.CopyTo(Asks, 0);
        other.Machines.CopyTo(Machines, 0);
        other.Ever.CopyTo(Ever, 0);
        (Copy, HasCopy, CopyOf, LastSigned) = (other.Copy, other.HasCopy, other.CopyOf, other.LastSigned);
        (Replaced, KeyDisabled, LostUsed, CopyUsed, DestroyUsed, DisableUsed) = (other.Replaced, other.KeyDisabled, other.LostUsed, other.CopyUsed, other.DestroyUsed, other.DisableUsed);
    }
}

/// <summary>A bucket of the register.</summary>
internal enum BucketState : byte
{
    Member,

    /// <summary>Emptied: nothing is in it, not even members. Writes still land.</summary>
    Blank,

    /// <summary>A new bucket that a repair filled; no member yet.</summary>
    Staged,

    /// <summary>A member that a repair put in the place of a lost one.</summary>
    Replacement,
}

/// <summary>How far an asker is.</summary>
internal enum AskPhase : byte
{
    None,
    Sealing,
    Ending,
    Putting,
}

/// <summary>One ask. A crashed asker is one that takes no further step; what it sent may still land.</summary>
internal struct Ask
{
    public AskPhase Phase;
    public byte Epoch;
    public byte Target;
    public byte Floor;
    public byte Generation;
    public byte MustEnd;
    public byte Ended;
}

/// <summary>What is on a machine's disk.</summary>
internal struct Disk
{
    public byte Owner;
    public byte Grant;
    public byte Fence;
    public byte Hrs;
    public byte Offline;
}

/// <summary>What a machine's process of the signer does.</summary>
internal enum Proc : byte
{
    None,

    /// <summary>The gate decided to start; it has not yet become the signer.</summary>
    Starting,
    Running,
}

/// <summary>A machine.</summary>
internal struct Machine
{
    public Disk Disk;
    public Proc Proc;
    public bool Checked;
    public byte Pending;
    public bool RolledBack;
    public bool Destroyed;
}

/// <summary>What stands in a slot.</summary>
internal static class Codes
{
    public const byte Empty = 0;
    public const byte Void = 1;

    /// <summary>2, 3, 4: objects of the beginning.</summary>
    public const byte Initial = 2;

    /// <summary>5, 6, 7: the asks' objects.</summary>
    public const byte FirstAsk = 5;

    /// <summary>8 and a mask of the machines that a survivor named.</summary>
    public const byte Lost = 8;

    /// <summary>The object of the ask that the check of liveness makes.</summary>
    public const byte Extra = 32;

    public static bool IsHolder(byte code) => code is >= Initial and < Lost or Extra;
}
