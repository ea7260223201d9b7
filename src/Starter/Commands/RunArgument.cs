using System.CommandLine;

namespace VirtEngine.DR.Starter.Commands;

/// <summary>The run that a command is about.</summary>
internal static class RunArgument
{
    /// <summary>Optional: without it, the only open runbook is meant.</summary>
    public static Argument<string?> Optional() => new("RUN")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = "The run's id; without it the only open runbook.",
    };
}
