using System.CommandLine;
using VirtEngine.DR.Contracts.Backups;

namespace VirtEngine.DR.Starter.Commands;

/// <summary>Options that several backup commands have.</summary>
internal static class BackupOptions
{
    public static Option<string?> Node(string withoutIt) => new("--node") { HelpName = "NAME", Description = $"The node; without it {withoutIt}." };

    public static Option<string> Kind() => new Option<string>("--kind")
    {
        HelpName = "KIND",
        Description = "What: " + string.Join(", ", BackupKinds.All) + ".",
        DefaultValueFactory = _ => BackupKinds.ChainState,
    }.AcceptOnlyFromAmong([.. BackupKinds.All]);
}
