namespace VirtEngine.DR.Tests.Kit;

/// <summary>A reference node of the world.</summary>
public sealed record RpcEndpointName(string Node);
