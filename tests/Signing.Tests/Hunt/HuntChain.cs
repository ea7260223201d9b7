namespace VirtEngine.DR.Signing.Tests.Hunt;

/// <summary>A chain that knows every vote that was ever signed with the key, in a block or not, and finds two different ones at one height, round and step.</summary>
internal sealed class HuntChain(Random dice)
{
    private readonly Dictionary<Hrs, (string Vote, string By)> _votes = [];
    private readonly Dictionary<string, long> _shown = [];
    private bool _arrived;

    public long Height { get; private set; } = 100;

    public int Round { get; private set; }

    /// <summary>Too little power signs: rounds go by, and no block.</summary>
    public bool Halted { get; set; }

    public SortedSet<long> Signed { get; } = [];

    /// <summary>The highest height of any vote that was ever signed.</summary>
    public long HighestVote { get; private set; }

    public List<string> DoubleSigns { get; } = [];

    /// <summary>A second goes by.</summary>
    public void Tick()
    {
        if (Halted || dice.Next(6) == 0)
        {
            Round++;
            _arrived = false;
            return;
        }

        Height++;
        Round = 0;
        if (_arrived)
        {
            Signed.Add(Height);
        }

        _arrived = false;
    }

    /// <summary>Somebody signs, or says a vote again.</summary>
    public void Vote(Hrs at, string vote, string by)
    {
        if (_votes.TryGetValue(at, out var other))
        {
            if (other.Vote != vote)
            {
                DoubleSigns.Add($"{at}: {other.By} signed '{other.Vote}', and {by} signed '{vote}'");
            }
        }
        else
        {
            _votes[at] = (vote, by);
            HighestVote = Math.Max(HighestVote, at.Height);
        }

        // One vote in eight reaches nobody.
        _arrived |= at.Height == Height + 1 && at.Round == Round && at.Step == 3 && dice.Next(8) != 0;
    }

    public bool VotedAt(long height) => _votes.Keys.Any(at => at.Height == height);

    /// <summary>What two RPCs of different owners show, each up to two blocks behind while blocks come, and never less than it showed before.</summary>
    public IReadOnlyList<RpcSight> Sights(long above, double silent)
    {
        var sights = new List<RpcSight>();
        foreach (var source in (string[])["one", "two"])
        {
            var height = _shown[source] = Math.Max(_shown.GetValueOrDefault(source), Height - (Halted ? 0 : dice.Next(3)));
            if (dice.NextDouble() >= silent)
            {
                sights.Add(new RpcSight(source, height, !Halted, Signed.GetViewBetween(0, height) is { Count: > 0 } seen && seen.Max > above ? seen.Max : null, above + 1));
            }
        }

        return sights;
    }
}
