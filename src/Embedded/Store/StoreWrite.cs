namespace VirtEngine.DR.Embedded.Store;

/// <summary>One thing that a transaction does.</summary>
internal abstract record StoreWrite;
