using System.CommandLine;
using System.Globalization;

namespace VirtEngine.DR.Starter.Commands;

/// <summary>An option that takes a time; one without a zone is UTC, as everything here is.</summary>
internal static class TimeOption
{
    public static Option<DateTimeOffset?> Create(string name, string description) => new(name)
    {
        HelpName = "TIME",
        Description = description,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (DateTimeOffset.TryParse(
                text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
            {
                return time;
            }

            result.AddError($"{name} is '{text}'; a time looks like 2026-03-01T12:00:00Z.");
            return null;
        },
    };
}
