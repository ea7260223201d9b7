using Temporalio.Exceptions;
using VirtEngine.DR.Contracts;

namespace VirtEngine.DR.Activities.Common;

/// <summary>Makes the typed failures that cross to the workflow. Whether a retry may help is decided here, at the adapter.</summary>
public static class Failures
{
    /// <summary>A retry of the same call cannot help: somebody has to do something first.</summary>
    public static ApplicationFailureException Permanent(string type, string message, Exception? inner = null, params object[] details) =>
        new(message, inner, type, nonRetryable: true, details);

    /// <summary>The same call may succeed later.</summary>
    public static ApplicationFailureException Transient(string message, Exception? inner = null) =>
        new(message, inner, ErrorTypes.Unavailable, nonRetryable: false);

    /// <summary>All that is wrong with an input, at once.</summary>
    public static ApplicationFailureException Invalid(IEnumerable<string> problems) =>
        Permanent(ErrorTypes.InvalidInput, string.Join("; ", problems));
}
