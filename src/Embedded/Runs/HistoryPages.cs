using System.Globalization;
using System.Text;
using VirtEngine.DR.Embedded.Host;

namespace VirtEngine.DR.Embedded.Runs;

/// <summary>Histories in pages, with tokens that hold across a restart.</summary>
internal static class HistoryPages
{
    public const int DefaultSize = 1000;
    private const int MaximumBytes = 3 * 1024 * 1024;

    /// <summary>Copies events from a number on, as many as a page takes; returns the number after the last one.</summary>
    public static long Copy(Run run, History into, long from, long upTo, int size)
    {
        int bytes = 0;
        long next = from;
        while (next <= upTo && next - from < size && bytes < MaximumBytes)
        {
            var e = run.History[(int)next - 1];
            bytes += e.CalculateSize();
            into.Events.Add(e);
            next++;
        }

        return next;
    }

    /// <summary>A token: the run, the next event, the last one wanted (0: whatever there is), and events to put after the last page.</summary>
    public static ByteString Token(string runId, long next, long upTo, History? tail) => ByteString.CopyFromUtf8(FormattableString.Invariant(
        $"h|{runId}|{next}|{upTo}|{(tail is null ? "" : Convert.ToBase64String(tail.ToByteArray()))}"));

    public static (string RunId, long Next, long UpTo, History? Tail) Read(ByteString token)
    {
        string[] parts = Encoding.UTF8.GetString(token.Span).Split('|');
        if (parts.Length == 5 && parts[0] == "h" && long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out long next)
            && long.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out long upTo))
        {
            return (parts[1], next, upTo, parts[4].Length == 0 ? null : History.Parser.ParseFrom(Convert.FromBase64String(parts[4])));
        }

        throw Errors.Invalid("Invalid NextPageToken.");
    }
}
