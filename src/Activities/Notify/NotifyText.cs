using VirtEngine.DR.Contracts.Notify;

namespace VirtEngine.DR.Activities.Notify;

/// <summary>What a notification says, for people: practice says so on every line.</summary>
/// <param name="Summary">One line.</param>
/// <param name="Details">More, by name, in the order of the names.</param>
internal sealed record NotifyText(string Summary, IReadOnlyDictionary<string, string> Details)
{
    private const string Practice = "[PRACTICE] ";

    /// <summary>As it is told.</summary>
    public static NotifyText Of(Notification notification)
    {
        var mark = notification.Practice ? Practice : "";
        return new(mark + notification.Summary, new SortedDictionary<string, string>(notification.Details.ToDictionary(one => one.Key, one => mark + one.Value), StringComparer.Ordinal));
    }

    /// <summary>The sign before a summary in a chat.</summary>
    public static string Sign(Notification notification) => notification.Resolves ? "✅" : notification.Severity switch
    {
        "critical" => "🚨",
        "error" => "❗",
        "warning" => "⚠️",
        _ => "ℹ️",
    };
}
