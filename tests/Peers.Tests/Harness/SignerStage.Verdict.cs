using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace VirtEngine.DR.Peers.Tests.Harness;

/// <summary>What the chain, the nodes' logs and the hosts' alarms tell of two signers, and of the harm that was done.</summary>
public partial class SignerStage
{
    private const string Conflict = "found conflicting vote from ourselves";
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };
    private static readonly string[] Hosts = [Node, Standby];
    private readonly SortedDictionary<string, string> _powers = new(StringComparer.Ordinal);

    /// <summary>Every piece of evidence of two votes that a block holds. None: nobody was seen signing twice.</summary>
    public Task<IReadOnlyList<JsonNode>> EvidenceAsync(CancellationToken cancellationToken) => Net.EvidenceAsync(0, cancellationToken);

    /// <summary>
    /// Everything that shows two signers. A node that finds a vote with its own key which it did not cast proves it as well as a block does, and it is in a block only
    /// where another node saw both votes.
    /// </summary>
    public async Task<IReadOnlyList<string>> TwoSignersAsync(CancellationToken cancellationToken)
    {
        var found = (await EvidenceAsync(cancellationToken)).Select(one => "evidence in a block: " + one.ToJsonString()).ToList();
        found.AddRange(Hosts.SelectMany(host => Logs(host).Where(line => line.Contains(Conflict, StringComparison.Ordinal)).Select(line => $"log of {host}: {line}")));
        found.AddRange(_byHand.SelectMany(one => one.Output.Split('\n')).Where(line => line.Contains(Conflict, StringComparison.Ordinal)).Select(line => "log of a start by hand: " + line));
        foreach (string host in Hosts)
        {
            JsonNode book = await AlarmsAsync(host, cancellationToken);
            foreach (JsonNode? alarm in new[] { book["current"] }.Concat(book["cleared"]!.AsArray()).Where(alarm => alarm is not null))
            {
                found.AddRange(alarm!["reasons"]!.AsArray()
                    .Where(reason => reason!["kind"]!.GetValue<string>() is "ownLog" or "evidence")
                    .Select(reason => $"alarm of {host}: {reason!["text"]!.GetValue<string>()}"));
            }
        }

        return found;
    }

    /// <summary>The alarms that stand, of any kind.</summary>
    public async Task<IReadOnlyList<string>> StandingAlarmsAsync(CancellationToken cancellationToken)
    {
        var standing = new List<string>();
        foreach (string host in Hosts)
        {
            if ((await AlarmsAsync(host, cancellationToken))["current"] is { } alarm)
            {
                standing.Add($"{host}: {alarm.ToJsonString()}");
            }
        }

        return standing;
    }

    /// <summary>Two people clear what alarm stands on a host.</summary>
    public async Task ClearAlarmsAsync(string reason, CancellationToken cancellationToken)
    {
        foreach (string host in Hosts)
        {
            if ((await AlarmsAsync(host, cancellationToken))["current"] is not null)
            {
                await Cli.With(Bench.Variables(host)).TryAsync(cancellationToken, ["signer", "alarm", "clear", .. Key(host), "--approved-by", "alice", "--approved-by", "bob", "--reason", reason]);
            }
        }
    }

    /// <summary>Remembers every validator's power, which a slash takes from and a jail takes away.</summary>
    public async Task RememberPowersAsync(CancellationToken cancellationToken)
    {
        foreach ((string address, string power) in await PowersAsync(cancellationToken))
        {
            _powers[address] = power;
        }
    }

    /// <summary>What the chain did to its validators: nothing, where nobody signed twice.</summary>
    public async Task<IReadOnlyList<string>> PunishedAsync(CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, string> now = await PowersAsync(cancellationToken);
        var found = _powers.Where(one => now.GetValueOrDefault(one.Key) != one.Value).Select(one => $"{one.Key} had power {one.Value} and has {now.GetValueOrDefault(one.Key) ?? "none"}").ToList();
        JsonNode? infos = await Http.GetFromJsonAsync<JsonNode>($"{Net.Rest(0)}/cosmos/slashing/v1beta1/signing_infos", cancellationToken);
        found.AddRange(infos!["info"]!.AsArray().Where(one => one!["tombstoned"]!.GetValue<bool>()).Select(one => $"{one!["address"]} is tombstoned"));
        return found;
    }

    /// <summary>Whether every validator's signature is in the commit before the newest one.</summary>
    public async Task<bool> AllSignAsync(CancellationToken cancellationToken)
    {
        long tip = await Net.HeightAsync(0, cancellationToken) ?? 0;
        JsonNode? commit = await Http.GetFromJsonAsync<JsonNode>($"{Net.Rpc(0)}/commit?height={(tip - 1).ToString(CultureInfo.InvariantCulture)}", cancellationToken);
        return commit?["result"]?["signed_header"]?["commit"]?["signatures"]?.AsArray() is { } signatures
            && signatures.Count == _powers.Count && signatures.All(one => one!["block_id_flag"]!.GetValue<int>() == 2);
    }

    private async Task<IReadOnlyDictionary<string, string>> PowersAsync(CancellationToken cancellationToken)
    {
        JsonNode? set = await Http.GetFromJsonAsync<JsonNode>($"{Net.Rpc(0)}/validators", cancellationToken);
        return set!["result"]!["validators"]!.AsArray().ToDictionary(one => one!["address"]!.GetValue<string>(), one => one!["voting_power"]!.GetValue<string>(), StringComparer.Ordinal);
    }

    private async Task<JsonNode> AlarmsAsync(string host, CancellationToken cancellationToken)
    {
        (_, string shown) = await Cli.With(Bench.Variables(host)).TryAsync(cancellationToken, ["signer", "alarm", "show", .. Key(host), "--output", "json"]);
        int start = shown.IndexOf('{', StringComparison.Ordinal);
        return start >= 0 ? JsonNode.Parse(shown[start..])! : throw new InvalidOperationException(shown);
    }

    private string[] Key(string host) => ["--chain", SignerBench.Chain, "--validator", Bench.Address(host)];

    private IEnumerable<string> Logs(string host)
    {
        string[] files = [Path.Combine(Net.Home(host), ".virtengine-dr", "node.log"), Path.Combine(Net.Home(host), "log")];
        return files.Where(File.Exists).SelectMany(Lines);
    }

    private static IEnumerable<string> Lines(string file)
    {
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }
}
