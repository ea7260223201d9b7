using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Security;

namespace VirtEngine.DR.Backups.Signing;

/// <summary>Reads and uses public keys.</summary>
public static class VerifyKeys
{
    private static readonly string[] Any = ["*"];

    /// <summary>Reads a <c>PUBLIC KEY</c> PEM. Without limits it may sign for everything.</summary>
    /// <exception cref="BackupException"><c>key-invalid</c>.</exception>
    public static VerifyKey FromPem(
        string pem, IReadOnlyList<string>? chains = null, IReadOnlyList<string>? nodes = null, IReadOnlyList<string>? kinds = null, DateTimeOffset? revokedAt = null)
    {
        if (!PemEncoding.TryFind(pem, out var fields) || pem[fields.Label] != "PUBLIC KEY")
        {
            throw new BackupException(BackupErrorCodes.KeyInvalid, "a verify key must be a PEM block 'PUBLIC KEY' (openssl pkey -pubout)");
        }

        return FromPublicKeyInfo(Convert.FromBase64String(pem[fields.Base64Data]), chains, nodes, kinds, revokedAt);
    }

    /// <summary>Takes a DER SubjectPublicKeyInfo.</summary>
    /// <exception cref="BackupException"><c>key-invalid</c>.</exception>
    public static VerifyKey FromPublicKeyInfo(
        byte[] der, IReadOnlyList<string>? chains = null, IReadOnlyList<string>? nodes = null, IReadOnlyList<string>? kinds = null, DateTimeOffset? revokedAt = null)
    {
        string algorithm;
        try
        {
            algorithm = PublicKeyFactory.CreateKey(der) switch
            {
                Ed25519PublicKeyParameters => SignatureAlgorithms.Ed25519,
                RsaKeyParameters rsa when rsa.Modulus.BitLength >= 2048 => SignatureAlgorithms.Rsa,
                ECPublicKeyParameters => SignatureAlgorithms.Ecdsa,
                _ => throw new BackupException(BackupErrorCodes.KeyInvalid, "a verify key must be Ed25519, RSA of 2048 bits or more, or ECDSA"),
            };
        }
        catch (Exception e) when (e is IOException or ArgumentException or SecurityUtilityException or InvalidCastException)
        {
            throw new BackupException(BackupErrorCodes.KeyInvalid, "a verify key is not a readable SubjectPublicKeyInfo: " + e.Message, e);
        }

        return new VerifyKey(KeyIds.Of(der), algorithm, der, chains ?? Any, nodes ?? Any, kinds ?? Any, revokedAt);
    }

    /// <summary>Whether the signature fits.</summary>
    public static bool Verify(VerifyKey key, ReadOnlySpan<byte> message, byte[] signature)
    {
        try
        {
            return key.Algorithm switch
            {
                SignatureAlgorithms.Ed25519 => VerifyEd25519(key, message, signature),
                SignatureAlgorithms.Rsa => VerifyRsa(key, message, signature),
                SignatureAlgorithms.Ecdsa => VerifyEcdsa(key, message, signature),
                _ => false,
            };
        }
        catch (CryptographicException)
        {
            // A signature of the wrong shape is a wrong signature.
            return false;
        }
    }

    private static bool VerifyEd25519(VerifyKey key, ReadOnlySpan<byte> message, byte[] signature)
    {
        var verifier = new Ed25519Signer();
        verifier.Init(forSigning: false, PublicKeyFactory.CreateKey(key.PublicKeyInfo));
        verifier.BlockUpdate(message);
        return verifier.VerifySignature(signature);
    }

    private static bool VerifyRsa(VerifyKey key, ReadOnlySpan<byte> message, byte[] signature)
    {
        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(key.PublicKeyInfo, out _);
        return rsa.VerifyData(message, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    private static bool VerifyEcdsa(VerifyKey key, ReadOnlySpan<byte> message, byte[] signature)
    {
        using var ecdsa = ECDsa.Create();
        ecdsa.ImportSubjectPublicKeyInfo(key.PublicKeyInfo, out _);
        return ecdsa.VerifyData(message, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
    }
}
