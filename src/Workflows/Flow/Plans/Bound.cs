using System.Globalization;

namespace VirtEngine.DR.Workflows.Flow;

/// <summary>
/// What an approval accepts. An exact bound is its text; a limited one holds while the actual value stays within the limit that
/// was approved, however it moves. Only leaving a bound makes a new plan.
/// </summary>
public sealed record Bound
{
    private Bound(string id, string template, long? actual, long? limit)
    {
        Id = id;
        Template = template;
        Actual = actual;
        Limit = limit;
    }

    /// <summary>Which bound.</summary>
    public string Id { get; private init; }

    /// <summary>The present value of a limited bound: a measurement, never part of the digest.</summary>
    public long? Actual { get; }

    /// <summary>The limit.</summary>
    public long? Limit { get; private init; }

    /// <summary>For people and for the digest.</summary>
    public string Text => Limit is { } limit ? Template.Replace("{n}", limit.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal) : Template;

    private string Template { get; }

    /// <summary>A bound that is left as soon as its text changes.</summary>
    public static Bound Exactly(string id, string text) => new(id, text, null, null);

    /// <summary>A bound that is left when the value passes the limit; <c>{n}</c> in the text is the limit.</summary>
    public static Bound AtMost(string id, string text, long actual, long limit) => new(id, text, actual, Math.Max(actual, limit));

    /// <summary>The same bound for one of several targets.</summary>
    public Bound Of(string name) => this with { Id = $"{name}/{Id}" };

    /// <summary>Keeps the limit that people know while the value stays within it.</summary>
    public Bound KeepLimitOf(Bound? former) =>
        former is { Limit: { } limit } && former.Id == Id && Actual <= limit ? this with { Limit = limit } : this;
}
