using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Starter.Runs;

/// <summary>What became of a verb.</summary>
/// <param name="Verb">Which.</param>
/// <param name="Run">To which run.</param>
/// <param name="Accepted">Null: stored by the server, not answered yet.</param>
/// <param name="Message">For the operator.</param>
/// <param name="State">The run, where a worker answered.</param>
internal sealed record VerbResult(string Verb, string Run, bool? Accepted, string Message, RunState? State)
{
    /// <summary>How the program ends.</summary>
    public int ExitCode => Accepted switch
    {
        true => ExitCodes.Ok,
        false => ExitCodes.Refused,
        null => ExitCodes.Queued,
    };
}
