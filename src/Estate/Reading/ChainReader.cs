using System.Text.RegularExpressions;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Estates.Rules;

namespace VirtEngine.DR.Estates.Reading;

internal static partial class ChainReader
{
    private static readonly string[] Placeholders = ["{home}", "{chain}", "{moniker}"];

    public static ChainSpec Read(MapReader root, Problems problems)
    {
        var defaults = new ChainSpec { Id = "" };
        if (root.Group("chain", EstateSchema.Chain, required: true) is not { } chain)
        {
            return defaults;
        }

        var spec = new ChainSpec
        {
            Id = chain.RequiredText("id"),
            BlockTime = chain.Duration("blockTime", defaults.BlockTime, TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1)),
            MaxLagBlocks = chain.Number("maxLagBlocks", defaults.MaxLagBlocks, 1, 100_000),
            MaxBlockAge = chain.Duration("maxBlockAge", defaults.MaxBlockAge, TimeSpan.FromSeconds(1), TimeSpan.FromHours(24)),
            TrustPeriod = chain.Duration("trustPeriod", defaults.TrustPeriod, TimeSpan.FromMinutes(10), TimeSpan.FromHours(224)),
            Commands = Commands(chain, defaults.Commands, problems),
        };
        Text.CheckName(chain.At("id"), spec.Id, problems);
        if (spec.MaxBlockAge < spec.BlockTime * 2)
        {
            problems.Add(
                chain.At("maxBlockAge"), $"A block may be {Quantity.Text(spec.MaxBlockAge)} old, but blocks come every {Quantity.Text(spec.BlockTime)}.",
                "At least twice blockTime, or a healthy chain looks halted.");
        }

        return spec;
    }

    private static CommandProfile Commands(MapReader chain, CommandProfile defaults, Problems problems)
    {
        if (chain.Group("commands", EstateSchema.Commands) is not { } commands)
        {
            return defaults;
        }

        return new CommandProfile
        {
            Binary = commands.Text("binary") ?? defaults.Binary,
            Start = Template(commands, "start", defaults.Start, problems),
            Version = Template(commands, "version", defaults.Version, problems),
            Init = Template(commands, "init", defaults.Init, problems),
            Rollback = Template(commands, "rollback", defaults.Rollback, problems),
            RollbackHard = Template(commands, "rollbackHard", defaults.RollbackHard, problems),
        };
    }

    private static IReadOnlyList<string> Template(MapReader commands, string key, IReadOnlyList<string> fallback, Problems problems)
    {
        var arguments = commands.Texts(key, fallback);
        for (var i = 0; i < arguments.Count; i++)
        {
            foreach (var match in Placeholder().Matches(arguments[i]).Where(m => !Placeholders.Contains(m.Value)))
            {
                problems.Add($"{commands.At(key)}[{i}]", $"'{match.Value}' is not replaced by anything.", "Known: " + string.Join(", ", Placeholders) + ".");
            }
        }

        return arguments;
    }

    [GeneratedRegex("\\{[a-zA-Z]+\\}")]
    private static partial Regex Placeholder();
}
