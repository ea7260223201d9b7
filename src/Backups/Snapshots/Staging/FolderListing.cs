using System.Text;
using VirtEngine.DR.Backups.Snapshots.Native;

namespace VirtEngine.DR.Backups.Snapshots.Staging;

/// <summary>A folder's names, collected; for what happens outside the pause.</summary>
internal struct FolderListing : IFolderVisitor
{
    private List<(EntryType Type, byte[] Name)> entries;

    public static List<(EntryType Type, byte[] Name)> Of(OpenFolder folder)
    {
        var listing = new FolderListing { entries = [] };
        folder.Visit(ref listing);
        return listing.entries;
    }

    /// <summary>Decides what kind of folder it is, once.</summary>
    public static void Classify(StagedFolder folder, FileRules rules)
    {
        if (!folder.Classified)
        {
            folder.Kind = rules.KindOf(folder.Path, [.. Of(folder.Live).Select(entry => Encoding.UTF8.GetString(entry.Name[..^1]))]);
            folder.Classified = true;
        }
    }

    public readonly void Visit(ulong inode, EntryType type, ReadOnlySpan<byte> name) => entries.Add((type, name.ToArray()));
}
