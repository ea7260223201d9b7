using System.Text.RegularExpressions;
using Xunit;

namespace VirtEngine.DR.Architecture.Tests;

/// <summary>A vendor's SDK is known only in the folder that is named for it; libraries of a kind only in their room.</summary>
public sealed class VendorTests
{
    /// <summary>A namespace, and where it may be used: a part of the path.</summary>
    private static readonly (string Namespace, string[] Places)[] Table =
    [
        ("Amazon.S3", ["/S3/"]),
        ("Amazon.KeyManagementService", ["/Kms/"]),
        ("Amazon.SecurityToken", ["/Sts/", "/S3/", "/Kms/"]),
        ("Amazon", ["/S3/", "/Kms/", "/Sts/", "/Route53/", "/SecretsManager/", "/Aws/"]),
        ("k8s", ["/Kubernetes/"]),
        ("DnsClient", ["/Resolvers/"]),
        ("Net.Pkcs11Interop", ["/Pkcs11/"]),
        ("Temporalio", ["src/Contracts/", "src/Workflows/", "src/Activities/", "src/Worker/", "src/Starter/", "src/Embedded/"]),
        ("Microsoft.Data.Sqlite", ["src/Embedded/"]),
        ("Grpc", ["src/Embedded/"]),
        ("YamlDotNet", ["src/Estate/"]),
        ("Tomlyn", ["src/Estate/", "src/Activities/"]),
        ("ZstdSharp", ["src/Backups/"]),
        ("Org.BouncyCastle", ["src/Backups/", "src/Estate/"]),
        ("Spectre.Console", ["src/Starter/"]),
        ("System.CommandLine", ["src/Starter/"]),
        ("OpenTelemetry", ["src/Worker/"]),
    ];

    [Fact]
    public void Sources_UseAVendorOnlyInItsFolder() => Assert.Empty(Repository.Files("*.cs", "src").SelectMany(f => Find(f, Repository.Read(f))));

    [Theory]
    [InlineData("src/Activities/ObjectStore/ObjectStoreFactory.cs", "using Amazon.S3;", false)]
    [InlineData("src/Activities/ObjectStore/S3/S3ObjectStore.cs", "using Amazon.S3;", true)]
    [InlineData("src/Activities/ObjectStore/S3/S3ObjectStore.cs", "using Amazon.KeyManagementService;", false)]
    [InlineData("src/Backups/Catalog.cs", "using Temporalio.Activities;", false)]
    [InlineData("src/Backups/Catalog.cs", "var x = new Amazon.S3.AmazonS3Client();", false)]
    [InlineData("src/Backups/Catalog.cs", "// like Amazon.S3 does", true)]
    [InlineData("src/Workflows/A.workflow.cs", "using Temporalio.Workflows;", true)]
    public void Find_Sample_IsJudged(string file, string line, bool allowed) => Assert.Equal(allowed, Find(file, line).Count == 0);

    private static List<string> Find(string file, string source)
    {
        var code = CodeText.Of(source);
        return
        [
            .. Table
                .Where(row => Regex.IsMatch(code, $@"(?<![\w.]){Regex.Escape(row.Namespace)}(\.[A-Z]|;)") && !row.Places.Any(p => file.Contains(p, StringComparison.Ordinal)))
                .Select(row => $"{file} uses {row.Namespace}, which is for {string.Join(", ", row.Places)}."),
        ];
    }
}
