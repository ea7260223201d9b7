namespace VirtEngine.DR.Signing.Tests.Model.Power;

/// <summary>What a search of the power budget explores.</summary>
internal sealed record PowerScope
{
    public required string Name { get; init; }

    /// <summary>Asks in all, each by an engine of its own and for a validator of its own.</summary>
    public int Asks { get; init; } = 2;

    /// <summary>Other people's validators, of one power each like ours.</summary>
    public int Others { get; init; } = 5;

    /// <summary>So many of them are down from the beginning.</summary>
    public int OthersDown { get; init; }

    /// <summary>Runs that may end at any point, leaving everything as it is; an act of theirs may land one block later.</summary>
    public int Crashes { get; init; }

    /// <summary>Blocks in all; at most 14.</summary>
    public int Heights { get; init; }

    /// <summary>The RPCs may be so many blocks behind.</summary>
    public int Lag { get; init; }

    /// <summary>Slots of the budget; at most 7.</summary>
    public int Slots { get; init; } = 3;

    /// <summary>So often an ask puts an object.</summary>
    public int Puts { get; init; } = 2;

    public int Total => Asks + Others;

    public override string ToString() => Name;

    public static PowerScope Race { get; } = new() { Name = "two engines ask at once", Puts = 1 };

    public static PowerScope Again { get; } = new() { Name = "an ask that lost puts again", Slots = 4 };

    public static PowerScope Three { get; } = new() { Name = "three ask at once", Asks = 3, Others = 4, Puts = 1 };

    public static PowerScope Limit { get; } = new() { Name = "at the limit", Others = 2, OthersDown = 1, Heights = 1 };

    public static PowerScope Behind { get; } = new() { Name = "RPCs are a block behind", Heights = 1, Lag = 1, Slots = 3, Puts = 1 };

    public static PowerScope Ended { get; } = new() { Name = "a run ends without a word", Crashes = 1, Heights = 2, Puts = 1 };

    public static IReadOnlyList<PowerScope> All { get; } = [Race, Again, Three, Limit, Behind, Ended];
}
