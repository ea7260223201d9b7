using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Security;
using VirtEngine.DR.Estates.Reading;

namespace VirtEngine.DR.Estates.Rules;

/// <summary>Reads public keys that verify manifests. The estate that leaves here holds the PEM itself, so that no worker needs the file.</summary>
internal static class PublicKeys
{
    private const string Advice = "A PEM 'PUBLIC KEY' of Ed25519, RSA (2048 bits or more) or ECDSA, or a file with one: openssl pkey -in signing.pem -pubout.";

    /// <summary>No public key is longer than a few kilobytes; a larger file is something else.</summary>
    private const int MaxFile = 64 * 1024;

    public static string Read(string path, string value, Folder folder, Problems problems)
    {
        if (value.Length == 0)
        {
            return "";
        }

        var pem = value;
        if (!value.Contains("-----BEGIN", StringComparison.Ordinal))
        {
            if (value.Contains('\n', StringComparison.Ordinal) || Secrets.LooksRandom(value))
            {
                problems.Add(path, "This is neither a PEM public key nor a file's path.", Advice);
                return "";
            }

            if (ReadFile(path, folder.Resolve(value), problems) is not { } text)
            {
                return "";
            }

            pem = text;
        }

        if (pem.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
        {
            problems.Add(path, "This is a private key; the estate names the public half.", "Write it out with: openssl pkey -in signing.pem -pubout. " + Secrets.Advice);
            return "";
        }

        if (Wrong(pem) is { } wrong)
        {
            problems.Add(path, wrong, Advice);
            return "";
        }

        return pem.ReplaceLineEndings("\n").Trim() + "\n";
    }

    private static string? ReadFile(string path, string file, Problems problems)
    {
        try
        {
            if (new FileInfo(file).Length > MaxFile)
            {
                problems.Add(path, $"{Secrets.Shown(file)} is too large to be a public key.", Advice);
                return null;
            }

            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add(path, $"{Secrets.Shown(file)} cannot be read: {(e is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : e.Message.TrimEnd('.'))}.", Advice);
            return null;
        }
    }

    private static string? Wrong(string pem)
    {
        if (!PemEncoding.TryFind(pem, out var fields) || pem[fields.Label] != "PUBLIC KEY")
        {
            return "There is no PEM block 'PUBLIC KEY' in it.";
        }

        try
        {
            return PublicKeyFactory.CreateKey(Convert.FromBase64String(pem[fields.Base64Data])) switch
            {
                Ed25519PublicKeyParameters or ECPublicKeyParameters => null,
                RsaKeyParameters rsa => rsa.Modulus.BitLength >= 2048 ? null : $"RSA of {rsa.Modulus.BitLength} bits is too weak.",
                _ => "Its algorithm is none of Ed25519, RSA, ECDSA.",
            };
        }
        catch (Exception e) when (e is IOException or ArgumentException or FormatException or InvalidCastException or SecurityUtilityException)
        {
            return "It is damaged and cannot be read as a public key.";
        }
    }
}
