namespace VirtEngine.DR.Backups.Snapshots.Staging;

/// <summary>Finds private keys by content: a copy of a key file under another name must not enter a backup either.</summary>
internal static class PrivateKeys
{
    private const long Largest = 1 << 20;

    /// <summary>True when the file holds a private key in one of the forms that nodes and their tools write.</summary>
    public static bool Has(string path)
    {
        var file = new FileInfo(path);
        return file.Exists && file.Length <= Largest && Has(File.ReadAllBytes(path));
    }

    private static bool Has(ReadOnlySpan<byte> bytes) =>
        bytes.IndexOf("PRIVATE KEY-----"u8) >= 0 || bytes.IndexOf("-----BEGIN TENDERMINT PRIVATE KEY"u8) >= 0
        || bytes.IndexOf("\"priv_key\""u8) >= 0 || bytes.IndexOf("tendermint/PrivKey"u8) >= 0 || bytes.IndexOf("AGE-SECRET-KEY-"u8) >= 0
        || bytes.IndexOf("PGP PRIVATE KEY BLOCK"u8) >= 0;
}
