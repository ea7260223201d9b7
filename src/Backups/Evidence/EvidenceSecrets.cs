using System.Text.Json;
using VirtEngine.DR.Backups.Files;
using VirtEngine.DR.Backups.Restoring;
using VirtEngine.DR.Backups.Snapshots;

namespace VirtEngine.DR.Backups.Evidence;

/// <summary>Which files stay out of evidence because they hold a private key, and what may be told of it.</summary>
/// <param name="layout">Where this node keeps its keys.</param>
internal sealed class EvidenceSecrets(NodeLayout layout)
{
    private const int Window = 4 << 20;
    private const int Overlap = 64 << 10;

    /// <summary>Why a file must stay out by its name, or null.</summary>
    public string? ByName(string path) => path == layout.SigningKeyFile ? "it is the consensus key"
        : path == layout.NodeKeyFile ? "it is the node's p2p key"
        : Array.Exists(path.Split('/'), part => part is "secrets" or "tmkms") ? "a folder of that name holds a signer's private keys"
        : path.Contains("softsign", StringComparison.OrdinalIgnoreCase) ? "by its name it is a signer's private key"
        : SecretRules.ByName(path);

    /// <summary>Why a file must stay out by its content, or null.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static string? ByContent(string source)
    {
        using var file = File.OpenHandle(source, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var buffer = new byte[Math.Clamp(RandomAccess.GetLength(file), 1, Window)];
        long at = 0;
        var kept = 0;
        int read;
        while (kept < buffer.Length && (read = RandomAccess.Read(file, buffer.AsSpan(kept), at)) > 0)
        {
            at += read;
            if (SecretRules.ByContent(buffer.AsSpan(0, kept + read)) is { } reason)
            {
                return reason;
            }

            // What stands across two windows is seen in the next one.
            var tail = Math.Min(Overlap, kept + read);
            buffer.AsSpan(kept + read - tail, tail).CopyTo(buffer);
            kept = tail;
        }

        return null;
    }

    /// <summary>What may be told of a key file: its public half, or the id that follows from it; null where it cannot be had.</summary>
    public string? PublicKey(string path, string source)
    {
        try
        {
            if (path == layout.NodeKeyFile)
            {
                return NodeKeyFile.IdOf(source) is { } id ? "p2p id " + id : null;
            }

            using var document = JsonDocument.Parse(File.ReadAllBytes(source));
            return document.RootElement.TryGetProperty("pub_key", out var key) && key.TryGetProperty("value", out var value) ? value.GetString() : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException or BackupException)
        {
            // A torn key file tells nothing; that it is left out is said all the same.
            return null;
        }
    }
}
