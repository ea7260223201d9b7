using Xunit;

namespace VirtEngine.DR.Architecture.Tests;

/// <summary>Workflow code calls nothing that a replay would not repeat; and the scanner that says so sees each of those calls.</summary>
public sealed class ForbiddenCallsTests
{
    [Fact]
    public void WorkflowCode_CallsNothingForbidden()
    {
        var files = Repository.Files("*.cs", "src/Workflows").Concat(Repository.Files("*.workflow.cs", "src", "tests")).Distinct();

        var found = files.SelectMany(f => ForbiddenCalls.Find(Repository.Read(f)).Select(c => $"{f}:{c.Line}: '{c.Found}' is not for workflow code; use {c.Instead}."));

        Assert.Empty(found);
    }

    [Theory]
    [InlineData("await Task.Run(() => 1);")]
    [InlineData("await Task.Delay(5);")]
    [InlineData("await Task.WhenAny(a, b);")]
    [InlineData("await Task.WhenAll(a, b);")]
    [InlineData("await Task . WhenAll(a, b);")]
    [InlineData("Task.Factory.StartNew(x);")]
    [InlineData("await x.ConfigureAwait(false);")]
    [InlineData("var now = DateTime.Now;")]
    [InlineData("var now = DateTimeOffset.UtcNow;")]
    [InlineData("var text = $\"at {DateTime.UtcNow:O}\";")]
    [InlineData("var text = $\"\"\"at {DateTime.UtcNow}\"\"\";")]
    [InlineData("var id = Guid.NewGuid();")]
    [InlineData("var r = new Random(1);")]
    [InlineData("var r = Random.Shared.Next();")]
    [InlineData("source.CancelAfter(1000);")]
    [InlineData("using var s = new CancellationTokenSource(1000);")]
    [InlineData("var s = new SemaphoreSlim(1);")]
    [InlineData("lock (gate) { }")]
    [InlineData("Thread.Sleep(1);")]
    [InlineData("x.GetAwaiter().GetResult();")]
    [InlineData("task.Wait();")]
    [InlineData("File.ReadAllText(p);")]
    [InlineData("var c = new HttpClient();")]
    [InlineData("var v = Environment.GetEnvironmentVariable(n);")]
    [InlineData("var c = CultureInfo.CurrentCulture;")]
    [InlineData("try { } catch (Exception) { }")]
    [InlineData("try { } catch (Exception e) { }")]
    [InlineData("try { } catch { }")]
    [InlineData("private static int count;")]
    [InlineData("private static List<string> seen = new();")]
    [InlineData("internal static int count = 1;")]
    [InlineData("foreach (var x in new HashSet<string>(y)) { }")]
    public void Find_ForbiddenCall_IsSeenAtItsLine(string line)
    {
        var found = Assert.Single(ForbiddenCalls.Find("class A\n{\n    " + line + "\n}\n"));

        Assert.Equal(3, found.Line);
    }

    [Theory]
    [InlineData("await Workflow.WhenAllAsync(a, b);")]
    [InlineData("await Workflow.DelayAsync(t);")]
    [InlineData("await Workflow.RunTaskAsync(f);")]
    [InlineData("// Task.Run is for others")]
    [InlineData("/* DateTime.Now */ var a = 1;")]
    [InlineData("var text = \"Task.Delay(5)\";")]
    [InlineData("var text = \"a \\\" Task.Delay(5)\";")]
    [InlineData("var text = @\"a \"\" Task.Delay(5)\";")]
    [InlineData("var text = $\"{{Task.Delay}} {a}\";")]
    [InlineData("var c = '\"'; var d = Workflow.UtcNow; var e = '\"';")]
    [InlineData("private static readonly string[] Names = [];")]
    [InlineData("private static int Sum(int a) => a;")]
    [InlineData("public static IReadOnlyList<string> All { get; } = [];")]
    [InlineData("public static string Name => name;")]
    [InlineData("private const int Max = 1;")]
    [InlineData("try { } catch (FailureException e) when (!TemporalException.IsCanceledException(e)) { }")]
    [InlineData("try { } catch (Exception e) when (e is IOException) { }")]
    [InlineData("using var s = new CancellationTokenSource();")]
    [InlineData("var d = Workflow.UtcNow; var g = Workflow.NewGuid(); var r = Workflow.Random;")]
    public void Find_AllowedCode_IsSilent(string line) => Assert.Empty(ForbiddenCalls.Find("class A\n{\n    " + line + "\n}\n"));
}
