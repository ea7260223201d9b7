using System.Text.RegularExpressions;
using Xunit;

namespace VirtEngine.DR.Architecture.Tests;

/// <summary>Rules for every source file.</summary>
public sealed partial class SourceTests
{
    private const int MaxLines = 300;

    [Fact]
    public void Files_AreAtMost300Lines() =>
        Assert.DoesNotContain(Repository.Code().Select(f => (File: f, Lines: Repository.Read(f).TrimEnd('\n').Count(c => c == '\n') + 1)), f => f.Lines > MaxLines);

    [Fact]
    public void Files_HoldNoUnfinishedWork()
    {
        // Written apart, so that this file passes its own rule.
        var pattern = new Regex(string.Concat(@"\bTO", @"DO\b|\bFIX", @"ME\b|\bHA", @"CK\b|\bXX", @"X\b|NotImple", "mentedException"));
        string[] patterns = ["*.cs", "*.csproj", "*.props", "*.yml", "*.yaml", "*.sh"];

        var found = patterns.SelectMany(p => Repository.Files(p, "src", "tests", "bench", "deploy")).Where(f => pattern.IsMatch(Repository.Read(f)));

        Assert.Empty(found);
    }

    [Fact]
    public void Tests_WaitForConditionsAndNeverSleep()
    {
        var found = Repository.Files("*.cs", "tests")
            .Where(f => !Path.GetFileName(f).Contains("Eventually", StringComparison.Ordinal))
            .Where(f => Sleep().IsMatch(CodeText.Of(Repository.Read(f))));

        Assert.Empty(found);
    }

    [Fact]
    public void Logs_UseTemplatesAndNoInterpolation()
    {
        var found = Repository.Files("*.cs", "src").Where(f => InterpolatedLog().IsMatch(Repository.Read(f)));

        Assert.Empty(found);
    }

    [Fact]
    public void Files_UseFileScopedNamespaces() =>
        Assert.DoesNotContain(Repository.Files("*.cs", "src"), f => BlockNamespace().IsMatch(CodeText.Of(Repository.Read(f))));

    /// <summary>A folder may sort the files of one namespace, and none has the namespace of another folder.</summary>
    [Fact]
    public void Namespaces_AreThoseOfTheirFoldersOrOfOneAbove()
    {
        var wrong = Repository.Files("*.cs", "src")
            .Select(f => (File: f, Folder: "VirtEngine.DR." + Path.GetDirectoryName(f)!["src/".Length..].Replace('/', '.'), Namespace: Namespace().Match(CodeText.Of(Repository.Read(f)))))
            .Where(f => f.Namespace.Success && !(f.Folder + ".").Replace(".DR.Estate.", ".DR.Estates.").StartsWith(f.Namespace.Groups[1].Value + ".", StringComparison.Ordinal));

        Assert.Empty(wrong);
    }

    [Fact]
    public void CodeText_CommentsAndTexts_LeaveOnlyCode()
    {
        var code = CodeText.Of("var a = \"// no comment\"; // \"no text\"\nvar b = $\"x {c + \"}\"} y\"; /* \n */ var d = '\\'';");

        Assert.Equal(3, code.Split('\n').Length);
        Assert.DoesNotContain("no", code, StringComparison.Ordinal);
        Assert.Contains("c +", code, StringComparison.Ordinal);
        Assert.Contains("var d", code, StringComparison.Ordinal);
    }

    /// <summary>To wait without end, until one is killed or cancelled, is no sleep.</summary>
    [GeneratedRegex(@"\bThread\s*\.\s*Sleep\s*\((?!\s*Timeout\.Infinite)|\bTask\s*\.\s*Delay\s*\((?!\s*(Timeout\.Infinite|-1))")]
    private static partial Regex Sleep();

    [GeneratedRegex(@"\.Log(Trace|Debug|Information|Warning|Error|Critical)\(\s*(\w+,\s*)?\$""")]
    private static partial Regex InterpolatedLog();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^namespace [\w.]+\s*\{", RegexOptions.Multiline)]
    private static partial Regex BlockNamespace();
}
