using Google.Protobuf;
using Google.Protobuf.Reflection;
using Temporalio.Api.History.V1;

namespace VirtEngine.DR.Embedded.Tests.Conformance;

/// <summary>A history as lines of text: a line with number and type for each event, then its attributes.</summary>
public static class HistoryText
{
    /// <summary>The lines of a history.</summary>
    public static IEnumerable<string> Lines(IEnumerable<HistoryEvent> events, Mask mask)
    {
        foreach (HistoryEvent e in events)
        {
            yield return $"{e.EventId} {e.EventType}";
            if (e.WorkerMayIgnore)
            {
                yield return "    worker_may_ignore: true";
            }

            if (e.UserMetadata is { } metadata)
            {
                foreach (string line in MessageText.Lines(metadata, mask, "    user_metadata."))
                {
                    yield return line;
                }
            }

            OneofDescriptor attributes = HistoryEvent.Descriptor.Oneofs.Single(o => o.Name == "attributes");
            if (attributes.Accessor.GetCaseFieldDescriptor(e) is { } field)
            {
                // From the third attempt on the server stretches a task's timeout by a random share.
                bool stretched = e.WorkflowTaskScheduledEventAttributes is { Attempt: > 2 };
                foreach (string line in MessageText.Lines((IMessage)field.Accessor.GetValue(e), mask, "    "))
                {
                    if (!stretched || !line.Contains("start_to_close_timeout", StringComparison.Ordinal))
                    {
                        yield return line;
                    }
                }
            }
        }
    }
}
