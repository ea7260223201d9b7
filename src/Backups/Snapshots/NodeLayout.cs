namespace VirtEngine.DR.Backups.Snapshots;

/// <summary>Where a node keeps what; read from its home's <c>config/config.toml</c>. All paths are relative to the home, with '/'.</summary>
/// <param name="Home">The node's home, absolute.</param>
/// <param name="DatabaseFolder"><c>db_dir</c>; <c>data</c> unless configured.</param>
/// <param name="WalFile"><c>[consensus] wal_file</c>; <c>data/cs.wal/wal</c> unless configured.</param>
/// <param name="SigningStateFile"><c>priv_validator_state_file</c>: the HRS file, which never enters a snapshot.</param>
/// <param name="SigningKeyFile"><c>priv_validator_key_file</c>.</param>
/// <param name="NodeKeyFile"><c>node_key_file</c>.</param>
/// <param name="Extras">Further folders of the node's profile that belong to the same instant (<c>wasm</c>).</param>
public sealed record NodeLayout(
    string Home, string DatabaseFolder, string WalFile, string SigningStateFile, string SigningKeyFile, string NodeKeyFile, IReadOnlyList<string> Extras)
{
    /// <summary>Take <c>data/snapshots</c> along, as a whole; otherwise nothing of it.</summary>
    public bool IncludeStateSyncSnapshots { get; init; }

    /// <summary>Reads the layout of a home.</summary>
    /// <exception cref="SnapshotException"><see cref="SnapshotErrors.LayoutInvalid"/>: no config.toml, or a path that leaves the home.</exception>
    public static NodeLayout Read(string home, IReadOnlyList<string>? extras = null) => NodeLayoutReader.Read(home, extras ?? []);
}
