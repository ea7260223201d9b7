using System.Text;
using Temporalio.Workflows;
using VirtEngine.DR.Contracts;

namespace VirtEngine.DR.Workflows.Backups;

/// <summary>What the Temporal UI shows of a workflow that goes from node to node.</summary>
public sealed class Progress
{
    private readonly SortedDictionary<string, string> lines = new(StringComparer.Ordinal);

    /// <summary>Shows what the workflow is and works on in lists.</summary>
    public static void Introduce(string workflow, string? node)
    {
        Workflow.UpsertTypedSearchAttributes(
            SearchAttributeNames.Runbook.ValueSet(workflow), SearchAttributeNames.Target.ValueSet(node is { Length: > 0 } ? "node/" + node : "node/*"));
    }

    /// <summary>Where the work on a node is.</summary>
    public void Say(string node, string text)
    {
        lines[node] = text;
        var page = new StringBuilder("| node | |\n|---|---|\n");
        foreach (var (name, line) in lines)
        {
            page.Append("| ").Append(name).Append(" | ").Append(line.Replace("|", "\\|", StringComparison.Ordinal).Replace('\n', ' ')).Append(" |\n");
        }

        Workflow.CurrentDetails = page.ToString();
    }
}
