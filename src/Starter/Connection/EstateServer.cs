using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Estates;

namespace VirtEngine.DR.Starter.Connection;

/// <summary>What the choice of a server needs of the estate.</summary>
/// <param name="Server">The server that it names; null: none, or there is no estate.</param>
/// <param name="Nodes">How many nodes it has.</param>
internal sealed record EstateServer(ServerSpec? Server, int Nodes)
{
    /// <summary>Reads it; without a file it names nothing and has no nodes.</summary>
    public static EstateServer Read(string file) => File.Exists(file) ? Of(EstateLoader.Load(file).Estate) : new EstateServer(null, 0);

    /// <summary>Of an estate that is loaded.</summary>
    public static EstateServer Of(Estate estate) => new(estate.Server, estate.Nodes.Count);
}
