using Temporalio.Client;
using Temporalio.Testing;
using Temporalio.Worker;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Tests.Shared;
using Xunit;

namespace VirtEngine.DR.Starter.Tests.Support;

/// <summary>A Temporal dev server of a test class's own; a worker for the fake runbook is started where a test wants one.</summary>
public sealed class RunbookServer : IAsyncLifetime
{
    private WorkflowEnvironment? environment;

    public ITemporalClient Client => environment!.Client;

    public string Address => environment!.Client.Connection.Options.TargetHost!;

    /// <summary>Skips the test where the program is missing.</summary>
    public static void Require() => RequiredProgram.Find("temporal");

    public async ValueTask InitializeAsync()
    {
        // A fixture cannot skip a test, so the tests' constructors do: without the program there is nothing to start here.
        if (Environment.GetEnvironmentVariable("PATH")?.Split(':').Select(folder => Path.Combine(folder, "temporal")).FirstOrDefault(File.Exists) is not { } temporal)
        {
            return;
        }

        environment = await WorkflowEnvironment.StartLocalAsync(new WorkflowEnvironmentStartLocalOptions
        {
            DataConverter = DrDataConverter.Instance,
            SearchAttributes = [.. SearchAttributeNames.All],
            DevServerOptions = new DevServerOptions { ExistingPath = temporal },
        });
    }

    /// <summary>Runs the body while a control worker answers.</summary>
    public Task WithWorkerAsync(Func<Task> body)
    {
        var worker = new TemporalWorker(Client, new TemporalWorkerOptions(Names.ControlQueue).AddWorkflow<FakeRunbook>());
        return worker.ExecuteAsync(body, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (environment is not null)
        {
            await environment.DisposeAsync();
        }
    }
}
