namespace VirtEngine.DR.Simulation.Network;

/// <summary>What a small network looks like.</summary>
/// <param name="Folder">Where the homes are made (<c>validator-0</c>, <c>fullnode-0</c>, …); must be empty or absent.</param>
/// <param name="Validators">How many validators; the first one proposes.</param>
/// <param name="FullNodes">How many full nodes.</param>
public sealed record MiniNetworkOptions(string Folder, int Validators = 1, int FullNodes = 1)
{
    /// <summary>The chain's id.</summary>
    public string ChainId { get; init; } = "minichain-1";

    /// <summary>The first port; node i uses base+10i for p2p and base+10i+1 for RPC. Zero picks free ports for each.</summary>
    public int BasePort { get; init; }

    /// <summary>The time between blocks.</summary>
    public TimeSpan BlockTime { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Accounts in the genesis state (about 120 bytes each).</summary>
    public int Accounts { get; init; } = 2000;

    /// <summary>Accounts that each block changes.</summary>
    public int WritesPerBlock { get; init; } = 50;

    /// <summary>The size at which a database starts a new table, in bytes.</summary>
    public int TableBytes { get; init; } = 64 << 10;
}
