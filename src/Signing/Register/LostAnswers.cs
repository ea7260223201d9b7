namespace VirtEngine.DR.Signing;

/// <summary>What a conditional write came to.</summary>
public enum WriteOutcome
{
    /// <summary>The bucket holds these bytes.</summary>
    Written,

    /// <summary>The bucket holds other bytes, for ever.</summary>
    Taken,

    /// <summary>Not there now, and may yet land: never "not written".</summary>
    Undecided,

    /// <summary>Nothing is known of this bucket.</summary>
    Unreachable,
}

/// <summary>Reads a write's answer together with the read that follows it.</summary>
public static class LostAnswers
{
    /// <summary>Whether the answer alone settles it, so that nothing need be read.</summary>
    public static bool Settles(PutAnswer answer) => answer == PutAnswer.Created;

    /// <summary>The outcome.</summary>
    /// <param name="answer">The write's answer.</param>
    /// <param name="read">The read after it; null only where <see cref="Settles"/>.</param>
    /// <param name="body">What was to be written.</param>
    public static WriteOutcome Decide(PutAnswer answer, GetAnswer? read, ReadOnlySpan<byte> body) => (answer, read) switch
    {
        (PutAnswer.Created, _) => WriteOutcome.Written,
        (_, { Body: { } found }) => found.AsSpan().SequenceEqual(body) ? WriteOutcome.Written : WriteOutcome.Taken,
        (_, { Unreachable: null }) when answer != PutAnswer.Forbidden => WriteOutcome.Undecided,
        _ => WriteOutcome.Unreachable,
    };
}
