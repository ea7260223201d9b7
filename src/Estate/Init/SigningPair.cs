using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;

namespace VirtEngine.DR.Estates.Init;

/// <summary>Signing keys as PEM files: PKCS#8 for the private half, SubjectPublicKeyInfo for the public one, as openssl writes them.</summary>
internal static class SigningPair
{
    /// <summary>DER of PrivateKeyInfo: version 0, id-Ed25519 (1.3.101.112), 32 octets follow (RFC 8410).</summary>
    private static readonly byte[] Pkcs8Head = [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

    /// <summary>Makes an Ed25519 pair: the private half as PEM, the public half as PEM.</summary>
    public static (string Private, string Public) Generate()
    {
        var key = new Ed25519PrivateKeyParameters(new SecureRandom());

        // Version 1 of PKCS#8, without the public key that BouncyCastle's own factory appends: openssl 3 cannot read that one.
        byte[] pkcs8 = [.. Pkcs8Head, .. key.GetEncoded()];
        var pem = PemEncoding.WriteString("PRIVATE KEY", pkcs8) + "\n";
        CryptographicOperations.ZeroMemory(pkcs8);
        return (pem, PublicPem(SubjectPublicKeyInfoFactory.CreateSubjectPublicKeyInfo(key.GeneratePublicKey()).GetDerEncoded()));
    }

    /// <summary>The public half of a private key that exists.</summary>
    /// <exception cref="EstateInitException">It cannot be read; no byte of it is in the message.</exception>
    public static string PublicOf(string privateFile)
    {
        try
        {
            var pem = File.ReadAllText(privateFile);
            if (!PemEncoding.TryFind(pem, out var fields))
            {
                throw Unusable(privateFile, "it holds no PEM block");
            }

            return pem[fields.Label] switch
            {
                "PRIVATE KEY" => PublicPem(PublicInfo(pem, Convert.FromBase64String(pem[fields.Base64Data]))),
                "RSA PRIVATE KEY" => PublicPem(Rsa(pem)),
                "EC PRIVATE KEY" => PublicPem(Ec(pem)),
                var label => throw Unusable(privateFile, $"'{label}' is none of PRIVATE KEY, RSA PRIVATE KEY, EC PRIVATE KEY"),
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(privateFile, e is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : e.Message);
        }
        catch (Exception e) when (e is FormatException or CryptographicException or ArgumentException or SecurityUtilityException)
        {
            throw Unusable(privateFile, "it cannot be read as a private key");
        }
    }

    private static byte[] PublicInfo(string pem, byte[] der) => PrivateKeyFactory.CreateKey(der) switch
    {
        Ed25519PrivateKeyParameters ed25519 => SubjectPublicKeyInfoFactory.CreateSubjectPublicKeyInfo(ed25519.GeneratePublicKey()).GetDerEncoded(),
        RsaKeyParameters => Rsa(pem),
        ECPrivateKeyParameters => Ec(pem),
        _ => throw new CryptographicException("unknown algorithm"),
    };

    private static byte[] Rsa(string pem)
    {
        using var rsa = RSA.Create();
        rsa.ImportFromPem(pem);
        return rsa.ExportSubjectPublicKeyInfo();
    }

    private static byte[] Ec(string pem)
    {
        using var ec = ECDsa.Create();
        ec.ImportFromPem(pem);
        return ec.ExportSubjectPublicKeyInfo();
    }

    private static string PublicPem(byte[] info) => PemEncoding.WriteString("PUBLIC KEY", info) + "\n";

    private static EstateInitException Unusable(string file, string why) => new($"The signing key {file} is not usable: {why}.");
}
