using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client;
using static VirtEngine.DR.Embedded.Tests.Conformance.ResetPlay;

namespace VirtEngine.DR.Embedded.Tests.Conformance;

/// <summary>Resets: to which task, of which run, and which signals and updates are brought along.</summary>
public static class ResetScenarios
{
    /// <summary>The scenarios.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("reset.open-run-with-signals", async s =>
        {
            WorkflowHandle run = await SignalledAsync(s);
            WorkflowHandle again = await ResetAsync(s, run, 1);
            await s.IdleAsync(again);
            await s.RecordAsync(run, "original");
            await again.SignalAsync("note", ["c"]);
            await s.EndAsync(again);
        }),
        new("reset.closed-run", async s =>
        {
            WorkflowHandle run = await SignalledAsync(s);
            await run.SignalAsync("note", ["c"]);
            await s.NoteResultAsync(run, "first");
            WorkflowHandle again = await ResetAsync(s, run, 2);
            await s.EndAsync(again);
            await s.NoteAsync("original", () => s.DescribeAsync(run));
            await s.NoteAsync("the reset one", () => s.DescribeAsync(again));
        }),
        new("reset.leaves-signals-behind", async s =>
        {
            WorkflowHandle run = await SignalledAsync(s);
            WorkflowHandle again = await ResetAsync(s, run, 1, r => r.ResetReapplyExcludeTypes.Add(ResetReapplyExcludeType.Signal));
            await s.IdleAsync(again);
            await s.NoteAsync("notes", () => again.QueryAsync<string>("notes", []));
            await s.RecordAsync(again);
            await again.TerminateAsync();
        }),
        new("reset.one-run-twice", async s =>
        {
            WorkflowHandle run = await SignalledAsync(s);
            WorkflowHandle second = await ResetAsync(s, run, 2);
            await s.IdleAsync(second);
            WorkflowHandle third = await ResetAsync(s, run, 1);
            await s.IdleAsync(third);
            await s.RecordAsync(second, "second");
            WorkflowHandle fourth = await ResetAsync(s, third, 1);
            await s.IdleAsync(fourth);
            await s.NoteAsync("notes", () => fourth.QueryAsync<string>("notes", []));
            await fourth.TerminateAsync();
            await s.RecordAsync(fourth, "fourth");
        }),
        new("reset.updates-are-asked-again", async s =>
        {
            Waiting(s, 3);
            s.Work();
            WorkflowHandle run = await StartedAsync(s, "main");
            await s.IdleAsync(run);
            await s.NoteAsync("a", () => run.ExecuteUpdateAsync<string>("add", ["a"], new("one")));
            await s.NoteAsync("b", () => run.ExecuteUpdateAsync<string>("add", ["b"], new("two")));
            WorkflowHandle again = await ResetAsync(s, run, 1);
            await s.IdleAsync(again);
            await s.NoteAsync("notes", () => again.QueryAsync<string>("notes", []));
            await s.NoteAsync("the update's answer", () => again.GetUpdateHandle<string>("one").GetResultAsync());
            await again.SignalAsync("note", ["c"]);
            await s.EndAsync(again);
        }),
        new("reset.between-two-updates", async s =>
        {
            Waiting(s, 3);
            s.Work();
            WorkflowHandle run = await StartedAsync(s, "main");
            await s.IdleAsync(run);
            await s.NoteAsync("a", () => run.ExecuteUpdateAsync<string>("add", ["a"], new("one")));
            await s.NoteAsync("b", () => run.ExecuteUpdateAsync<string>("add", ["b"], new("two")));
            await s.IdleAsync(run);
            WorkflowHandle again = await ResetAsync(s, run, 2);
            await s.IdleAsync(again);
            await s.NoteAsync("notes", () => again.QueryAsync<string>("notes", []));
            WorkflowHandle third = await ResetAsync(s, run, 2, r => r.ResetReapplyExcludeTypes.Add(ResetReapplyExcludeType.Update));
            await s.IdleAsync(third);
            await s.NoteAsync("notes", () => third.QueryAsync<string>("notes", []));
            WorkflowHandle fourth = await ResetAsync(s, run, 3);
            await s.IdleAsync(fourth);
            await s.NoteAsync("notes", () => fourth.QueryAsync<string>("notes", []));
            await s.NoteAsync("first answer", () => fourth.GetUpdateHandle<string>("one").GetResultAsync());
            await fourth.SignalAsync("note", ["c"]);
            await s.EndAsync(fourth);
            await s.RecordAsync(again, "second");
            await s.RecordAsync(third, "third");
        }),
        new("reset.an-update-under-way", async s =>
        {
            Waiting(s, 3);
            s.Work();
            WorkflowHandle run = await StartedAsync(s, "main");
            await s.IdleAsync(run);
            WorkflowUpdateHandle<string> slow = await run.StartUpdateAsync<string>("slow", ["a"], new("slow", WorkflowUpdateStage.Accepted));
            await s.IdleAsync(run);
            await run.SignalAsync("note", ["go"]);
            await s.NoteAsync("slow", () => slow.GetResultAsync());
            await s.IdleAsync(run);
            WorkflowHandle again = await ResetAsync(s, run, 2);
            await s.NoteAsync("slow again", () => again.GetUpdateHandle<string>("slow").GetResultAsync());
            await s.IdleAsync(again);
            await s.RecordAsync(again, "second");
            WorkflowHandle third = await ResetAsync(s, again, 1);
            await s.NoteAsync("slow for the third time", () => third.GetUpdateHandle<string>("slow").GetResultAsync());
            await s.IdleAsync(third);
            await third.SignalAsync("note", ["end"]);
            await s.EndAsync(third);
        }),
        new("reset.to-other-events", async s =>
        {
            WorkflowHandle run = await SignalledAsync(s);
            foreach (int finish in new[] { 0, 1, 2, 5, 6, 1000 })
            {
                await s.NoteAsync($"finish {finish}", async () =>
                {
                    await s.Service.ResetWorkflowExecutionAsync(Request(s, run, finish));
                    return "done";
                });
            }

            foreach (int finish in new[] { 3, 7 })
            {
                await s.NoteAsync($"finish {finish}", async () =>
                {
                    ResetWorkflowExecutionResponse response = await s.Service.ResetWorkflowExecutionAsync(Request(s, run, finish));
                    WorkflowHandle again = s.Client.GetWorkflowHandle(run.Id, response.RunId);
                    await s.IdleAsync(again);
                    await s.RecordAsync(again, $"reset to {finish}");
                    return "done";
                });
            }

            await s.Client.GetWorkflowHandle(run.Id).TerminateAsync();
        }),
        new("reset.mistakes", async s =>
        {
            WorkflowHandle run = await SignalledAsync(s);
            await s.NoteAsync("nobody", () => s.Service.ResetWorkflowExecutionAsync(Request(s, s.Client.GetWorkflowHandle(s.Id("nobody")), 4)));
            await s.NoteAsync("no such run", () => s.Service.ResetWorkflowExecutionAsync(Request(s, s.Client.GetWorkflowHandle(run.Id, Guid.NewGuid().ToString()), 4)));
            ResetWorkflowExecutionRequest request = Request(s, run, 4);
            await s.NoteAsync("no request id", async () =>
            {
                ResetWorkflowExecutionRequest without = request.Clone();
                without.RequestId = "";
                await s.Service.ResetWorkflowExecutionAsync(without);
            });
            ResetWorkflowExecutionResponse first = await s.Service.ResetWorkflowExecutionAsync(request);
            ResetWorkflowExecutionResponse second = await s.Service.ResetWorkflowExecutionAsync(request);
            s.Note("the same request", first.RunId == second.RunId);
            await s.Client.GetWorkflowHandle(run.Id).TerminateAsync();
        }),
    ];
}
