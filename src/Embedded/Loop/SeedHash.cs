namespace VirtEngine.DR.Embedded.Loop;

/// <summary>Chance as a function of the seed and of what is decided: the same question has the same answer, whatever was asked before.</summary>
internal readonly record struct SeedHash(long Seed)
{
    /// <summary>A number that the order of things is taken from.</summary>
    public ulong Of(string kind, string what, long number = 0, int attempt = 0)
    {
        ulong h = 14695981039346656037UL ^ unchecked((ulong)Seed * 0x9E3779B97F4A7C15UL);
        h = Mix(Mix(h, kind), what);
        h = (h ^ unchecked((ulong)number)) * 1099511628211UL;
        h = (h ^ unchecked((ulong)attempt)) * 1099511628211UL;
        h = (h ^ (h >> 30)) * 0xBF58476D1CE4E5B9UL;
        h = (h ^ (h >> 27)) * 0x94D049BB133111EBUL;
        return h ^ (h >> 31);
    }

    /// <summary>Whether something that happens in this share of cases happens here.</summary>
    public bool Happens(double share, string kind, string what, long number = 0, int attempt = 0) =>
        share > 0 && (Of(kind, what, number, attempt) >> 11) * (1.0 / (1UL << 53)) < share;

    /// <summary>A part of the longest delay, in whole milliseconds.</summary>
    public TimeSpan Delay(TimeSpan longest, string kind, string what, long number = 0, int attempt = 0) =>
        TimeSpan.FromMilliseconds(1 + (Of(kind, what, number, attempt) % (ulong)Math.Max(1, (long)longest.TotalMilliseconds)));

    private static ulong Mix(ulong h, string text)
    {
        foreach (char c in text)
        {
            h = (h ^ c) * 1099511628211UL;
        }

        return (h ^ '/') * 1099511628211UL;
    }
}
