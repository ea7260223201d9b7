using System.Text.RegularExpressions;
using Xunit;

namespace VirtEngine.DR.Architecture.Tests;

/// <summary>The interlock has one set of decisions in the product; one that always grants may exist in a test's host only.</summary>
public sealed partial class SignerRuleTests
{
    [Fact]
    public void SignerRules_InTheProduct_HaveOneImplementation()
    {
        var interfaces = Product.Types.Single(type => type.Name == "ISignerRules");

        Assert.Equal(["VirtEngine.DR.Signing.SignerRules"], Product.Types.Where(type => type.IsClass && interfaces.IsAssignableFrom(type)).Select(type => type.FullName));
    }

    [Fact]
    public void PowerRules_InTheProduct_HaveOneImplementation()
    {
        var interfaces = Product.Types.Single(type => type.Name == "IPowerRules");

        Assert.Equal(["VirtEngine.DR.Signing.PowerRules"], Product.Types.Where(type => type.IsClass && interfaces.IsAssignableFrom(type)).Select(type => type.FullName));
    }

    [Fact]
    public void SignerRules_OfTheProduct_OnlyCallTheDecisions()
    {
        var code = CodeText.Of(Repository.Read("src/Signing/Decisions/SignerRules.cs"));

        // Each member is one call of a decision's class: nothing is answered here, and nothing can be switched off.
        Assert.DoesNotContain("Decision.Yes", code, StringComparison.Ordinal);
        Assert.DoesNotContain("if ", code, StringComparison.Ordinal);
        Assert.Equal(12, DecisionCall().Count(code));
    }

    [Fact]
    public void Sources_OfTheProduct_TakeNoOtherRules() =>
        Assert.DoesNotContain(Repository.Files("*.cs", "src"), file => Path.GetFileName(file) != "SignerRules.cs" && Derived().IsMatch(CodeText.Of(Repository.Read(file))));

    [GeneratedRegex(@"=>\s*(MembersRules|Sealing|Holders|Ends|AskRules|FenceRules|GrantRules|GateRules|OfflineRules|RepairRules)\.\w+\(")]
    private static partial Regex DecisionCall();

    [GeneratedRegex(@":\s*ISignerRules\b|DispatchProxy")]
    private static partial Regex Derived();
}
