using System.Globalization;
using VirtEngine.DR.Embedded;

// FILE PORT: serves the engine on a file until the process is killed.
var options = new EngineOptions { DataFile = args[0], Port = int.Parse(args[1], CultureInfo.InvariantCulture) };
await using EmbeddedEngine engine = await EmbeddedEngine.StartAsync(options, CancellationToken.None);
Console.WriteLine("serving " + engine.TargetHost);
await Task.Delay(Timeout.Infinite);
