using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Contracts.Signers;
using VirtEngine.DR.Signing;

namespace VirtEngine.DR.Workflows.Signers;

/// <summary>How each machine that may hold the key below the new epoch is ended: by a fence that its own gate adopts, or by a statement.</summary>
/// <param name="slice">The node on whose host the key is to be held.</param>
public sealed class HolderEnds(NodeSlice slice)
{
    private readonly List<FenceAnswer> answers = [];

    /// <summary>The other nodes whose machines this run may fence, by name; it holds their locks.</summary>
    public IReadOnlyDictionary<string, NodeTarget> Reach { get; set; } = new Dictionary<string, NodeTarget>();

    /// <summary>Machines that were ended otherwise than by a fence.</summary>
    public IReadOnlyList<EndStatement> Ended { get; set; } = [];

    /// <summary>What the fenced machines answered.</summary>
    public IReadOnlyList<FenceAnswer> Answers => answers;

    /// <summary>All of them, for a person.</summary>
    public string Text => answers.Count + Ended.Count == 0 ? "nobody may hold it" : string.Join("; ", [
        .. Ended.Select(end => FormattableString.Invariant($"{end.Machine} is ended below {end.Below} by {end.Kind}, says {end.Witness ?? end.By}")),
        .. answers.Select(answer => FormattableString.Invariant($"{answer.Machine} adopted fence {answer.Fence}, its file says {answer.LastSigned?.ToString() ?? "nothing"}")),
    ]);

    /// <summary>What an approval accepts of them.</summary>
    public IEnumerable<(string Name, string Text)> Accepted()
    {
        if (Reach.Count > 0)
        {
            yield return ("signer-reach", $"the signers of {string.Join(", ", Reach.Keys.Order(StringComparer.Ordinal))} are stopped and fenced where they may hold the key");
        }

        if (Ended.Count > 0)
        {
            yield return ("signer-ended", $"no gate is asked on {string.Join(", ", Ended.Select(end => $"{end.Machine} (ended by {end.Kind}, says {end.Witness ?? end.By})"))}");
        }
    }

    /// <summary>Who is not ended yet.</summary>
    /// <param name="holders">Who may hold the key below the epoch, by the sealed register.</param>
    /// <param name="epoch">The new epoch.</param>
    public IEnumerable<SignerHolder> Open(IReadOnlyList<SignerHolder> holders, long epoch) =>
        holders.Where(holder => !answers.Exists(answer => answer.Machine == holder.Machine) && !Ended.Any(end => end.Machine == holder.Machine && end.Below >= epoch));

    /// <summary>The HRS file of the one that signed last was read after its end.</summary>
    /// <param name="machine">That machine.</param>
    public bool KnowsFileOf(string? machine) => Ended.LastOrDefault(end => end.Machine == machine)?.LastSigned is not null || answers.LastOrDefault(answer => answer.Machine == machine)?.LastSigned is not null;

    /// <summary>Asks the gates of those that are not ended yet, one after the other.</summary>
    /// <param name="holders">Who may hold the key below the epoch, by the sealed register.</param>
    /// <param name="act">The act for the new epoch.</param>
    /// <param name="own">The machine on whose host the key is to be held.</param>
    public async Task FenceAsync(IReadOnlyList<SignerHolder> holders, SignerAct act, string own)
    {
        ArgumentNullException.ThrowIfNull(act);
        foreach (var holder in Open(holders, act.Epoch).DistinctBy(holder => holder.Machine).ToList())
        {
            var report = await SignerCalls.FenceAsync(act with { Target = HostOf(holder, own) });
            var answer = report.Answer ?? throw SignerSteps.Missing(report.Missing);
            answers.Add(answer.Machine == holder.Machine ? answer : throw SignerSteps.Missing([$"the host that was asked is machine {answer.Machine}, and {holder.Machine} may hold the key: another machine's fence ends nobody"]));
        }
    }

    /// <summary>A relapse: whom they end is ended in the register by now, or the next epoch needs another fence and another statement.</summary>
    public void Clear()
    {
        answers.Clear();
        Ended = [];
    }

    /// <summary>The node on whose host a possible holder is fenced: this one, or one whose lock the run holds.</summary>
    private NodeTarget HostOf(SignerHolder holder, string own) => holder.Machine == own ? slice.Target
        : holder.Node is { } other && other != slice.Target.Node.Name && Reach.TryGetValue(other, out var target) ? target
        : throw SignerSteps.Missing([FormattableString.Invariant($"{holder.Machine} may hold the key (epoch {holder.Epoch}, {holder.Why}) and is {(holder.Node is null ? "a machine that the register does not know" : $"the host of {holder.Node}")}, which this run may not touch: virtengine-dr run SignerMove --node {slice.Target.Node.Name} fences it too; or end it for good, by the table of docs/signing.md")]);
}
