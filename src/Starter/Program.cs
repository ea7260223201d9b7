using VirtEngine.DR.Starter;
using VirtEngine.DR.Starter.Session;

return await CommandLine.RunAsync(args, CliIo.System()).ConfigureAwait(false);
