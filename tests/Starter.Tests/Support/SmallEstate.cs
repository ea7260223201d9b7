using VirtEngine.DR.Backups.Signing;

namespace VirtEngine.DR.Starter.Tests.Support;

/// <summary>An estate of one node and two folders as buckets.</summary>
internal static class SmallEstate
{
    /// <summary>Writes it; returns its path.</summary>
    public static string Write(string folder, string? more = null)
    {
        var (signer, pem) = PemSigner.Generate();
        using (signer)
        {
            File.WriteAllText(Path.Combine(folder, "signing.pem"), pem);
            File.WriteAllText(Path.Combine(folder, "signing.pub.pem"), signer.PublicKeyPem());
        }

        foreach (var part in new[] { "home", "bucket-a", "bucket-b" })
        {
            Directory.CreateDirectory(Path.Combine(folder, part));
        }

        var path = Path.Combine(folder, "estate.yaml");
        File.WriteAllText(path, $$"""
            name: small
            simulated: true
            chain:
              id: small-1
            regions:
              - name: region-a
                role: primary
                capacity: 60
                priority: 1
                bucket: { url: "file://{{folder}}/bucket-a" }
              - name: region-b
                role: secondary
                capacity: 40
                priority: 2
                bucket: { url: "file://{{folder}}/bucket-b" }
            nodes:
              - name: fullnode-0
                kind: full
                region: region-a
                home: {{folder}}/home
                rpc: http://127.0.0.1:26657
                backup: frozen
                control: { type: process }
            backups:
              signingKeys:
                - { id: small, publicKey: "{{folder}}/signing.pub.pem", privateKeyFile: "{{folder}}/signing.pem", nodes: ["*"], kinds: ["*"] }
            approvals:
              required: 1
            {{more}}
            """);
        return path;
    }
}
