using Temporalio.Workflows;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Signing;
using VirtEngine.DR.Workflows.Flow;

namespace VirtEngine.DR.Workflows.Signers;

/// <summary>What people said for a grant, collected from the gates that they passed and written into the register's object.</summary>
/// <param name="run">The run as it is now.</param>
public sealed class SignerApprovals(Func<RunState> run)
{
    /// <summary>The gate before anything is sealed or fenced.</summary>
    public const string GrantGate = "signer";

    /// <summary>The gate that stands for the silence where the chain is halted.</summary>
    public const string HaltedGate = "signer-halted";

    /// <summary>The gate that stands for the last holder's HRS file where the chain is halted and the file is gone.</summary>
    public const string VoteSetsGate = "signer-vote-sets";

    private const int TwoPeople = 2;

    private readonly List<SlotApproval> given = [];

    /// <summary>What was approved, by whom, and where it stands.</summary>
    public IReadOnlyList<SlotApproval> Given => given;

    /// <summary>Takes what people said at a gate that is passed now.</summary>
    public void Collect(string gate)
    {
        foreach (var passed in run().Gates.Where(one => one.Name == gate && one.Passed))
        {
            given.AddRange(passed.Approvals.Where(by => !given.Exists(one => People.Same(one.By, by) && one.What == What(gate)))
                .Select(by => new SlotApproval(by, What(gate), $"gate {gate} of {Workflow.Info.WorkflowId}/{Workflow.Info.RunId}, plan {passed.Digest}")));
        }
    }

    /// <summary>Another epoch needs another word.</summary>
    public void Clear() => given.Clear();

    /// <summary>The gates before the judgement where no silence can be seen.</summary>
    /// <param name="node">Who is to sign.</param>
    /// <param name="key">With which key.</param>
    /// <param name="epoch">The new epoch.</param>
    /// <param name="fenced">Who is ended, for people.</param>
    /// <param name="lackingFile">What is wrong with the last holder's HRS file; null where it says what was signed last.</param>
    public static IEnumerable<GateDeclaration> OnHaltedChain(string node, string key, long epoch, string fenced, string? lackingFile)
    {
        yield return new(HaltedGate, FormattableString.Invariant(
            $"The chain is halted, so no silence can show that nobody signs with {key}. Ended: {fenced}. Give epoch {epoch} to {node} all the same? Two people must say so."), "signer-judge")
        { Required = TwoPeople };
        if (lackingFile is not null)
        {
            yield return new(VoteSetsGate,
                $"The last holder's HRS file is {lackingFile}, and {key} may have voted at the height at which the chain stands. Approve only if you saw the vote sets of all rounds of that height on every validator (/dump_consensus_state) and no vote of {key} is in them; else deny, and let the others bring the chain past it.",
                "signer-judge")
            { Required = TwoPeople };
        }
    }

    private static string What(string gate) => gate switch
    {
        HaltedGate => SilenceRules.HaltedApproval,
        VoteSetsGate => FloorRules.AllVoteSets,
        _ => "grant",
    };
}
