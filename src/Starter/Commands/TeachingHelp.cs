using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Globalization;

namespace VirtEngine.DR.Starter.Commands;

/// <summary>Help that teaches: usage first, then examples, and at the root the exit codes and where the server comes from.</summary>
internal static class TeachingHelp
{
    private const int Width = 110;

    /// <summary>Puts it behind the root's <c>--help</c>, which all commands share.</summary>
    public static void Attach(RootCommand root)
    {
        foreach (var option in root.Options.OfType<HelpOption>())
        {
            option.Action = new Action();
        }
    }

    private static void Write(ParseResult result)
    {
        var output = result.InvocationConfiguration.Output;
        WriteExtra(output, Path(result), result.CommandResult.Command is RootCommand);
    }

    private static string Path(ParseResult result)
    {
        var names = new Stack<string>();
        for (System.CommandLine.Parsing.SymbolResult? at = result.CommandResult; at is not null; at = at.Parent)
        {
            if (at is System.CommandLine.Parsing.CommandResult { Command: not RootCommand } command)
            {
                names.Push(command.Command.Name);
            }
        }

        return string.Join(' ', names);
    }

    private static void WriteExtra(TextWriter output, string path, bool root)
    {
        if (Examples.All.TryGetValue(path, out var examples))
        {
            output.WriteLine("Examples:");
            foreach (var (line, meaning) in examples)
            {
                output.WriteLine($"  {line}");
                output.WriteLine($"      {meaning}");
            }

            output.WriteLine();
        }

        if (!root)
        {
            return;
        }

        output.WriteLine("Server: --address, else TEMPORAL_ADDRESS, else the estate's; demo starts its own. The choice is printed on stderr.");
        output.WriteLine();
        output.WriteLine("Exit codes:");
        foreach (var (code, meaning) in ExitCodes.Table)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {code,3}  {meaning}"));
        }
    }

    private sealed class Action : SynchronousCommandLineAction
    {
        private readonly HelpAction standard = new() { MaxWidth = Width };

        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            var code = standard.Invoke(parseResult);
            Write(parseResult);
            return code;
        }
    }
}
