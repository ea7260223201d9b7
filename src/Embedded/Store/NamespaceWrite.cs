namespace VirtEngine.DR.Embedded.Store;

/// <summary>A namespace as it is now.</summary>
internal sealed record NamespaceWrite(string Name, byte[] State) : StoreWrite;
