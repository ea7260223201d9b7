using System.CommandLine;
using System.Text.Json;
using Temporalio.Client;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Starter.Errors;
using VirtEngine.DR.Starter.Runs;
using VirtEngine.DR.Starter.Session;
using VirtEngine.DR.Starter.Views;

namespace VirtEngine.DR.Starter.Commands;

/// <summary><c>status [RUN]</c>: the open runs, or one run.</summary>
internal static class StatusCommand
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static Command Create(CommandContext context)
    {
        var run = new Argument<string?>("RUN") { Arity = ArgumentArity.ZeroOrOne, Description = "The run's id; without it the list of open runs." };
        var watch = new Option<bool>("--watch", "-w") { Description = "Follow it to its end; without RUN the only open runbook." };
        var all = new Option<bool>("--all", "-a") { Description = "List closed runs too." };
        var command = new Command("status", "List open runs, or show one.") { run, watch, all };
        return context.Bind(command, async (session, parsed, cancellationToken) =>
        {
            var runs = await session.ConnectAsync(cancellationToken).ConfigureAwait(false);
            if (parsed.GetValue(watch))
            {
                var one = await runs.ResolveAsync(parsed.GetValue(run), cancellationToken).ConfigureAwait(false);
                var type = (await runs.DescribeAsync(one, cancellationToken).ConfigureAwait(false)).WorkflowType;
                if (!RunClient.Runbooks.Contains(type))
                {
                    throw new CliException(ErrorTypes.InvalidInput, $"--watch: '{one}' is a {type}, which has no steps to follow. Runbooks are followed: {string.Join(", ", RunClient.Runbooks)}");
                }

                return await WatchRuns.FollowAsync(session, runs, one, cancellationToken).ConfigureAwait(false);
            }

            return parsed.GetValue(run) is { } named
                ? await ShowAsync(session, runs, named, cancellationToken).ConfigureAwait(false)
                : await ListAsync(session, runs, parsed.GetValue(all), cancellationToken).ConfigureAwait(false);
        });
    }

    private static async Task<int> ListAsync(CliSession session, RunClient runs, bool all, CancellationToken cancellationToken)
    {
        var list = await runs.ListAsync(all, cancellationToken).ConfigureAwait(false);
        if (session.Settings.Json)
        {
            session.Json(list);
        }
        else
        {
            RunTable.Write(session, list, DateTimeOffset.UtcNow);
        }

        return ExitCodes.Ok;
    }

    private static async Task<int> ShowAsync(CliSession session, RunClient runs, string run, CancellationToken cancellationToken)
    {
        // The server knows whether the run exists without a worker: a wrong id is not answered by "no worker".
        var description = await runs.DescribeAsync(run, cancellationToken).ConfigureAwait(false);
        if (!RunClient.Runbooks.Contains(description.WorkflowType))
        {
            return await ShowJobAsync(session, runs, description, cancellationToken).ConfigureAwait(false);
        }

        try
        {
            var state = await WatchRuns.ReadAnywayAsync(runs, run, cancellationToken).ConfigureAwait(false);
            RunOutput.Write(session, state);
            return ExitCodes.Ok;
        }
        catch (Exception exception) when (ErrorTable.Explain(exception) is { Type: ErrorTable.NoWorker } explained)
        {
            var summary = RunClient.Summarize(description);
            if (session.Settings.Json)
            {
                session.Json(summary);
            }
            else
            {
                RunTable.Write(session, [summary], DateTimeOffset.UtcNow);
            }

            session.Write(explained with { Message = explained.Message + " Shown is what the server itself knows." });
            return explained.ExitCode;
        }
    }

    /// <summary>A job, a lock or another part of a run: it has no plan and no verbs, only a status and in the end a result or a failure.</summary>
    private static async Task<int> ShowJobAsync(CliSession session, RunClient runs, WorkflowExecutionDescription description, CancellationToken cancellationToken)
    {
        var summary = RunClient.Summarize(description);
        JsonElement? result = description.Status == Temporalio.Api.Enums.V1.WorkflowExecutionStatus.Running
            ? null
            : await runs.Client.GetWorkflowHandle(description.Id, description.RunId)
                .GetResultAsync<JsonElement>(rpcOptions: new RpcOptions { CancellationToken = cancellationToken }).ConfigureAwait(false);
        if (session.Settings.Json)
        {
            session.Json(new { run = summary, result });
            return ExitCodes.Ok;
        }

        RunTable.Write(session, [summary], DateTimeOffset.UtcNow);
        session.Line($"It is a {description.WorkflowType}: no runbook, so it has no plan and no verbs.");
        if (result is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } value)
        {
            session.Line(JsonSerializer.Serialize(value, Indented));
        }

        return ExitCodes.Ok;
    }
}
