using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Contracts;

namespace VirtEngine.DR.Activities.Nodes.Rollbacks;

/// <summary>What was rolled back in a home, and by whom. Each entry is on disk before its command runs.</summary>
/// <param name="Entries">Oldest first.</param>
internal sealed record RollbackLedger(IReadOnlyList<RollbackEntry> Entries)
{
    private const int Remembered = 200;

    /// <summary>Reads the ledger of a home.</summary>
    public static RollbackLedger Read(NodeHome home)
    {
        try
        {
            return DurableFile.ReadJson<RollbackLedger>(PathIn(home)) ?? new RollbackLedger([]);
        }
        catch (InvalidDataException e)
        {
            throw Failures.Permanent(ErrorTypes.Conflict, e.Message, e);
        }
    }

    /// <summary>Where it is kept.</summary>
    public static string PathIn(NodeHome home) => Path.Combine(home.Private, "rollbacks.json");

    /// <summary>Where the commands' output goes.</summary>
    public static string LogIn(NodeHome home) => Path.Combine(home.Private, "rollback.log");

    /// <summary>The ledger with one entry more.</summary>
    public RollbackLedger With(RollbackEntry entry) => new([.. Entries.TakeLast(Remembered - 1), entry]);

    /// <summary>The ledger with an entry in the place of another.</summary>
    public RollbackLedger With(RollbackEntry old, RollbackEntry entry) => new([.. Entries.Select(one => one == old ? entry : one)]);

    /// <summary>Makes it count.</summary>
    public void Write(NodeHome home) => DurableFile.WriteJson(PathIn(home), this);
}
