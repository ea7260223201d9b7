using System.CommandLine;
using VirtEngine.DR.Starter.Commands;
using VirtEngine.DR.Starter.Errors;
using VirtEngine.DR.Starter.Session;

namespace VirtEngine.DR.Starter;

/// <summary>The program's commands, put together.</summary>
internal static class CommandLine
{
    private const string About =
        "Disaster recovery for Cosmos-SDK chains: runbooks that survive crashes, backups that are proven, every step on the record.";

    /// <summary>Builds the commands; a new tree for each call, for symbols are not thread-safe.</summary>
    public static RootCommand Build(CliIo io)
    {
        var global = new GlobalOptions();
        var context = new CommandContext(global, io);
        var root = new RootCommand(About);
        foreach (var option in global.All)
        {
            root.Add(option);
        }

        foreach (var command in AllCommands.Create(context))
        {
            root.Add(command);
        }

        TeachingHelp.Attach(root);
        return root;
    }

    /// <summary>Parses and runs.</summary>
    /// <returns>A code of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, CliIo io, CancellationToken cancellationToken = default)
    {
        var result = Build(io).Parse(args);
        if (result.Errors.Count > 0 && result.Action is System.CommandLine.Invocation.ParseErrorAction)
        {
            UsageErrors.Write(io, result);
            return ExitCodes.Usage;
        }

        var configuration = new InvocationConfiguration
        {
            Output = io.Out,
            Error = io.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = TimeSpan.FromSeconds(30),
        };
        return await result.InvokeAsync(configuration, cancellationToken).ConfigureAwait(false);
    }
}
