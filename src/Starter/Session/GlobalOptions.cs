using System.CommandLine;
using VirtEngine.DR.Starter.Connection;

namespace VirtEngine.DR.Starter.Session;

/// <summary>The options that every command has.</summary>
internal sealed class GlobalOptions
{
    public Option<string> Output { get; } = new Option<string>("--output", "-o")
    {
        Description = "How results are written: text for people, json for scripts.",
        DefaultValueFactory = _ => "text",
        HelpName = "text|json",
        Recursive = true,
    }.AcceptOnlyFromAmong("text", "json");

    public Option<string?> Estate { get; } = Text("--estate", "FILE", "The estate (default: VIRTENGINE_ESTATE, else ./estate.yaml).");

    public Option<string?> By { get; } = Text("--by", "NAME", "Who you are, for the journal and approvals (default: $USER).");

    public Option<string?> Address { get; } = Text("--address", "HOST:PORT", "The Temporal server (else TEMPORAL_ADDRESS, else the estate's).");

    public Option<string?> Namespace { get; } = Text("--namespace", "NAME", "Its namespace (else TEMPORAL_NAMESPACE, else the estate's).");

    public Option<string?> ApiKey { get; } = Text("--api-key", "KEY", "An API key; better TEMPORAL_API_KEY, which no process list shows.");

    public Option<bool> Tls { get; } = new("--tls") { Description = "Use TLS (else TEMPORAL_TLS).", Recursive = true };

    public Option<string?> TlsCa { get; } = Text("--tls-ca", "FILE", "The server's root certificate, PEM (else TEMPORAL_TLS_SERVER_CA_CERT_PATH).");

    public Option<string?> TlsCert { get; } = Text("--tls-cert", "FILE", "Client certificate, PEM (else TEMPORAL_TLS_CLIENT_CERT_PATH).");

    public Option<string?> TlsKey { get; } = Text("--tls-key", "FILE", "Client key, PEM (else TEMPORAL_TLS_CLIENT_KEY_PATH).");

    public Option<string?> TlsServerName { get; } = Text("--tls-server-name", "NAME", "Expected server name (else TEMPORAL_TLS_SERVER_NAME).");

    public Option<bool> Embedded { get; } = new("--embedded")
    {
        Description = "Use this machine's embedded engine, whatever the environment and the estate say (also VIRTENGINE_EMBEDDED=1).",
        Recursive = true,
    };

    public Option<bool> NoColor { get; } = new("--no-color") { Description = "No colours (also NO_COLOR).", Recursive = true };

    public IReadOnlyList<Option> All => [Output, Estate, By, Address, Namespace, ApiKey, Tls, TlsCa, TlsCert, TlsKey, TlsServerName, Embedded, NoColor];

    /// <summary>Reads them.</summary>
    public GlobalSettings Read(ParseResult result, CliIo io) => new(
        Json: result.GetValue(Output) == "json",
        EstateFile: result.GetValue(Estate) ?? io.Environment("VIRTENGINE_ESTATE") ?? "estate.yaml",
        By: result.GetValue(By) ?? io.Environment("USER") ?? "",
        Color: !result.GetValue(NoColor) && io.Environment("NO_COLOR") is null,
        Server: new ServerFlags(
            result.GetValue(Address), result.GetValue(Namespace), result.GetValue(ApiKey), result.GetValue(Tls), result.GetValue(TlsCa),
            result.GetValue(TlsCert), result.GetValue(TlsKey), result.GetValue(TlsServerName),
            result.GetValue(Embedded) || io.Environment("VIRTENGINE_EMBEDDED") is "1" or "true"));

    private static Option<string?> Text(string name, string help, string description) =>
        new(name) { HelpName = help, Description = description, Recursive = true };
}
