using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Starter.Views;

/// <summary>The exact command for a verb that a run allows now.</summary>
internal static class VerbCommands
{
    public static string Of(RunState state, string verb)
    {
        var command = $"virtengine-dr {verb} {state.WorkflowId}";
        return verb switch
        {
            Verbs.Retry or Verbs.Skip when Failed(state) is { } step => $"{command} --step {step}",
            Verbs.Abort when state.Unwinding is { } plan && state.Phase == RunPhase.Unwinding => $"{command} --confirm {Short(plan.Digest)}",
            Verbs.Note => $"{command} \"TEXT\"",
            Verbs.HandOver => $"{command} --to NAME",
            _ => command,
        };
    }

    /// <summary>A digest's first eight characters, which suffice for an approval.</summary>
    public static string Short(string digest) => digest.Length > 8 ? digest[..8] : digest;

    private static string? Failed(RunState state)
    {
        var failed = state.Steps.Where(step => step.Status == StepStatus.Failed).ToList();
        return failed.Count == 1 ? failed[0].Id : null;
    }
}
