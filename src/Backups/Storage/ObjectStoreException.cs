namespace VirtEngine.DR.Backups.Storage;

/// <summary>A store could not do what was asked. The message says which store, which key and what to do.</summary>
/// <param name="message">For the operator.</param>
/// <param name="transient">True when the same call may succeed later (5xx, throttling, connection lost, timeout).</param>
/// <param name="inner">The vendor's own exception.</param>
public sealed class ObjectStoreException(string message, bool transient, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>True when the same call may succeed later.</summary>
    public bool Transient { get; } = transient;
}
