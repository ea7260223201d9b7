using System.Text;
using VirtEngine.DR.Backups.Storage;

namespace VirtEngine.DR.Backups.Catalogs;

/// <summary>The newest backup that this host has committed, fsynced: a bucket that was emptied or hides it cannot take it back.</summary>
/// <param name="folder">Where the heads lie.</param>
/// <param name="source">What messages call it.</param>
public sealed class HeadFile(string folder, string source = "this host's head file") : IHeadSource
{
    /// <inheritdoc />
    public async Task<BackupHead?> ReadAsync(BackupScope scope, CancellationToken cancellationToken)
    {
        try
        {
            var text = await File.ReadAllTextAsync(PathOf(scope), cancellationToken).ConfigureAwait(false);
            return new BackupHead(source, BackupId.Parse(text.Trim()));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Remembers a backup, unless a newer one is remembered.</summary>
    public async Task RaiseAsync(BackupScope scope, BackupId id, CancellationToken cancellationToken)
    {
        if (await ReadAsync(scope, cancellationToken).ConfigureAwait(false) is { } head && head.Id >= id)
        {
            return;
        }

        Directory.CreateDirectory(folder);
        LinuxFiles.WriteDurably(PathOf(scope), Encoding.UTF8.GetBytes(id + "\n"));
    }

    private string PathOf(BackupScope scope) => Path.Combine(folder, $"{scope.Chain}+{scope.Node}+{scope.Kind}.head");
}
