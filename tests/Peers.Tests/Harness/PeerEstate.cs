using VirtEngine.DR.Tests.Shared;

namespace VirtEngine.DR.Peers.Tests.Harness;

/// <summary>Writes the estate of a test network: validators that are never touched, one full node, three S3 regions.</summary>
public static class PeerEstate
{
    /// <summary>The full node.</summary>
    public const string FullNode = "fullnode-0";

    /// <summary>The regions.</summary>
    public static IReadOnlyList<string> Regions { get; } = ["us-east-1", "eu-west-1", "ap-south-1"];

    /// <summary>Writes <c>estate.yaml</c> with a signing key made by openssl, and returns its path.</summary>
    /// <param name="folder">Where it is written.</param>
    /// <param name="net">The chain.</param>
    /// <param name="buckets">The regions' buckets.</param>
    /// <param name="audit">The write-once bucket.</param>
    /// <param name="more">Further nodes, and what else a stage needs.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<string> WriteAsync(string folder, LabNet net, IReadOnlyList<S3Region> buckets, S3Region audit, string more, CancellationToken cancellationToken)
    {
        string key = Path.Combine(folder, "signing.pem"), pub = Path.Combine(folder, "signing.pub.pem");
        await ChildProgram.RunAsync(RequiredProgram.Find("openssl"), ["genpkey", "-algorithm", "ed25519", "-out", key], cancellationToken: cancellationToken);
        await ChildProgram.RunAsync("openssl", ["pkey", "-in", key, "-pubout", "-out", pub], cancellationToken: cancellationToken);
        string wrapping = Path.Combine(folder, "encryption.key");
        await ChildProgram.RunAsync("openssl", ["rand", "-hex", "-out", wrapping, "32"], cancellationToken: cancellationToken);
        File.SetUnixFileMode(wrapping, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        string[] roles = ["primary", "secondary", "tertiary"];
        string regions = string.Concat(buckets.Select((bucket, i) => $$"""

              - name: {{bucket.Name}}
                role: {{roles[i]}}
                capacity: {{(i == 0 ? 40 : 30)}}
                priority: {{i + 1}}
                zones: [{{bucket.Name}}a, {{bucket.Name}}b]
                bucket: { url: "s3://{{bucket.Bucket}}", endpoint: "{{bucket.Endpoint}}", pathStyle: true }
            """));
        string validators = string.Concat(Enumerable.Range(0, 4).Select(i => $$"""

              - name: node{{i}}
                kind: validator
                region: {{Regions[i % 3]}}
                zone: {{Regions[i % 3]}}a
                home: {{net.Home($"node{i}")}}
                rpc: {{net.Rpc(i)}}
                backup: none
                control: { type: process }
            """));
        string text = $$"""
            name: peers
            chain:
              id: labchain-1
              blockTime: 1s
              maxLagBlocks: 20
              commands:
                binary: labchaind
                start: [start, --home, "{home}", --log_no_color]
            regions:{{regions}}
            nodes:{{validators}}
              - name: {{FullNode}}
                kind: full
                region: us-east-1
                zone: us-east-1a
                home: {{net.Home(FullNode)}}
                rpc: {{net.Rpc(4)}}
                backup: frozen
                control: { type: process, stopTimeout: 20s }
            {{more}}
            backups:
              signingKeys:
                - { id: peers, publicKey: {{pub}}, privateKeyFile: {{key}}, nodes: ["*"], kinds: ["*"] }
              encryption: { type: file, key: {{wrapping}} }
              configurationPaths: [config, {{Path.Combine(folder, "etc")}}]
            forensics:
              bucket: { region: us-east-1, url: "s3://{{audit.Bucket}}", endpoint: "{{audit.Endpoint}}", pathStyle: true, objectLock: true, lock: 1h }
            watch: { period: 5s }
            approvals:
              required: 1
              approvers: [alice, bob, carol]
            evidence: {{Path.Combine(folder, "evidence")}}
            """;
        string path = Path.Combine(folder, "estate.yaml");
        await File.WriteAllTextAsync(path, text, cancellationToken);
        return path;
    }
}
