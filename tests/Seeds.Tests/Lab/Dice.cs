namespace VirtEngine.DR.Seeds.Tests.Lab;

/// <summary>Chance that is a function of the seed and of what it is asked about.</summary>
public sealed class Dice(long seed)
{
    /// <summary>A number for a question; the same question has the same answer.</summary>
    public ulong Of(string question)
    {
        ArgumentNullException.ThrowIfNull(question);
        var h = 14695981039346656037UL ^ unchecked((ulong)seed * 0x9E3779B97F4A7C15UL);
        foreach (var c in question)
        {
            h = (h ^ c) * 1099511628211UL;
        }

        h = (h ^ (h >> 30)) * 0xBF58476D1CE4E5B9UL;
        h = (h ^ (h >> 27)) * 0x94D049BB133111EBUL;
        return h ^ (h >> 31);
    }

    /// <summary>Whether something that happens in this share of cases happens.</summary>
    public bool Happens(double share, string question) => (Of(question) >> 11) * (1.0 / (1UL << 53)) < share;

    /// <summary>A number below the given one.</summary>
    public int Below(int count, string question) => (int)(Of(question) % (ulong)count);

    /// <summary>One of several.</summary>
    public T One<T>(string question, params IReadOnlyList<T> of) => of[Below(of.Count, question)];

    /// <summary>A time up to the longest one, in whole milliseconds.</summary>
    public TimeSpan Time(TimeSpan longest, string question) => TimeSpan.FromMilliseconds(Of(question) % (ulong)Math.Max(1, (long)longest.TotalMilliseconds));
}
