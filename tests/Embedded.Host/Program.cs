using System.Globalization;
using System.Runtime.InteropServices;
using VirtEngine.DR.Embedded;

// FILE PORT: serves the engine on a file until the process is ended, by SIGTERM or by SIGKILL.
var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
{
    signal.Cancel = true;
    ended.TrySetResult();
});
var options = new EngineOptions { DataFile = args[0], Port = int.Parse(args[1], CultureInfo.InvariantCulture) };
await using EmbeddedEngine engine = await EmbeddedEngine.StartAsync(options, CancellationToken.None);
Console.WriteLine("serving " + engine.TargetHost);
await ended.Task;
