using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;

namespace VirtEngine.DR.Backups.Signing;

/// <summary>Signs with a private key in PEM: Ed25519, RSA (2048 bits or more) or ECDSA, as PKCS#8, PKCS#1 or SEC1.</summary>
public sealed class PemSigner : IManifestSigner, IDisposable
{
    private readonly Ed25519PrivateKeyParameters? _ed25519;
    private readonly RSA? _rsa;
    private readonly ECDsa? _ecdsa;

    private PemSigner(Ed25519PrivateKeyParameters? ed25519, RSA? rsa, ECDsa? ecdsa)
    {
        (_ed25519, _rsa, _ecdsa) = (ed25519, rsa, ecdsa);
        PublicKeyInfo = ed25519 is not null
            ? SubjectPublicKeyInfoFactory.CreateSubjectPublicKeyInfo(ed25519.GeneratePublicKey()).GetDerEncoded()
            : rsa?.ExportSubjectPublicKeyInfo() ?? ecdsa!.ExportSubjectPublicKeyInfo();
        Algorithm = ed25519 is not null ? SignatureAlgorithms.Ed25519 : rsa is not null ? SignatureAlgorithms.Rsa : SignatureAlgorithms.Ecdsa;
        KeyId = KeyIds.Of(PublicKeyInfo);
    }

    /// <inheritdoc />
    public string KeyId { get; }

    /// <inheritdoc />
    public string Algorithm { get; }

    /// <summary>The public half as DER SubjectPublicKeyInfo.</summary>
    public byte[] PublicKeyInfo { get; }

    /// <summary>The public half as PEM, for the estate.</summary>
    public string PublicKeyPem() => PemEncoding.WriteString("PUBLIC KEY", PublicKeyInfo);

    /// <summary>A fresh Ed25519 key, with its PKCS#8 PEM.</summary>
    public static (PemSigner Signer, string PrivateKeyPem) Generate()
    {
        var key = new Ed25519PrivateKeyParameters(new SecureRandom());

        // Version 1 of PKCS#8 (RFC 8410), without the public key that BouncyCastle's own factory appends: openssl 3 cannot read that one.
        byte[] pkcs8 = [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20, .. key.GetEncoded()];
        return (new PemSigner(key, null, null), PemEncoding.WriteString("PRIVATE KEY", pkcs8));
    }

    /// <summary>Reads a private key.</summary>
    /// <exception cref="BackupException"><c>key-invalid</c>, without a byte of the key in the message.</exception>
    public static PemSigner Load(string pem)
    {
        try
        {
            if (!PemEncoding.TryFind(pem, out var fields))
            {
                throw Invalid("it holds no PEM block");
            }

            var label = pem[fields.Label];
            return label switch
            {
                "PRIVATE KEY" => FromPkcs8(Convert.FromBase64String(pem[fields.Base64Data]), pem),
                "RSA PRIVATE KEY" => FromRsa(pem),
                "EC PRIVATE KEY" => FromEcdsa(pem),
                _ => throw Invalid($"a PEM block '{label}' is not one of PRIVATE KEY, RSA PRIVATE KEY, EC PRIVATE KEY (encrypted keys: decrypt first)"),
            };
        }
        catch (Exception e) when (e is FormatException or CryptographicException or ArgumentException or IOException or SecurityUtilityException)
        {
            throw Invalid("it cannot be read as a private key (" + e.GetType().Name + ")");
        }
    }

    /// <inheritdoc />
    public Task<byte[]> SignAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_ed25519 is not null)
        {
            var signer = new Ed25519Signer();
            signer.Init(forSigning: true, _ed25519);
            signer.BlockUpdate(message.Span);
            return Task.FromResult(signer.GenerateSignature());
        }

        return Task.FromResult(_rsa is not null
            ? _rsa.SignData(message.Span, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : _ecdsa!.SignData(message.Span, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _rsa?.Dispose();
        _ecdsa?.Dispose();
    }

    private static PemSigner FromPkcs8(byte[] der, string pem) => PrivateKeyFactory.CreateKey(der) switch
    {
        Ed25519PrivateKeyParameters ed25519 => new PemSigner(ed25519, null, null),
        RsaKeyParameters => FromRsa(pem),
        ECPrivateKeyParameters => FromEcdsa(pem),
        _ => throw Invalid("its algorithm is none of Ed25519, RSA, ECDSA"),
    };

    private static PemSigner FromRsa(string pem)
    {
        var rsa = RSA.Create();
        rsa.ImportFromPem(pem);
        return rsa.KeySize >= 2048 ? new PemSigner(null, rsa, null) : throw Invalid($"RSA of {rsa.KeySize} bits; 2048 or more are needed");
    }

    private static PemSigner FromEcdsa(string pem)
    {
        var ecdsa = ECDsa.Create();
        ecdsa.ImportFromPem(pem);
        return new PemSigner(null, null, ecdsa);
    }

    private static BackupException Invalid(string why) => new(BackupErrorCodes.KeyInvalid, $"the signing key is not usable: {why}");
}
