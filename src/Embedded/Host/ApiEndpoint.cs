namespace VirtEngine.DR.Embedded.Host;

/// <summary>The type under which gRPC mounts the engine's methods; the methods themselves come from <see cref="ServiceMethods"/>.</summary>
internal sealed class ApiEndpoint;
