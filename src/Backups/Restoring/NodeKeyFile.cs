using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Org.BouncyCastle.Math.EC.Rfc8032;
using VirtEngine.DR.Backups.Storage;

namespace VirtEngine.DR.Backups.Restoring;

/// <summary>A node's p2p key as CometBFT keeps it: Ed25519, seed and public key together. Its id is the address of the public key.</summary>
public static class NodeKeyFile
{
    private const string Aside = ".virtengine-key-";
    private static readonly int Seed = Ed25519.SecretKeySize;

    /// <summary>Makes a fresh key where there is none; one that is there is never replaced.</summary>
    /// <returns>The id of the key that lies there now.</returns>
    /// <exception cref="BackupException"><c>key-invalid</c>: what lies there is not a node key.</exception>
    public static string Ensure(string path)
    {
        if (IdOf(path) is { } present)
        {
            return present;
        }

        var key = new byte[Seed + Ed25519.PublicKeySize];
        var folder = Path.GetDirectoryName(path)!;
        foreach (var left in Directory.EnumerateFiles(folder, Aside + "*"))
        {
            File.Delete(left);
        }

        var aside = Path.Combine(folder, Aside + Path.GetFileName(path));
        try
        {
            RandomNumberGenerator.Fill(key.AsSpan(0, Seed));
            Ed25519.GeneratePublicKey(key.AsSpan(0, Seed), key.AsSpan(Seed));
            var text = Encoding.UTF8.GetBytes($$$"""{"priv_key":{"type":"tendermint/PrivKeyEd25519","value":"{{{Convert.ToBase64String(key)}}}"}}""");
            LinuxFiles.WriteDurably(aside, text);
            CryptographicOperations.ZeroMemory(text);
            LinuxFiles.MoveNew(aside, path);
            LinuxFiles.SyncFolder(folder);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
            File.Delete(aside);
        }

        return IdOf(path)!;
    }

    /// <summary>The p2p id of a key file, 40 lower-case hexadecimal digits; null where there is none.</summary>
    /// <exception cref="BackupException"><c>key-invalid</c>, without a byte of it in the message.</exception>
    public static string? IdOf(string path)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(bytes);
            var value = document.RootElement.GetProperty("priv_key").GetProperty("value").GetBytesFromBase64();
            var id = value.Length == Seed + Ed25519.PublicKeySize ? Convert.ToHexStringLower(SHA256.HashData(value.AsSpan(Seed))[..20]) : null;
            CryptographicOperations.ZeroMemory(value);
            return id ?? throw new FormatException();
        }
        catch (Exception e) when (e is JsonException or FormatException or KeyNotFoundException or InvalidOperationException)
        {
            throw new BackupException(BackupErrorCodes.KeyInvalid, $"{path} is not a node key (Ed25519, as CometBFT writes it): look at it; moved aside, a fresh one can be made");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }
}
