namespace VirtEngine.DR.Contracts;

/// <summary>
/// The types of application failures. An adapter decides whether a failure is permanent (thrown non-retryable); one table in
/// Starter turns a type into a message and an exit code.
/// </summary>
public static class ErrorTypes
{
    /// <summary>An input's field is missing or wrong; the message lists all of them.</summary>
    public const string InvalidInput = "InvalidInput";

    /// <summary>The estate has no such thing; the message lists what there is.</summary>
    public const string NotFound = "NotFound";

    /// <summary>Another run holds the lock; the message names it and says what to do.</summary>
    public const string Locked = "Locked";

    /// <summary>A precondition does not hold any more: the world is not as it was observed.</summary>
    public const string Conflict = "Conflict";

    /// <summary>A backup is unsigned, wrongly signed, torn or otherwise not to be trusted.</summary>
    public const string Untrusted = "Untrusted";

    /// <summary>Not enough disk space; nothing was changed.</summary>
    public const string NoSpace = "NoSpace";

    /// <summary>The feature is not configured, or comes with a later release.</summary>
    public const string NotConfigured = "NotConfigured";

    /// <summary>The action is forbidden by a safety rule (a validator would start, a signer would be touched).</summary>
    public const string Forbidden = "Forbidden";

    /// <summary>The caller's attempt number is older than one seen at the target; a newer attempt owns it.</summary>
    public const string Fenced = "Fenced";

    /// <summary>The other side did not answer or failed for a while; a retry may help.</summary>
    public const string Unavailable = "Unavailable";

    /// <summary>The deadline of the step passed before its condition held.</summary>
    public const string Deadline = "Deadline";

    /// <summary>A snapshot attempt was discarded: what it holds is not of one instant. A new attempt may succeed.</summary>
    public const string Discarded = "Discarded";
}
