using Temporalio.Converters;
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace VirtEngine.DR.Embedded.Tests.Conformance;

/// <summary>A workflow of any type, whose body is the script that its scenario gave; with the messages that all scripts understand.</summary>
[Workflow(Dynamic = true)]
public sealed class ScriptedWorkflow
{
    private readonly IRawValue[] arguments;

    /// <summary>Called by the SDK.</summary>
    [WorkflowInit]
    public ScriptedWorkflow(IRawValue[] args) => arguments = args;

    /// <summary>What messages brought, in order.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>The body.</summary>
    [WorkflowRun]
    public Task<object?> RunAsync(IRawValue[] args) => Stages.Of(Workflow.Info.TaskQueue).FlowOf(Workflow.Info.WorkflowType)(this);

    /// <summary>An argument of the workflow.</summary>
    public T Argument<T>(int index = 0) => Workflow.PayloadConverter.ToValue<T>(arguments[index]);

    /// <summary>How many arguments there are.</summary>
    public int ArgumentCount => arguments.Length;

    /// <summary>Waits for so many notes.</summary>
    public Task ForNotesAsync(int count) => Workflow.WaitConditionAsync(() => Notes.Count >= count);

    /// <summary>Waits for a note.</summary>
    public Task ForNoteAsync(string note) => Workflow.WaitConditionAsync(() => Notes.Contains(note));

    /// <summary>Signal: adds a note.</summary>
    [WorkflowSignal("note")]
    public Task NoteAsync(string note)
    {
        Notes.Add(note);
        return Task.CompletedTask;
    }

    /// <summary>Query: all notes.</summary>
    [WorkflowQuery("notes")]
    public string AllNotes() => string.Join(",", Notes);

    /// <summary>Query: always fails.</summary>
    [WorkflowQuery("broken")]
    public string Broken() => throw new ApplicationFailureException($"no answer with {Notes.Count} notes", "Broken");

    /// <summary>Update: adds a note, unless it begins with "bad"; answers the notes.</summary>
    [WorkflowUpdate("add")]
    public Task<string> AddAsync(string note)
    {
        Notes.Add(note);
        return Task.FromResult(AllNotes());
    }

    /// <summary>Validator of add.</summary>
    [WorkflowUpdateValidator(nameof(AddAsync))]
    public void ValidateAdd(string note)
    {
        if (note.StartsWith("bad", StringComparison.Ordinal))
        {
            throw new ApplicationFailureException("not this one", "Refused");
        }
    }

    /// <summary>Update: adds a note and answers only when the note "go" is there.</summary>
    [WorkflowUpdate("slow")]
    public async Task<string> SlowAsync(string note)
    {
        Notes.Add(note);
        await ForNoteAsync("go");
        return AllNotes();
    }

    /// <summary>Update: accepted, then fails.</summary>
    [WorkflowUpdate("fail")]
    public Task<string> FailAsync(string note)
    {
        Notes.Add(note);
        throw new ApplicationFailureException("update failed", "Failed", nonRetryable: true, details: [note]);
    }

    /// <summary>Update: runs the activity "work" and answers its result.</summary>
    [WorkflowUpdate("work")]
    public async Task<string> WorkAsync(string note)
    {
        string result = await Workflow.ExecuteActivityAsync<string>("work", [note], new() { StartToCloseTimeout = TimeSpan.FromSeconds(10) });
        Notes.Add(result);
        return result;
    }
}
