using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace VirtEngine.DR.Activities.Chain.CometBft;

/// <summary>Reads the votes out of <c>/consensus_state</c>, where each is a line such as
/// <c>Vote{0:8D6DA5E8A3A2 12/00/SIGNED_MSG_TYPE_PREVOTE(Prevote) 5BF5… 000000000000 @ 2026-11-30T14:00:00.000000001Z}</c>.</summary>
internal static partial class RoundVotes
{
    private static readonly string[] Kinds = ["prevotes", "precommits"];

    /// <summary>All votes of all rounds that the node has.</summary>
    public static IReadOnlyList<RoundVote> Read(JsonElement result) =>
    [
        .. result.GetProperty("round_state").GetProperty("height_vote_set").EnumerateArray()
            .SelectMany(round => Kinds.SelectMany(kind => round.TryGetProperty(kind, out var votes) && votes.ValueKind == JsonValueKind.Array ? votes.EnumerateArray() : Enumerable.Empty<JsonElement>()))
            .Select(vote => Line().Match(vote.GetString() ?? ""))
            .Where(match => match.Success && DateTimeOffset.TryParse(match.Groups["at"].Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _))
            .Select(match => new RoundVote(
                long.Parse(match.Groups["height"].Value, CultureInfo.InvariantCulture),
                match.Groups["address"].Value.ToUpperInvariant(),
                DateTimeOffset.Parse(match.Groups["at"].Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal))),
    ];

    [GeneratedRegex(@"^Vote\{\d+:(?<address>[0-9A-Fa-f]{12}) (?<height>\d{1,18})/.* @ (?<at>[0-9T:.Z+-]+)\}$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Line();
}
