namespace VirtEngine.DR.Simulation.Http;

/// <summary>A request.</summary>
/// <param name="Method">GET or POST.</param>
/// <param name="Path">The path, without the query.</param>
/// <param name="Query">The query's parameters, unquoted.</param>
/// <param name="Body">The body.</param>
public sealed record HttpCall(string Method, string Path, IReadOnlyDictionary<string, string> Query, byte[] Body);

/// <summary>An answer; always JSON.</summary>
/// <param name="Status">The status code.</param>
/// <param name="Body">The body.</param>
public sealed record HttpReply(int Status, byte[] Body);
