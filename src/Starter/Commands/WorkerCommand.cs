using System.CommandLine;
using VirtEngine.DR.Starter.Connection;
using VirtEngine.DR.Starter.Engine;
using VirtEngine.DR.Starter.Session;
using VirtEngine.DR.Worker;

namespace VirtEngine.DR.Starter.Commands;

/// <summary><c>worker</c>: runs until it is asked to end.</summary>
internal static class WorkerCommand
{
    public static Command Create(CommandContext context)
    {
        var role = new Option<string[]>("--role")
        {
            HelpName = "control|node",
            Required = true,
            Description = "control: workflows and what needs no node; node: on the node's own host. Both may be given.",
            AllowMultipleArgumentsPerToken = true,
        };
        role.AcceptOnlyFromAmong("control", "node");
        var nodes = new Option<string[]>("--node") { HelpName = "NAME", Description = "The node on this host; again for several." };
        var state = new Option<string>("--state")
        {
            HelpName = "FOLDER",
            Description = "This worker's own folder (scratch, evidence).",
            DefaultValueFactory = _ => "/var/lib/virtengine-dr",
        };
        var host = new Option<string>("--health-host") { HelpName = "ADDRESS", Description = "Where /health and /metrics listen.", DefaultValueFactory = _ => "127.0.0.1" };
        var port = new Option<int>("--health-port") { HelpName = "PORT", Description = "0 picks a free one.", DefaultValueFactory = _ => 8080 };
        var evidenceKey = new Option<string?>("--evidence-key") { HelpName = "FILE", Description = "A PEM key that signs evidence bundles." };
        var otlp = new Option<Uri?>("--otlp") { HelpName = "URL", Description = "Send traces there (OTLP)." };
        var skipReplay = new Option<string?>("--skip-replay")
        {
            HelpName = "WHY",
            Description = "For emergencies: poll without replaying the open runs first. Say in words why; it is logged.",
        };
        var command = new Command("worker", "Run a worker: control once or more, node on each node's host.")
        {
            role, nodes, state, host, port, evidenceKey, otlp, skipReplay,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(role) is null)
            {
                return;
            }

            var roles = result.GetValue(role) ?? [];
            var named = result.GetValue(nodes) ?? [];
            if (roles.Contains("node") && named.Length == 0)
            {
                result.AddError("--role node needs --node NAME: the node on this host.");
            }

            if (!roles.Contains("node") && named.Length > 0)
            {
                result.AddError("--node belongs to --role node; add --role node or leave it out.");
            }
        });
        return context.Bind(command, async (session, parsed, cancellationToken) =>
        {
            var loaded = session.Estate();
            var named = ServerChoice.Choose(session.Settings.Server, session.Io.Environment, EstateServer.Of(loaded.Estate));

            // Ended last: its own worker's activities hand back what they do.
            await using var engine = named is null
                ? await EngineHost.FindOrStartAsync(EngineFolder.Of(session.Io.Environment), port: 0, cancellationToken).ConfigureAwait(false) : null;
            var server = named ?? engine!.Address;
            session.Say($"server: {server.Describe()}");
            var options = Options(server, session.Settings.EstateFile, parsed.GetRequiredValue(state)) with
            {
                Control = parsed.GetRequiredValue(role).Contains("control"),
                Nodes = parsed.GetValue(nodes) ?? [],
                HealthHost = parsed.GetRequiredValue(host),
                HealthPort = parsed.GetValue(port),
                EvidenceKeyFile = parsed.GetValue(evidenceKey),
                OtlpEndpoint = parsed.GetValue(otlp),
                SkipReplay = parsed.GetValue(skipReplay),
            };
            await RunAsync(session, options, cancellationToken).ConfigureAwait(false);
            return ExitCodes.Ok;
        });
    }

    /// <summary>A worker's options for a chosen server.</summary>
    public static WorkerOptions Options(ServerAddress server, string estate, string state) => new()
    {
        EstatePath = estate,
        StateFolder = Path.GetFullPath(state),
        Address = server.Address,
        Namespace = server.Namespace,
        ApiKey = server.ApiKey,
        AccessKey = server.AccessKey,
        Tls = server.Tls is not null,
        TlsRootCaFile = server.Tls?.Ca,
        TlsCertFile = server.Tls?.Certificate,
        TlsKeyFile = server.Tls?.Key,
        TlsServerName = server.Tls?.ServerName,
    };

    private static async Task RunAsync(CliSession session, WorkerOptions options, CancellationToken cancellationToken)
    {
        await using var host = WorkerHost.Create(options);
        await host.StartAsync(cancellationToken).ConfigureAwait(false);
        session.Say($"worker: {(options.Control ? "control " : "")}{string.Join(' ', options.Nodes)}, health at {host.HealthUrl}health");
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = cancellationToken.Register(() => ended.TrySetResult());
        await Task.WhenAny(ended.Task, host.Refused).ConfigureAwait(false);
        session.Say("worker: ending, running activities come to their end");
        await host.StopAsync(CancellationToken.None).ConfigureAwait(false);
        if (host.Refused.IsCompletedSuccessfully)
        {
            throw await host.Refused.ConfigureAwait(false);
        }
    }
}
