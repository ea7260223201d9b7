using VirtEngine.DR.Backups.Signing;
using VirtEngine.DR.Simulation.Network;

namespace VirtEngine.DR.Starter.Demo;

/// <summary>Writes the estate of the demo: three regions with a folder each as bucket, validators, one full node, a signing key.</summary>
internal static class DemoEstate
{
    /// <summary>The node that is backed up, lost and restored.</summary>
    public const string FullNode = "fullnode-0";

    public static IReadOnlyList<(string Name, string Role, int Capacity)> Regions { get; } =
        [("us-east-1", "primary", 40), ("eu-west-1", "secondary", 35), ("ap-south-1", "tertiary", 25)];

    /// <summary>Writes it and returns its path.</summary>
    public static async Task<string> WriteAsync(string folder, MiniNetwork network, DemoOptions options, CancellationToken cancellationToken)
    {
        var privateKey = Path.Combine(folder, "signing.pem");
        var publicKey = Path.Combine(folder, "signing.pub.pem");
        var (signer, pem) = PemSigner.Generate();
        using (signer)
        {
            await File.WriteAllTextAsync(publicKey, signer.PublicKeyPem() + "\n", cancellationToken).ConfigureAwait(false);
        }

        await SecretFile.WriteAsync(privateKey, pem + "\n", cancellationToken).ConfigureAwait(false);
        var path = Path.Combine(folder, "estate.yaml");
        await File.WriteAllTextAsync(path, Text(folder, network, options), cancellationToken).ConfigureAwait(false);
        return path;
    }

    private static string Text(string folder, MiniNetwork network, DemoOptions options)
    {
        var regions = string.Concat(Regions.Select((region, i) => $$"""

              - name: {{region.Name}}
                role: {{region.Role}}
                capacity: {{region.Capacity}}
                priority: {{i + 1}}
                zones: [{{region.Name}}a, {{region.Name}}b]
                bucket: { url: "{{new Uri(Path.Combine(folder, "buckets", region.Name)).AbsoluteUri}}" }
            """));
        var nodes = string.Concat(network.Nodes.Select((node, i) => $$"""

              - name: {{node.Name}}
                kind: {{(node.Validator ? "validator" : "full")}}
                region: {{Regions[node.Validator ? i % Regions.Count : 0].Name}}
                zone: {{Regions[node.Validator ? i % Regions.Count : 0].Name}}a
                home: {{node.Home}}
                rpc: {{node.Rpc.AbsoluteUri.TrimEnd('/')}}
                backup: {{(node.Validator ? "none" : "frozen")}}
                control: { type: process, stopTimeout: 20s }
            """));
        var program = SimulationProgram.Command();
        var prefix = string.Concat(program.Skip(1).Select(part => $"\"{part}\", "));
        return $$"""
            # Written by `virtengine-dr demo`: three regions in miniature. Only the chain is simulated; processes, files and buckets are real.
            name: demo
            simulated: true
            chain:
              id: {{network.ChainId}}
              blockTime: 1s
              maxLagBlocks: 50
              commands:
                binary: "{{program[0]}}"
                start: [{{prefix}}start, --home, "{home}"]
                version: [{{prefix}}version]
            regions:{{regions}}
            nodes:{{nodes}}
            backups:
              signingKeys:
                - { id: demo, publicKey: "{{Path.Combine(folder, "signing.pub.pem")}}", privateKeyFile: "{{Path.Combine(folder, "signing.pem")}}", nodes: ["*"], kinds: ["*"] }
            approvals:
              required: 1
              approvers: ["{{options.Starter}}", "{{options.Approver}}"]
              starterMayApprove: false
            watch: { period: 3s }
            evidence: "{{folder}}"

            """;
    }
}
