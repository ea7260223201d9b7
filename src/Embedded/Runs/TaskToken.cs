using System.Text;
using VirtEngine.DR.Embedded.Host;

namespace VirtEngine.DR.Embedded.Runs;

/// <summary>What a worker shows with its answer: which task of which run, and which attempt. It holds across a restart of the engine.</summary>
internal readonly record struct TaskToken(char Kind, string RunId, long ScheduledEventId, long StartedEventId, int Attempt, string Query)
{
    public const char WorkflowTask = 'w';
    public const char ActivityTask = 'a';
    public const char QueryTask = 'q';

    public ByteString Wire() => ByteString.CopyFromUtf8(FormattableString.Invariant(
        $"{Kind}|{RunId}|{ScheduledEventId}|{StartedEventId}|{Attempt}|{Query}"));

    /// <summary>Reads a token; anything else is Temporal's error for it.</summary>
    public static TaskToken Read(ByteString wire, char kind)
    {
        string[] parts = Encoding.UTF8.GetString(wire.Span).Split('|', 6);
        if (parts.Length == 6 && parts[0].Length == 1 && parts[0][0] == kind && Number(parts[2], out long scheduled) && Number(parts[3], out long started)
            && Number(parts[4], out long attempt))
        {
            return new TaskToken(kind, parts[1], scheduled, started, (int)attempt, parts[5]);
        }

        throw Errors.Invalid("Invalid TaskToken.");
    }

    private static bool Number(string text, out long value) =>
        long.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out value);
}
