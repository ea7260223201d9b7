namespace VirtEngine.DR.Signing;

/// <summary>What a conditional write came back with.</summary>
public enum PutAnswer
{
    /// <summary>Written by this request.</summary>
    Created,

    /// <summary>412: something is there.</summary>
    Exists,

    /// <summary>409: another conditional write of the key is under way.</summary>
    Conflict,

    /// <summary>A timeout, a broken connection, an error in a 200, a 5xx: it may have been written, or may yet be.</summary>
    Unknown,

    /// <summary>401 or 403: the bucket does not let us.</summary>
    Forbidden,
}

/// <summary>What a read came back with.</summary>
/// <param name="Body">The object's bytes; null when it is not there or the bucket is unreachable.</param>
/// <param name="Unreachable">Why nothing is known (403, a timeout, half a body); null when the answer is an answer.</param>
public sealed record GetAnswer(byte[]? Body, string? Unreachable)
{
    /// <summary>404 of the object in a bucket that exists.</summary>
    public static GetAnswer Missing { get; } = new(null, null);

    /// <summary>Its bytes.</summary>
    public static GetAnswer Found(byte[] body) => new(body, null);

    /// <summary>Nothing is known.</summary>
    public static GetAnswer Unknown(string why) => new(null, why);
}

/// <summary>What a listing came back with.</summary>
/// <param name="Keys">Every key; null when the listing is not complete.</param>
/// <param name="Unreachable">Why it is not.</param>
public sealed record ListAnswer(IReadOnlyList<string>? Keys, string? Unreachable);
