namespace VirtEngine.DR.Starter.Connection;

/// <summary>The server that was chosen.</summary>
/// <param name="Address">host:port.</param>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Tls">Null: no TLS.</param>
/// <param name="ApiKey">An API key; implies TLS.</param>
/// <param name="Source">Where the address came from, for people.</param>
internal sealed record ServerAddress(string Address, string Namespace, ServerTls? Tls, string? ApiKey, string Source)
{
    /// <summary>The key of an embedded engine, shown without TLS, for it never leaves this machine.</summary>
    public string? AccessKey { get; init; }

    /// <summary>One line; never the key.</summary>
    public string Describe() =>
        $"{Address}, namespace {Namespace} ({Source}{(Tls is null ? "" : ", TLS")}{(ApiKey is null ? "" : ", API key")})";
}
