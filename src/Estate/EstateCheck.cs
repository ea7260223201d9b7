using VirtEngine.DR.Contracts.Backups;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Estates.Checking;
using VirtEngine.DR.Estates.Reading;
using VirtEngine.DR.Estates.Rules;

namespace VirtEngine.DR.Estates;

/// <summary>Checks an estate and says what follows from it.</summary>
public static class EstateCheck
{
    /// <summary>Reads and checks a file; mistakes are in the report, not an exception.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static EstateCheckReport Run(string path)
    {
        try
        {
            return Of(path, EstateLoader.Load(path));
        }
        catch (EstateInvalidException e)
        {
            return new EstateCheckReport(path, false, null, null, null, [], e.Problems, []);
        }
    }

    /// <summary>The report of an estate that was read.</summary>
    public static EstateCheckReport Of(string file, LoadedEstate loaded)
    {
        var estate = loaded.Estate;
        return new EstateCheckReport(
            file, true, loaded.Digest, estate.Name, estate.Chain.Id, [.. estate.Nodes.Select(n => Node(estate, n))], [], EstateFindings.Of(estate));
    }

    private static NodeCheck Node(Estate estate, NodeSpec node) => new(
        node.Name, EnumNames<NodeKind>.Of(node.Kind), node.Region,
        [.. BackupRules.KindsOf(estate, node).Select(k => k == BackupKinds.ChainState ? $"{k} ({EnumNames<BackupMethod>.Of(node.Backup)})" : k)]);
}
