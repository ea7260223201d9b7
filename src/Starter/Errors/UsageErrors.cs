using System.CommandLine;
using VirtEngine.DR.Starter.Session;

namespace VirtEngine.DR.Starter.Errors;

/// <summary>All mistakes of a command line at once, and where help is.</summary>
internal static class UsageErrors
{
    public static void Write(CliIo io, ParseResult result)
    {
        foreach (var message in result.Errors.Select(error => error.Message).Distinct(StringComparer.Ordinal))
        {
            io.Error.WriteLine("error: " + message);
        }

        var path = new List<string>();
        for (System.CommandLine.Parsing.SymbolResult? at = result.CommandResult; at is not null; at = at.Parent)
        {
            if (at is System.CommandLine.Parsing.CommandResult { Command: not RootCommand } command)
            {
                path.Insert(0, command.Command.Name);
            }
        }

        io.Error.WriteLine($"help: {string.Join(' ', ["virtengine-dr", .. path, "--help"])}");
    }
}
