using Xunit;

namespace VirtEngine.DR.Estates.Tests;

/// <summary>A secret in an estate is a mistake wherever it stands, and no message repeats it.</summary>
public sealed class SecretTests
{
    private const string Seed = "MC4CAQAwBQYDK2VwBCIEIOabcdefghijklmnopqrstuvwxyz0123456789ABCD+/";

    public static TheoryData<string, string, string> Secrets { get; } = new()
    {
        { "name: small", "name: small\npassword: hunter2hunter2 #!", "hunter2" },
        { "name: small", "name: small\naws_secret_access_key: wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY #!", "wJalrXUt" },
        { "name: small", "name: small # -----BEGIN PRIVATE KEY----- #!\n# " + Seed, Seed },
        { "name: small", "name: AKIAIOSFODNN7EXAMPLE #!", "AKIAIOSFODNN7" },
        { "    rpc: http://127.0.0.1:26667", "    rpc: http://user:hunter2@127.0.0.1:26667 #!", "hunter2" },
        { "approvals:", "channels: [{ name: a, type: webhook, url: 'https://user:hunter2@example.org/' }] #!\napprovals:", "hunter2" },
        { "  schedules:", "  encryption: { type: file, key: 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff } #!\n  schedules:", "00112233" },
        { "      privateKeyFile: /etc/virtengine-dr/signing.pem", "      privateKey: 00112233445566778899aabbccddeeff #!\n      privateKeyFile: /k", "00112233" },
    };

    [Theory]
    [MemberData(nameof(Secrets))]
    public void Parse_SecretInTheFile_IsRefusedAtItsLineAndNeverRepeated(string old, string replacement, string secret)
    {
        var text = BaseEstate.With(old, replacement);

        var exception = Assert.Throws<EstateInvalidException>(() => EstateLoader.Parse(text, "estate.yaml"));

        var problem = exception.Problems[0];
        Assert.Equal(BaseEstate.MarkedLine(text), problem.Line);
        Assert.Contains("Secrets never stand in an estate", problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, exception.Message, StringComparison.Ordinal);
        Assert.All(exception.Problems, p => Assert.DoesNotContain(secret, p.Message + p.Allowed, StringComparison.Ordinal));
    }

    [Fact]
    public void Load_PublicKeyFileThatHoldsThePrivateKey_IsRefusedWithoutShowingIt()
    {
        using var folder = new TempFolder();
        folder.Write("signing.pem", $"-----BEGIN PRIVATE KEY-----\n{Seed}\n-----END PRIVATE KEY-----\n");
        var estate = folder.Write("estate.yaml", WithKeyFile("signing.pem"));

        var exception = Assert.Throws<EstateInvalidException>(() => EstateLoader.Load(estate));

        var problem = Assert.Single(exception.Problems);
        Assert.Equal("backups.signingKeys[0].publicKey", problem.Path);
        Assert.Contains("openssl pkey", problem.Allowed, StringComparison.Ordinal);
        Assert.DoesNotContain(Seed[..20], exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no PEM at all", "no PEM block")]
    [InlineData("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "damaged")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "no PEM block")]
    public void Load_PublicKeyFileThatHoldsNone_IsRefused(string content, string words)
    {
        using var folder = new TempFolder();
        folder.Write("key.pub", content);
        var estate = folder.Write("estate.yaml", WithKeyFile("key.pub"));

        var problem = Assert.Single(Assert.Throws<EstateInvalidException>(() => EstateLoader.Load(estate)).Problems);

        Assert.Contains(words, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_RelativeFiles_AreTakenFromTheEstatesFolder()
    {
        using var folder = new TempFolder();
        folder.Write("keys/key.pub", BaseEstate.PublicKey);
        var text = WithKeyFile("keys/key.pub")
            .Replace("file:///srv/buckets/east", "file:buckets/east", StringComparison.Ordinal)
            .Replace("/etc/virtengine-dr/signing.pem", "keys/key.pem", StringComparison.Ordinal);
        var path = folder.Write("estate.yaml", text + "\nevidence: evidence\n");

        var estate = EstateLoader.Load(path).Estate;

        Assert.Equal(BaseEstate.PublicKey, estate.Backups.SigningKeys[0].PublicKey);
        Assert.Equal(Path.Combine(folder.Path, "keys/key.pem"), estate.Backups.SigningKeys[0].PrivateKeyFile);
        Assert.Equal("file://" + Path.Combine(folder.Path, "buckets/east"), estate.Regions[0].Bucket!.Url);
        Assert.Equal(Path.Combine(folder.Path, "evidence"), estate.Evidence);
    }

    [Fact]
    public void Load_PublicKeyFileIsMissing_SaysWhichFile()
    {
        using var folder = new TempFolder();
        var estate = folder.Write("estate.yaml", WithKeyFile("nowhere.pub"));

        var problem = Assert.Single(Assert.Throws<EstateInvalidException>(() => EstateLoader.Load(estate)).Problems);

        Assert.Contains("there is no such file", problem.Message, StringComparison.Ordinal);
    }

    private static string WithKeyFile(string file) =>
        BaseEstate.With("\"-----BEGIN PUBLIC KEY-----\\nMCowBQYDK2VwAyEAyeHRKTGuk79YkBPbV2/vu2+PswBewUzcFQueMVVkq5c=\\n-----END PUBLIC KEY-----\\n\"", file);
}
