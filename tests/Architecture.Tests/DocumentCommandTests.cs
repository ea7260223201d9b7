using System.Diagnostics;
using System.Text.RegularExpressions;
using Xunit;

namespace VirtEngine.DR.Architecture.Tests;

/// <summary>Every command line of ours in the documents, units, alerts and in what the program itself says is one that the program knows, with options that it has.</summary>
public sealed partial class DocumentCommandTests
{
    /// <summary>Commands by their words, each with all options that the documents use with it.</summary>
    public static TheoryData<string, string> Commands { get; } = Collect();

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Command_OfTheDocuments_IsKnownWithItsOptions(string command, string options)
    {
        string[] arguments = [Path.Combine(AppContext.BaseDirectory, "virtengine-dr.dll"), .. command.Split(' '), "--help"];
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var help = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(process.ExitCode == 0, $"virtengine-dr {command} --help: {await errors}");
        Assert.Contains($"virtengine-dr {command}", help, StringComparison.Ordinal);
        Assert.All(options.Split(' ', StringSplitOptions.RemoveEmptyEntries), o => Assert.Matches($@"(?m)^\s.*{Regex.Escape(o)}\b", help));
    }

    private static TheoryData<string, string> Collect()
    {
        var files = Repository.Files("*.md", "docs").Concat(Repository.Files("*.service", "deploy")).Concat(Repository.Files("*.yaml", "deploy/prometheus"));
        var lines = files.SelectMany(f => Line().Matches(Repository.Read(f).Replace("\\\n", " ", StringComparison.Ordinal)).Select(m => m.Groups[1].Value));
        var said = Repository.Files("*.cs", "src").SelectMany(f => Said().Matches(Repository.Read(f)).Select(m => m.Groups[1].Value + m.Groups[2].Value));
        var data = new TheoryData<string, string>();
        foreach (var group in lines.Concat(said)
            .Select(l => (Words: string.Join(' ', Word().Matches(l).Select(m => m.Value.Trim())), Options: Option().Matches(l).Select(m => m.Value)))
            .Where(l => l.Words.Length > 0)
            .GroupBy(l => l.Words)
            .OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            data.Add(group.Key, string.Join(' ', group.SelectMany(l => l.Options).Distinct().Order(StringComparer.Ordinal)));
        }

        return data;
    }

    /// <summary>What stands behind the program's name, up to the end of the line or of the code.</summary>
    [GeneratedRegex(@"\bvirtengine-dr ([a-z][^`#|\n]*)")]
    private static partial Regex Line();

    /// <summary>A command with options in a message: its words, what it is for, and its options. Without an option it might as well be prose.</summary>
    [GeneratedRegex("""\bvirtengine-dr ((?:[a-z][a-z-]* )+(?:[A-Z{<][^\s"]* )*)((?:--[a-z][a-z-]*(?: (?!--)[^\s";,:()`]+)? ?)+)""")]
    private static partial Regex Said();

    /// <summary>Leading lower-case words are commands; the first word that is none ends them.</summary>
    [GeneratedRegex(@"\G[a-z][a-z-]*(?:\s+|$)")]
    private static partial Regex Word();

    [GeneratedRegex(@"(?<=\s)--[a-z][a-z-]*")]
    private static partial Regex Option();
}
