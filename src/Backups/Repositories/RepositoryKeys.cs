namespace VirtEngine.DR.Backups.Repositories;

/// <summary>How things are named below a repository.</summary>
public static class RepositoryKeys
{
    /// <summary>Everything of a node.</summary>
    public static string Node(string chain, string node) => $"{chain}/{node}/";

    /// <summary>Everything of a node.</summary>
    public static string Node(BackupScope scope) => Node(scope.Chain, scope.Node);

    /// <summary>Everything of a kind.</summary>
    public static string Kind(BackupScope scope) => $"{scope}/";

    /// <summary>A manifest: its conditional PUT is the commit.</summary>
    public static string Manifest(BackupScope scope, BackupId id) => $"{scope}/{id}.json";

    /// <summary>The signature beside a manifest, written before it.</summary>
    public static string Signature(string manifestKey) => Base(manifestKey) + ".sig";

    /// <summary>A later signature by another key.</summary>
    public static string Countersignature(string manifestKey, string keyId) => $"{Base(manifestKey)}.csig-{keyId}";

    /// <summary>All later signatures.</summary>
    public static string Countersignatures(string manifestKey) => Base(manifestKey) + ".csig-";

    /// <summary>All verification records.</summary>
    public static string Rungs(string manifestKey) => Base(manifestKey) + ".rung-";

    /// <summary>Content-addressed objects of a node.</summary>
    public static string Objects(string nodePrefix) => nodePrefix + "objects/";

    /// <summary>Packs of a node's backups.</summary>
    public static string Packs(string nodePrefix) => nodePrefix + "packs/";

    /// <summary>What running backups announce.</summary>
    public static string Intents(string nodePrefix) => nodePrefix + "intents/";

    /// <summary>One backup's announcement.</summary>
    public static string Intent(BackupScope scope, BackupId id) => $"{Intents(Node(scope))}{scope.Kind}/{id}";

    /// <summary>What a collector is about to delete.</summary>
    public static string Marks(string nodePrefix) => nodePrefix + "marks/";

    /// <summary>The wrapped key that names encrypted objects.</summary>
    public static string NamingKey(string nodePrefix) => nodePrefix + "keys/naming.json";

    /// <summary>Scope and id of a manifest's key, or null when it is none.</summary>
    public static (BackupScope Scope, BackupId Id)? TryParseManifest(string key)
    {
        var parts = key.Split('/');
        if (parts.Length != 4 || !parts[3].EndsWith(".json", StringComparison.Ordinal) || BackupId.TryParse(parts[3][..^5]) is not { } id)
        {
            return null;
        }

        var scope = new BackupScope(parts[0], parts[1], parts[2]);
        return scope.Mistakes().Count == 0 ? (scope, id) : null;
    }

    /// <summary>Scope and id of a manifest's key.</summary>
    /// <exception cref="BackupException">It is none.</exception>
    public static (BackupScope Scope, BackupId Id) ParseManifest(string key) => TryParseManifest(key)
        ?? throw new BackupException(BackupErrorCodes.ManifestMissing, $"'{key}' is not a manifest's key; it looks like chain/node/kind/1200-20260131T120000Z-0123456789abcdef.json");

    private static string Base(string manifestKey) => manifestKey[..^".json".Length];
}
