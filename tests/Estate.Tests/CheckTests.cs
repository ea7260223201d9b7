using System.Text.Json;
using VirtEngine.DR.Contracts;
using Xunit;

namespace VirtEngine.DR.Estates.Tests;

public sealed class CheckTests
{
    [Fact]
    public void Run_Mistakes_AreInTheReport()
    {
        using var folder = new TempFolder();
        var path = folder.Write("estate.yaml", BaseEstate.With("    region: west", "    region: wets"));

        var report = EstateCheck.Run(path);

        Assert.False(report.Valid);
        Assert.Contains(":28:13  nodes[1].region", (path + ":" + report.ToText()).Replace("\n  ", ":", StringComparison.Ordinal), StringComparison.Ordinal);
        var json = JsonSerializer.Serialize(report, DrDataConverter.JsonOptions);
        Assert.Contains("\"line\":28", json, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_ValidEstate_SaysWhatEachNodeGetsAndWhatToDecide()
    {
        var report = EstateCheck.Of("estate.yaml", EstateLoader.Parse(BaseEstate.Text, "estate.yaml"));

        var text = report.ToText();

        Assert.Contains("full-0       full, east: chain-state (frozen)", text, StringComparison.Ordinal);
        Assert.Contains("validator-0  validator, west: no backups", text, StringComparison.Ordinal);
        Assert.Contains("2 of the 3 regions", text, StringComparison.Ordinal);
        Assert.Contains("There are no channels", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("      privateKeyFile: /etc/virtengine-dr/signing.pem", "      privateKeyFile: /etc/hosts", "readable by others")]
    [InlineData("    rpc: http://127.0.0.1:26657\n", "", "without an RPC")]
    [InlineData("    home: /opt/validator-0", "    home: /opt/validator-0\n    backup: stopped", "a full node's is the same")]
    [InlineData("{ type: process }", "{ type: kubernetes }", "later release")]
    [InlineData("  required: 1", "  required: 2", "Name one more")]
    [InlineData("  approvers: [ann, bob]", "", "whoever reaches the server")]
    [InlineData("approvals:\n", "channels: [{ name: ops, type: webhook, url: 'http://127.0.0.1:9', classes: [D1, D2, D3] }]\napprovals:\n", "told about D4, D5")]
    [InlineData("workflow: BackupChainState", "workflow: VerifyBackups", "by hand only")]
    public void Of_WorthADecision_IsAWarning(string old, string replacement, string words)
    {
        var report = EstateCheck.Of("estate.yaml", EstateLoader.Parse(BaseEstate.With(old, replacement), "estate.yaml"));

        Assert.Contains(report.Findings, f => f.Severity == FindingSeverity.Warning && f.Text.Contains(words, StringComparison.Ordinal));
    }

    [Fact]
    public void Of_PlanEstate_HasNoWarningButThoseOfItsNature()
    {
        var report = EstateCheck.Run(Examples.File("deploy", "estates", "virtengine.yaml"));

        Assert.DoesNotContain(report.Findings, f => f.Severity == FindingSeverity.Warning);
    }
}
