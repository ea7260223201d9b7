namespace VirtEngine.DR.Backups.Indexing;

/// <summary>The known-tables indexes of this host.</summary>
public static class TableIndex
{
    /// <summary>Forgets what is known of a node's tables in every repository: after a restore, a rollback or a failed rung.</summary>
    /// <returns>How many indexes were dropped.</returns>
    public static int Clear(string folder, string chain, string node)
    {
        if (!Directory.Exists(folder))
        {
            return 0;
        }

        var files = Directory.GetFiles(folder, $"*-{chain}-{node}.tables").Where(path => Path.GetFileName(path).Length == 32 + 1 + chain.Length + 1 + node.Length + ".tables".Length).ToList();
        files.ForEach(File.Delete);
        return files.Count;
    }
}
