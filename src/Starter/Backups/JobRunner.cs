using Temporalio.Client;
using VirtEngine.DR.Starter.Runs;
using VirtEngine.DR.Starter.Session;

namespace VirtEngine.DR.Starter.Backups;

/// <summary>Starts a workflow that is no runbook, and waits for what it did.</summary>
internal static class JobRunner
{
    /// <summary>Starts it; null when the caller does not want to wait.</summary>
    public static async Task<T?> RunAsync<T>(
        CliSession session, RunClient runs, string type, string? node, object input, bool wait, CancellationToken cancellationToken)
        where T : class
    {
        var id = RunClient.NewId(type, node, DateTimeOffset.UtcNow);
        var handle = await runs.StartAsync(type, id, input, $"{type} of {node ?? "all nodes"}", cancellationToken).ConfigureAwait(false);
        if (!wait)
        {
            if (session.Settings.Json)
            {
                session.Json(new { workflowId = id, type, input });
            }
            else
            {
                session.Line($"started {id}");
            }

            return null;
        }

        session.Say($"started {id}; Ctrl-C leaves it running");
        var result = handle.GetResultAsync<T>(rpcOptions: new RpcOptions { CancellationToken = cancellationToken });
        return session.Interactive
            ? await Spectre.Console.StatusExtensions.Spinner(new Spectre.Console.Status(session.Ansi), Spectre.Console.Spinner.Known.Dots)
                .StartAsync($"{type} ...", _ => result).ConfigureAwait(false)
            : await result.ConfigureAwait(false);
    }

    /// <summary>Starts it and waits, without a word.</summary>
    public static async Task<T> RunQuietlyAsync<T>(RunClient runs, string type, string node, object input, CancellationToken cancellationToken)
    {
        var id = RunClient.NewId(type, node, DateTimeOffset.UtcNow);
        var handle = await runs.StartAsync(type, id, input, $"{type} of {node}", cancellationToken).ConfigureAwait(false);
        return await handle.GetResultAsync<T>(rpcOptions: new RpcOptions { CancellationToken = cancellationToken }).ConfigureAwait(false);
    }
}
