using Xunit;

namespace VirtEngine.DR.Estates.Tests;

/// <summary>What an operator reads when an estate has several mistakes.</summary>
public sealed class GoldenMessageTests
{
    private const string Broken = """
        name: broken
        chain:
          id: broken-1
          blocktime: 5s
        regions:
          - name: us-east-1
            role: primary
            zones: [us-east-1a]
            bucket: { url: "s3://backups/us-east" }
        nodes:
          - name: fullnode-0
            kind: full
            region: us-west-1
            home: opt/virtengine
            control: { type: systemd }
          - name: fullnode-0
            kind: fullnode
            region: us-east-1
            zone: us-east-1b
            home: /opt/virtengine
            control: { type: process }
        backups:
          schedules:
            - { workflow: BackupChainState, cron: "0 */4 * * *", catchUp: 12h }
        approvals:
          required: 2
          approvers: [ann]
        token: abc
        """;

    [Fact]
    public void Message_ManyMistakes_AreAllSaidAtOnceInTheFilesOrder()
    {
        var exception = Assert.Throws<EstateInvalidException>(() => EstateLoader.Parse(Broken, "estate.yaml"));

        Assert.Equal(File.ReadAllText(Examples.File("tests", "Estate.Tests", "Golden", "broken.txt")), exception.Message + "\n");
    }
}
