namespace VirtEngine.DR.Starter.Connection;

/// <summary>TLS files; each null where it is not needed.</summary>
/// <param name="Ca">The server's root certificate.</param>
/// <param name="Certificate">The client's certificate.</param>
/// <param name="Key">The client's key.</param>
/// <param name="ServerName">The expected name.</param>
internal sealed record ServerTls(string? Ca, string? Certificate, string? Key, string? ServerName);
