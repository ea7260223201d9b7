using VirtEngine.DR.Signing.Tests.Model;
using Xunit;

namespace VirtEngine.DR.Signing.Tests;

public sealed class ModelTests(ITestOutputHelper output)
{
    [Fact]
    public void Probe()
    {
        var limit = int.Parse(Environment.GetEnvironmentVariable("LIMIT") ?? "400000", System.Globalization.CultureInfo.InvariantCulture);
        foreach (var scope in Scopes.Small)
        {
            Show(new Explorer(scope with { Limit = limit }, new RulesUnderTest()).Run(), true);
        }

        RulesUnderTest[] mutations = [new NoSeal(), new FenceWithoutStop(), new GateWithoutLock(), new EmptyBucketCounted(), new RolledBackDiskAllowed(), new RetirementByMachine(),
            new DisabledKeyIsAnEnd(), new BreakGlassForAll(), new NoVoidBetween(), new OnlyHoldersAbove(), new MinorityIsEnough(), new ChainIsEnough(), new ChainNotAsked(), new GenerationIgnored()];
        foreach (var mutation in mutations)
        {
            output.WriteLine("== " + mutation.Name);
            foreach (var scope in Scopes.Small)
            {
                Show(new Explorer(scope with { Limit = limit / 2 }, mutation).Run(), false);
            }
        }
    }

    private void Show(Result result, bool trace)
    {
        output.WriteLine(result + (result.Counterexample is null ? "" : " " + result.Counterexample.Split('\n')[0]));
        if (trace && result.Counterexample is not null)
        {
            output.WriteLine(result.Counterexample);
        }
    }
}
