using System.CommandLine;
using VirtEngine.DR.Estates.Reading;

namespace VirtEngine.DR.Starter.Commands;

/// <summary>An option that takes a duration, written as in the estate.</summary>
internal static class DurationOption
{
    /// <summary>Makes one.</summary>
    /// <param name="name">The option.</param>
    /// <param name="description">What it is for.</param>
    /// <param name="least">The shortest that is allowed.</param>
    /// <param name="most">The longest that is allowed.</param>
    public static Option<TimeSpan?> Create(string name, string description, TimeSpan least, TimeSpan most) => new(name)
    {
        HelpName = "DURATION",
        Description = description,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (Quantity.TryDuration(text, out var time) && time >= least && time <= most)
            {
                return time;
            }

            result.AddError($"{name} is '{text}'; a duration looks like 30s, 5m or 1h, here from {Quantity.Text(least)} to {Quantity.Text(most)}.");
            return null;
        },
    };
}
