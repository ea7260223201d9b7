using Microsoft.Extensions.Logging.Abstractions;
using VirtEngine.DR.Embedded.Host;
using VirtEngine.DR.Embedded.Store;

namespace VirtEngine.DR.Embedded;

/// <summary>Opens an engine's file and begins with what it knew.</summary>
internal static class EngineOpening
{
    public static EngineLoop Open(EngineOptions options, Faults faults, VirtualTime? time)
    {
        if (options.Faults is { RestartAtWorkflowTask: not null } && options.DataFile is null)
        {
            throw new ArgumentException("RestartAtWorkflowTask needs a DataFile: an engine in memory has nothing to start again from", nameof(options));
        }

        var store = EngineStore.Open(options.DataFile);
        try
        {
            var ids = new Ids(options.Faults?.Seed);
            EngineState Load()
            {
                var state = new EngineState
                {
                    Faults = faults,
                    Held = () => time is { IsHeld: true },
                    RunClosed = () => time?.OnRunClosed(),
                    Planted = options.Planted,
                };
                StoreReader.Load(store, state);
                ids.Taken = id => state.Runs.ByRunId(id) is not null;
                return state;
            }

            var loop = new EngineLoop(Load, turn => Begin(turn, options), store, new EngineClock(options.Time), ids, options.Logger ?? NullLogger.Instance);
            time?.OnPoke(() => loop.Post(_ => { }));
            loop.Start();
            return loop;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }
    private static void Begin(Turn turn, EngineOptions options)
    {
        Recovery.Resume(turn);
        if (!turn.State.Namespaces.ContainsKey(options.DefaultNamespace))
        {
            var ns = NamespaceHandlers.Make(options.DefaultNamespace, turn.Ids);
            ns.Retention = options.Retention;
            NamespaceHandlers.Save(turn, ns);
        }
    }
}
