using VirtEngine.DR.Contracts.Flow;

namespace VirtEngine.DR.Workflows.Flow;

/// <summary>Takes verbs from updates and signals in history order, decides at once and writes on the board; never waits.</summary>
public sealed class VerbDesk(RunBoard board, Pager pager, LimitsWatch limits, ResetWatch resets)
{
    private const int JournalInAnswers = 20;

    private readonly SortedDictionary<string, (string Verb, bool Accepted, string Message)> answered = new(StringComparer.Ordinal);
    private readonly VerbEffects effects = new(board, pager);

    /// <summary>Answers a verb; the same id twice has one effect.</summary>
    public VerbReply Handle(string verb, VerbMessage? message, bool signal)
    {
        limits.Count(signal);
        resets.NoticeVerb();
        message ??= new();
        if (message.Id is { Length: > 0 } id && answered.TryGetValue(id, out var former))
        {
            return former.Verb == verb
                ? new(former.Accepted, former.Message + " (answered before)", Now())
                : new(false, $"The id {id} was used for {former.Verb}: give this message its own id.", Now());
        }

        var (accepted, text) = Decide(verb, message);
        if (message.Id is { Length: > 0 } fresh)
        {
            answered[fresh] = (verb, accepted, text);
        }

        var why = string.IsNullOrWhiteSpace(message.Why) ? "" : $" Why: {message.Why}";
        board.Note(By(message), accepted ? "verb." + verb : "verb.refused", (accepted ? text : $"{verb}: {text}") + why);
        return new(accepted, text, Now());
    }

    /// <summary>A cancellation from the Temporal UI is an abort.</summary>
    public void Cancelled()
    {
        var reply = Handle(Verbs.Abort, new() { By = People.TemporalUi, Why = "cancelled in the Temporal UI" }, signal: true);
        if (!reply.Accepted)
        {
            pager.Page("error", "a cancellation was refused: " + reply.Message);
        }
    }

    /// <summary>The state with the journal's end only: each answer stays in the run's history, which is finite.</summary>
    private RunState Now()
    {
        var state = StateView.Of(board);
        return state with { Journal = [.. state.Journal.TakeLast(JournalInAnswers)] };
    }

    private static string By(VerbMessage message) => string.IsNullOrWhiteSpace(message.By) ? "(unnamed)" : message.By.Trim();

    private (bool Accepted, string Text) Decide(string verb, VerbMessage message)
    {
        if (string.IsNullOrWhiteSpace(message.By))
        {
            return (false, "Say who you are (by).");
        }

        return VerbTable.Refusal(verb, VerbContext.Of(board)) is { } refusal ? (false, refusal) : effects.Apply(verb, message);
    }
}
