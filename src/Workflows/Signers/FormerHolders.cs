using Temporalio.Exceptions;
using Temporalio.Workflows;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Nodes;
using VirtEngine.DR.Contracts.Signers;
using VirtEngine.DR.Signing;
using VirtEngine.DR.Workflows.Flow;
using VirtEngine.DR.Workflows.Runbooks;

namespace VirtEngine.DR.Workflows.Signers;

/// <summary>The nodes on whose hosts somebody may hold the key now: what is known of them, and what becomes of them.</summary>
/// <param name="targets">The nodes by name.</param>
public sealed class FormerHolders(IReadOnlyDictionary<string, NodeTarget> targets)
{
    private readonly SortedDictionary<string, string> silent = new(StringComparer.Ordinal);

    /// <summary>A signer of the key may run on one of them; who does not answer may run.</summary>
    public bool MayRun { get; private set; }

    /// <summary>The nodes by name.</summary>
    public IReadOnlyDictionary<string, NodeTarget> Targets => targets;

    /// <summary>Reads them from the estate.</summary>
    /// <param name="name">The node that is to sign; it is left out.</param>
    /// <param name="seen">The key as the register shows it.</param>
    /// <param name="ended">Machines that were ended otherwise: their hosts are not asked.</param>
    /// <exception cref="ActivityFailureException">The estate does not know a node that the register names.</exception>
    public static async Task<FormerHolders> OfAsync(string name, SignerReport seen, IReadOnlyList<EndStatement> ended)
    {
        ArgumentNullException.ThrowIfNull(seen);
        var targets = new SortedDictionary<string, NodeTarget>(StringComparer.Ordinal);
        foreach (var holder in seen.MaySign.Where(holder => holder.Machine != seen.Machine && !ended.Any(end => end.Machine == holder.Machine)).Select(holder => holder.Node).OfType<string>().Where(node => node != name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            targets[holder] = (await Workflow.ExecuteActivityAsync((IEstateActivities a) => a.NodeAsync(holder), Policies.Probe("reads the estate"))).Target;
        }

        return new(targets);
    }

    /// <summary>Looks at their hosts. One that does not answer is a risk and no failure: the fence is what needs it.</summary>
    public async Task LookAsync(FactBook facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        silent.Clear();
        MayRun = false;
        foreach (var (name, target) in targets)
        {
            try
            {
                var node = await Workflow.ExecuteActivityAsync((INodeActivities a) => a.ObserveAsync(target), Policies.Probe("observes " + name).OnNode(name));
                facts.Record("holder " + name, NodeFailureFacts.Describe(node), node.At);
                MayRun |= node.Process != ProcessState.Stopped;
            }
            catch (ActivityFailureException e)
            {
                MayRun = true;
                silent[name] = Failure.From(e).Message;
                facts.Record("holder " + name, "does not answer: " + silent[name]);
            }
        }
    }

    /// <summary>What people should know before they approve.</summary>
    public IReadOnlyList<string> Risks() =>
    [
        .. targets.Keys.Except(silent.Keys, StringComparer.Ordinal).Select(name => $"{name} stops signing and stays stopped; from then until the new signer has caught up nobody signs with this key"),
        .. silent.Keys.Select(name => $"the host of {name} does not answer: it may sign all the same, and that is no end. The run will wait at signer-fence until its node worker answers; end it for good by the table of docs/signing.md"),
    ];

    /// <summary>What the run leaves, with the command that leads back.</summary>
    public IEnumerable<string> LeftBehind() => targets.Keys.Select(name => $"{name}{(targets[name].Node.Signer is { Format: HrsFormat.Tmkms } ? "'s tmkms" : "")} is stopped, and fenced where it held the key; to let it sign again: virtengine-dr run SignerMove --node {name}");
}
