using System.Security.Cryptography;
using VirtEngine.DR.Backups.Signing;
using VirtEngine.DR.Backups.Tests.Support;
using Xunit;

namespace VirtEngine.DR.Backups.Tests.Signing;

public sealed class PemSignerTests
{
    public static TheoryData<string> Pems()
    {
        using var rsa = RSA.Create(2048);
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return [PemSigner.Generate().PrivateKeyPem, rsa.ExportPkcs8PrivateKeyPem(), rsa.ExportRSAPrivateKeyPem(), ecdsa.ExportPkcs8PrivateKeyPem(), ecdsa.ExportECPrivateKeyPem()];
    }

    [Theory]
    [MemberData(nameof(Pems), DisableDiscoveryEnumeration = true)]
    public async Task Sign_AnyKind_VerifiesWithThePublicHalfOnly(string pem)
    {
        using var signer = PemSigner.Load(pem);
        var key = VerifyKeys.FromPem(signer.PublicKeyPem());
        var signature = await signer.SignAsync("message"u8.ToArray(), Bench.Token);

        Assert.Equal(signer.KeyId, key.KeyId);
        Assert.Equal(signer.Algorithm, key.Algorithm);
        Assert.True(VerifyKeys.Verify(key, "message"u8, signature));
        Assert.False(VerifyKeys.Verify(key, "massage"u8, signature));
        signature[^1] ^= 1;
        Assert.False(VerifyKeys.Verify(key, "message"u8, signature));
        Assert.False(VerifyKeys.Verify(key, "message"u8, []));
    }

    [Fact]
    public void Load_Unusable_SaysWhyWithoutTheKey()
    {
        using var weak = RSA.Create(1024);
        foreach (var pem in new[] { "", "hello", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", weak.ExportPkcs8PrivateKeyPem(), PemSigner.Generate().Signer.PublicKeyPem() })
        {
            var error = Assert.Throws<BackupException>(() => PemSigner.Load(pem));
            Assert.Equal(BackupErrorCodes.KeyInvalid, error.Code);
        }
    }

    [Fact]
    public void FromPem_NotAPublicKey_IsRefused() =>
        Assert.Equal(BackupErrorCodes.KeyInvalid, Assert.Throws<BackupException>(() => VerifyKeys.FromPem(PemSigner.Generate().PrivateKeyPem)).Code);
}
