using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Estates;

namespace VirtEngine.DR.Starter.Connection;

/// <summary>The server that the estate names, where there is an estate.</summary>
internal static class EstateServer
{
    /// <summary>Null without a file or without a server in it.</summary>
    public static ServerSpec? Read(string file) => File.Exists(file) ? EstateLoader.Load(file).Estate.Server : null;
}
