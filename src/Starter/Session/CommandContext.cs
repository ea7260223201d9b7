using System.CommandLine;
using VirtEngine.DR.Starter.Errors;

namespace VirtEngine.DR.Starter.Session;

/// <summary>What commands are made with: binds a body to a command and turns its failures into messages and exit codes.</summary>
internal sealed class CommandContext(GlobalOptions global, CliIo io)
{
    /// <summary>Binds the body.</summary>
    public Command Bind(Command command, Func<CliSession, ParseResult, CancellationToken, Task<int>> body)
    {
        command.SetAction(async (result, cancellationToken) =>
        {
            await using var session = new CliSession(io, global.Read(result, io));
            try
            {
                return await body(session, result, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (ErrorTable.Explain(exception) is { } explained)
            {
                session.Write(explained);
                return explained.ExitCode;
            }
            catch (Exception exception)
            {
                // Nothing explains it, so it is our mistake: everything that helps to find it is shown.
                session.Write(new ExplainedError("Internal", exception.ToString(), "Please report this.", ExitCodes.Internal));
                return ExitCodes.Internal;
            }
        });
        return command;
    }
}
