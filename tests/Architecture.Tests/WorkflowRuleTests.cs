using System.Reflection;
using Temporalio.Activities;
using Temporalio.Workflows;
using VirtEngine.DR.Contracts;
using Xunit;

namespace VirtEngine.DR.Architecture.Tests;

/// <summary>Every workflow and activity is named, registered, documented and replayed.</summary>
public sealed class WorkflowRuleTests
{
    private static readonly IReadOnlyList<Type> Workflows = [.. Product.Types.Where(t => t.IsClass && t.GetCustomAttribute<WorkflowAttribute>() is not null)];

    private static readonly IReadOnlyList<MethodInfo> Activities =
    [
        .. Product.Types.SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(m => m.GetCustomAttribute<ActivityAttribute>() is not null),
    ];

    [Fact]
    public void Workflows_HaveTheNamesOfTheContractsAndEachNameHasOne()
    {
        var names = typeof(WorkflowTypes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (string)f.GetRawConstantValue()!);

        Assert.Equal(names.Order(), Workflows.Select(w => w.GetCustomAttribute<WorkflowAttribute>()!.Name ?? $"({w.Name} has no explicit name)").Order());
    }

    [Fact]
    public void Workflows_AreInFilesOfTheirOwnKind()
    {
        var sources = Repository.Files("*.workflow.cs", "src/Workflows").Select(Repository.Read).ToList();

        Assert.All(Workflows, w => Assert.Contains(sources, s => s.Contains("class " + w.Name, StringComparison.Ordinal)));
    }

    [Fact]
    public void Activities_HaveAnExplicitNameThatInterfaceAndImplementationShare()
    {
        Assert.All(Activities, a => Assert.False(string.IsNullOrEmpty(Name(a)), $"{a.DeclaringType}.{a.Name} has no explicit name"));
        var declared = Activities.Where(a => a.DeclaringType!.IsInterface).ToList();
        Assert.NotEmpty(declared);
        Assert.Equal(declared.Count, declared.Select(Name).Distinct().Count());
        foreach (var contract in declared)
        {
            var implementations = Implementations(contract).ToList();
            Assert.True(implementations.Count > 0, $"nothing implements {contract.DeclaringType!.Name}.{contract.Name}");
            Assert.All(implementations, m => Assert.True(Name(m) == Name(contract), $"{m.DeclaringType}.{m.Name} is '{Name(m)}', its interface says '{Name(contract)}'"));
        }
    }

    [Fact]
    public void WorkflowsAndActivities_AreRegisteredByTheWorker()
    {
        var sources = string.Join('\n', Repository.Files("*.cs", "src/Worker").Select(Repository.Read));
        var worker = CodeText.Of(sources);

        // The worker adds every workflow of the one assembly; an activity's class is named, because it is made with what it needs.
        var wholeAssembly = sources.Contains("Assembly.Load(\"VirtEngine.DR.Workflows\")", StringComparison.Ordinal) && worker.Contains(".AddWorkflow(", StringComparison.Ordinal);
        var classes = Workflows.Where(w => !wholeAssembly || Product.Room(w.Assembly) != "Workflows")
            .Concat(Activities.Where(a => !a.DeclaringType!.IsInterface).Select(a => a.DeclaringType!))
            .Distinct();

        Assert.Empty(classes.Where(c => !System.Text.RegularExpressions.Regex.IsMatch(worker, $@"\b{c.Name}\b")).Select(c => $"{c.Name} is not registered in src/Worker"));
    }

    [Fact]
    public void WorkflowsAndActivities_AreDocumented()
    {
        var docs = string.Join('\n', Repository.Files("*.md", "docs").Select(Repository.Read));
        var names = Workflows.Select(w => w.GetCustomAttribute<WorkflowAttribute>()!.Name).Concat(Activities.Select(Name)).OfType<string>().Distinct();

        Assert.Empty(names.Where(n => !docs.Contains($"`{n}`", StringComparison.Ordinal)).Select(n => $"no page of docs/ mentions `{n}`"));
    }

    [Fact]
    public void Workflows_AreReplayedFromARecordedHistory()
    {
        var histories = Repository.Files("*.json", "tests/Replay.Tests").Where(f => !f.EndsWith("packages.lock.json", StringComparison.Ordinal)).ToList();
        var names = Workflows.Select(w => w.GetCustomAttribute<WorkflowAttribute>()!.Name).OfType<string>();

        Assert.Empty(names.Where(n => !histories.Exists(h => Path.GetFileName(h).StartsWith(n, StringComparison.OrdinalIgnoreCase))).Select(n => $"tests/Replay.Tests has no history '{n}*.json'"));
    }

    private static string? Name(MethodInfo activity) => activity.GetCustomAttribute<ActivityAttribute>()?.Name;

    private static IEnumerable<MethodInfo> Implementations(MethodInfo contract) =>
        Product.Types.Where(t => t is { IsClass: true, IsAbstract: false } && t.IsAssignableTo(contract.DeclaringType)).Select(t =>
        {
            var map = t.GetInterfaceMap(contract.DeclaringType!);
            return map.TargetMethods[Array.IndexOf(map.InterfaceMethods, contract)];
        });
}
