using System.CommandLine;
using VirtEngine.DR.Contracts.Backups;

namespace VirtEngine.DR.Starter.Commands;

/// <summary>Options that several backup commands have.</summary>
internal static class BackupOptions
{
    public static Option<string?> Node(string withoutIt) => new("--node") { HelpName = "NAME", Description = $"The node; without it {withoutIt}." };

    public static Option<string> Kind() => Kind(BackupKinds.All);

    /// <summary>For commands that only read: forensic copies too.</summary>
    public static Option<string> KindToRead() => Kind([.. BackupKinds.All, BackupKinds.Forensic]);

    private static Option<string> Kind(IReadOnlyList<string> kinds) => new Option<string>("--kind")
    {
        HelpName = "KIND",
        Description = "What: " + string.Join(", ", kinds) + ".",
        DefaultValueFactory = _ => BackupKinds.ChainState,
    }.AcceptOnlyFromAmong([.. kinds]);
}
