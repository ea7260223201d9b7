namespace VirtEngine.DR.Starter.Connection;

/// <summary>The server as the command line names it; null where it does not.</summary>
internal sealed record ServerFlags(
    string? Address = null, string? Namespace = null, string? ApiKey = null, bool Tls = false, string? TlsCa = null, string? TlsCert = null,
    string? TlsKey = null, string? TlsServerName = null, bool Embedded = false);
