using System.Text;
using System.Text.RegularExpressions;

namespace VirtEngine.DR.Backups.Files;

/// <summary>Which files hold private keys, by name and by content. In doubt a file stays out: keys have their own backup.</summary>
public static partial class SecretRules
{
    private static readonly string[] Names = ["priv_validator_key.json", "node_key.json", "id_rsa", "id_ed25519", "id_ecdsa", "id_dsa", "secret_connection.key"];
    private static readonly string[] Extensions = [".pem.key", ".key", ".keystore", ".jks", ".p12", ".pfx", ".age-identity", ".ppk", ".kdbx"];

    /// <summary>Why the path must stay out, or null.</summary>
    public static string? ByName(string path)
    {
        var name = path[(path.LastIndexOf('/') + 1)..].ToLowerInvariant();
        if (Names.Contains(name))
        {
            return $"{name} is a private key by its name";
        }

        if (Extensions.FirstOrDefault(extension => name.EndsWith(extension, StringComparison.Ordinal)) is { } found)
        {
            return $"files that end with {found} hold private keys";
        }

        return path.Split('/').FirstOrDefault(part => part.StartsWith("keyring-", StringComparison.Ordinal) || part is "keyring" or ".ssh" or ".gnupg") is { } folder
            ? $"{folder} is a keyring"
            : null;
    }

    /// <summary>Why the content must stay out, or null. The reason never holds any of the content.</summary>
    public static string? ByContent(ReadOnlySpan<byte> content)
    {
        // Latin-1 keeps every byte one character, so binary files are searched too; NULs of UTF-16 text are dropped.
        var text = Encoding.Latin1.GetString(content).Replace("\0", string.Empty, StringComparison.Ordinal);
        return text switch
        {
            _ when Pem().IsMatch(text) => "it holds a PEM private key",
            _ when text.Contains("tendermint/PrivKey", StringComparison.Ordinal) || text.Contains("cometbft/PrivKey", StringComparison.Ordinal) => "it holds a consensus or node key",
            _ when PrivKeyField().IsMatch(text) => "it has a field with a private key",
            _ when text.Contains("AGE-SECRET-KEY-1", StringComparison.OrdinalIgnoreCase) || text.Contains("AGE-PLUGIN-", StringComparison.OrdinalIgnoreCase) => "it holds an age identity",
            _ when text.Contains("openssh-key-v1", StringComparison.Ordinal) || text.Contains("PuTTY-User-Key-File", StringComparison.Ordinal) => "it holds an SSH private key",
            _ when KeyringRecord().IsMatch(text) => "it is a keyring record",
            _ when Mnemonic().IsMatch(text) => "it has a field with a mnemonic",
            _ => null,
        };
    }

    [GeneratedRegex(@"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----|BEGIN TENDERMINT PRIVATE KEY", RegexOptions.CultureInvariant)]
    private static partial Regex Pem();

    [GeneratedRegex("\"?(?:priv_?key|private_?key|secret_?key)\"?\\s*[:=]\\s*(?:\\{\\s*\"type\"|[\"']?[A-Za-z0-9+/=_-]{32,})", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex PrivKeyField();

    [GeneratedRegex("eyJhbGciOiJQQkVTMi[A-Za-z0-9_-]*\\.", RegexOptions.CultureInvariant)]
    private static partial Regex KeyringRecord();

    [GeneratedRegex("\"?mnemonic\"?\\s*[:=]\\s*[\"']?(?:[a-z]+ ){11,}[a-z]+", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Mnemonic();
}
