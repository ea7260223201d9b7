using System.Globalization;
using System.Runtime.InteropServices;
using Temporalio.Api.Enums.V1;
using VirtEngine.DR.Embedded;

// FILE PORT [EVERY]: serves the engine on a file until the process is ended, by SIGTERM or by SIGKILL.
// With EVERY a step breaks in the middle at every so manieth event that a request writes.
var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
{
    signal.Cancel = true;
    ended.TrySetResult();
});
int every = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 0;
int events = 0;
var options = new EngineOptions
{
    DataFile = args[0],
    Port = int.Parse(args[1], CultureInfo.InvariantCulture),
    Planted = e =>
    {
        // Only what a client or a worker asks for: a deadline that breaks ends the engine.
        if (every > 0 && e.EventType is (EventType.WorkflowExecutionSignaled or EventType.WorkflowExecutionStarted or EventType.WorkflowExecutionUpdateAccepted)
            && ++events % every == 0)
        {
            throw new InvalidOperationException("planted");
        }
    },
};
await using EmbeddedEngine engine = await EmbeddedEngine.StartAsync(options, CancellationToken.None);
Console.WriteLine("serving " + engine.TargetHost);
await ended.Task;
