using VirtEngine.DR.Contracts.Nodes;

namespace VirtEngine.DR.Activities.Nodes;

/// <summary>Reads what ails a node from its own log. The phrases are those of CometBFT 0.38, Cosmos SDK 0.53 and goleveldb, as nodes that were broken on purpose wrote them.</summary>
internal static class LogSymptoms
{
    private const int LongestLine = 300;
    private const int Most = 10;

    private static readonly (string Kind, string[] Phrases)[] Known =
    [
        (Symptoms.ConflictingVote, ["found conflicting vote from ourselves"]),
        (Symptoms.UpgradeNeeded, ["upgrade \"+needed at", "upgrade needed"]),
        (Symptoms.NoSpace, ["no space left on device"]),
        (Symptoms.AppHash, ["wrong block.header.apphash", "does not match apphash after replay", "app hash mismatch", "apphash mismatch"]),
        (Symptoms.CorruptWal, ["wal file is corrupted", "corrupted wal", "corrupt wal"]),
        (Symptoms.CorruptStore,
        [
            "database entry point either missing or corrupted", "manifest corrupted", "corruption on data-block", "corruption on table", "leveldb: corruption", "checksum mismatch",
            "version does not exist", "value retrieved from db is empty", "storeblockheight (+> stateblockheight", "failed to load latest version",
        ]),
    ];

    /// <summary>The symptoms, the first line of each kind, in the order of the log.</summary>
    public static IReadOnlyList<Symptom> Read(string? log)
    {
        if (log is null)
        {
            return [];
        }

        var found = new List<Symptom>();
        foreach (var line in log.Split('\n'))
        {
            var lower = line.ToLowerInvariant();
            foreach (var (kind, _) in Known.Where(one => Array.Exists(one.Phrases, phrase => Holds(lower, phrase))))
            {
                if (found.Count < Most && found.TrueForAll(one => one.Kind != kind))
                {
                    found.Add(new(kind, line.Trim()[..Math.Min(line.Trim().Length, LongestLine)]));
                }
            }
        }

        return found;
    }

    /// <summary>A phrase's parts (cut at <c>+</c>), one after the other.</summary>
    private static bool Holds(string line, string phrase)
    {
        var at = 0;
        foreach (var part in phrase.Split('+'))
        {
            var index = line.IndexOf(part, at, StringComparison.Ordinal);
            if (index < 0)
            {
                return false;
            }

            at = index + part.Length;
        }

        return true;
    }
}
