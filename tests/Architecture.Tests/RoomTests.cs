using System.Text.RegularExpressions;
using System.Xml.Linq;
using Xunit;

namespace VirtEngine.DR.Architecture.Tests;

/// <summary>Who may use whom: the table of rooms in docs/architecture.md.</summary>
public sealed class RoomTests
{
    /// <summary>For each room: the rooms it may reference, and the packages. Guard and Signing know nobody.</summary>
    private static readonly Dictionary<string, (string[] Rooms, string[] Packages)> Table = new(StringComparer.Ordinal)
    {
        ["Contracts"] = (["Signing"], ["Temporalio", "Google.Protobuf", "NexusRpc"]),
        ["Guard"] = ([], []),
        ["Estate"] = (["Contracts", "Signing"], ["YamlDotNet", "Tomlyn", "BouncyCastle.Cryptography"]),
        ["Backups"] = (["Guard"], ["ZstdSharp.Port", "BouncyCastle.Cryptography"]),
        ["Signing"] = ([], []),
        ["Workflows"] = (["Contracts", "Signing"], ["Temporalio", "Google.Protobuf", "NexusRpc"]),
        ["Activities"] = (
            ["Contracts", "Backups", "Estate", "Signing"],
            ["AWSSDK.Core", "AWSSDK.S3", "AWSSDK.KeyManagementService", "AWSSDK.SecurityToken", "DnsClient", "KubernetesClient", "System.IO.Hashing", "Tomlyn", "Temporalio", "Google.Protobuf", "NexusRpc"]),
        ["Simulation"] = (["Contracts", "Backups", "Signing", "Activities"], []),
        ["Worker"] = (
            ["Contracts", "Estate", "Backups", "Signing", "Workflows", "Activities", "Simulation"],
            [
                "Temporalio.Extensions.Hosting", "Temporalio", "Google.Protobuf", "NexusRpc", "OpenTelemetry", "OpenTelemetry.Extensions.Hosting",
                "OpenTelemetry.Exporter.Prometheus.AspNetCore", "OpenTelemetry.Exporter.OpenTelemetryProtocol", "Temporalio.Extensions.OpenTelemetry", "Microsoft.Extensions.Hosting",
            ]),
        ["Embedded"] = ([], ["Grpc.AspNetCore.Server", "Microsoft.Data.Sqlite", "Temporalio", "Google.Protobuf", "NexusRpc"]),
        ["Starter"] = (["Contracts", "Estate", "Backups", "Signing", "Workflows", "Activities", "Simulation", "Worker", "Embedded"], ["System.CommandLine", "Spectre.Console"]),
    };

    [Fact]
    public void Projects_OfTheProduct_ReferenceOnlyTheRoomsAndPackagesOfTheTable()
    {
        var wrong = new List<string>();
        foreach (var project in ProjectFile.All.Where(p => p.Path.StartsWith("src/", StringComparison.Ordinal)))
        {
            if (!Table.TryGetValue(project.Name, out var row))
            {
                wrong.Add($"{project.Path} is no room of the table.");
                continue;
            }

            wrong.AddRange(project.Projects.Except(row.Rooms).Select(r => $"{project.Path} may not reference {r}."));
            wrong.AddRange(project.Packages.Except(row.Packages).Select(p => $"{project.Path} may not use the package {p}."));
        }

        Assert.Empty(wrong);
        Assert.Equal(Table.Keys.Order(), ProjectFile.All.Where(p => p.Path.StartsWith("src/", StringComparison.Ordinal)).Select(p => p.Name).Order());
    }

    [Fact]
    public void Assemblies_OfTheProduct_ReferenceOnlyTheRoomsOfTheTable()
    {
        var wrong = Product.Assemblies
            .Where(a => Table.ContainsKey(Product.Room(a)))
            .SelectMany(a => a.GetReferencedAssemblies()
                .Where(r => r.Name!.StartsWith(Product.Prefix, StringComparison.Ordinal))
                .Select(r => r.Name![Product.Prefix.Length..])
                .Except(Table[Product.Room(a)].Rooms)
                .Select(r => $"{a.GetName().Name} uses {r}."));

        Assert.Empty(wrong);
        Assert.Contains(Product.Assemblies, a => Product.Room(a) == "Contracts");
    }

    [Fact]
    public void Projects_OfTests_AreReferencedByNobody() =>
        Assert.DoesNotContain(ProjectFile.All, p => p.Projects.Any(r => r.EndsWith(".Tests", StringComparison.Ordinal)));

    [Fact]
    public void Packages_HaveTheirVersionsInOnePlace() => Assert.DoesNotContain(ProjectFile.All, p => p.Versions.Count > 0);

    [Fact]
    public void Projects_AreInTheSolutionAndHaveALockFile()
    {
        var solution = Repository.Read("VirtEngine.DR.sln").Replace('\\', '/');

        Assert.All(ProjectFile.All, p =>
        {
            Assert.Contains($"\"{p.Path}\"", solution, StringComparison.Ordinal);
            Assert.True(File.Exists(Path.Combine(Repository.Root, Path.GetDirectoryName(p.Path)!, "packages.lock.json")), $"{p.Path} has no lock file");
        });
    }

    [Fact]
    public void ProjectFiles_NameNoPathOutside()
    {
        var wrong = new List<string>();
        string[] patterns = ["*.csproj", "*.props", "*.targets"];
        foreach (var file in patterns.SelectMany(p => Repository.Files(p, ".")).Select(f => f.TrimStart('.', '/')).Distinct())
        {
            var folder = Path.GetDirectoryName(Path.Combine(Repository.Root, file))!;
            var paths = XDocument.Parse(Repository.Read(file)).Descendants()
                .SelectMany(e => e.Attributes().Select(a => a.Value).Append(e.HasElements ? "" : e.Value))
                .Where(v => v.Contains('/', StringComparison.Ordinal) && !v.Contains("$(", StringComparison.Ordinal) && !v.Contains("://", StringComparison.Ordinal) && !v.Contains(' ', StringComparison.Ordinal));
            wrong.AddRange(paths
                .Where(p => !Path.GetFullPath(p.Replace('\\', '/'), folder).StartsWith(Repository.Root + "/", StringComparison.Ordinal))
                .Select(p => $"{file} names {p}, which is outside of the repository."));
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void Sources_NameNoMachineOfOurs()
    {
        // Written apart, so that this file does not name them either.
        string[] names = [string.Concat("/work", "/"), string.Concat("../sha", "red"), string.Concat("/ro", "ot/"), string.Concat("/tmp/", "wt/")];
        string[] patterns = ["*.cs", "*.csproj", "*.props", "*.md", "*.yml", "*.yaml", "*.sh", "*.json", "Dockerfile*"];
        var files = patterns.SelectMany(p => Repository.Files(p, "src", "tests", "bench", "deploy", "docs")).Append("README.md").Where(f => File.Exists(Path.Combine(Repository.Root, f)));

        // An inner "workers/" or "network/" is no path of a machine: the name must begin one.
        var wrong = files.SelectMany(f => names.Where(n => Regex.IsMatch(Repository.Read(f), $@"(?<![\w.\-}}>]){Regex.Escape(n)}")).Select(n => $"{f} names {n}"));

        Assert.Empty(wrong);
    }
}
