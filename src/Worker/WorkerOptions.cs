namespace VirtEngine.DR.Worker;

/// <summary>What a worker is and where its server is. Validated as a whole before anything starts.</summary>
public sealed record WorkerOptions
{
    /// <summary>The role control: all workflows, and the activities that need no node.</summary>
    public bool Control { get; init; }

    /// <summary>The role node: the nodes of the estate whose home is on this host.</summary>
    public IReadOnlyList<string> Nodes { get; init; } = [];

    /// <summary>The estate's file.</summary>
    public string EstatePath { get; init; } = "estate.yaml";

    /// <summary>The server, host:port.</summary>
    public string Address { get; init; } = "127.0.0.1:7233";

    /// <summary>The server's namespace.</summary>
    public string Namespace { get; init; } = Contracts.Names.Namespace;

    /// <summary>Use TLS.</summary>
    public bool Tls { get; init; }

    /// <summary>A PEM file with the server's root certificate; null trusts the system's.</summary>
    public string? TlsRootCaFile { get; init; }

    /// <summary>A PEM file with this client's certificate.</summary>
    public string? TlsCertFile { get; init; }

    /// <summary>A PEM file with its private key.</summary>
    public string? TlsKeyFile { get; init; }

    /// <summary>The server's name where it is not the host of <see cref="Address"/>.</summary>
    public string? TlsServerName { get; init; }

    /// <summary>An API key; never printed.</summary>
    public string? ApiKey { get; init; }

    /// <summary>The key of an embedded engine on this machine; never printed.</summary>
    public string? AccessKey { get; init; }

    /// <summary>Where <c>/health</c> and <c>/metrics</c> listen; 0 picks a free port.</summary>
    public int HealthPort { get; init; } = 8080;

    /// <summary>The address that they listen on.</summary>
    public string HealthHost { get; init; } = "127.0.0.1";

    /// <summary>This worker's own folder: scratch, and evidence where the estate names no store.</summary>
    public required string StateFolder { get; init; }

    /// <summary>How long running activities get when the worker shuts down.</summary>
    public TimeSpan GracefulShutdown { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>A PEM file with the key that signs evidence bundles; null leaves them unsigned.</summary>
    public string? EvidenceKeyFile { get; init; }

    /// <summary>An OTLP endpoint for traces; null sends none.</summary>
    public Uri? OtlpEndpoint { get; init; }

    /// <summary>Cached workflows; null is the SDK's default, 0 replays each task from the start (tests).</summary>
    public int? MaxCachedWorkflows { get; init; }

    /// <summary>Why the open runs are not replayed before polling, in words, for emergencies; null replays them.</summary>
    public string? SkipReplay { get; init; }

    /// <summary>How long the replay of all open runs may take; over that, nothing is polled.</summary>
    public TimeSpan ReplayWithin { get; init; } = TimeSpan.FromMinutes(5);

    /// <inheritdoc/>
    public override string ToString() =>
        $"WorkerOptions {{ Control = {Control}, Nodes = [{string.Join(", ", Nodes)}], Estate = {EstatePath}, Address = {Address}, Namespace = {Namespace} }}";
}
