using System.Diagnostics;
using System.Globalization;
using VirtEngine.DR.Signing.Tests.Hunt;
using VirtEngine.DR.Signing.Tests.Model;
using Xunit;

namespace VirtEngine.DR.Signing.Tests;

/// <summary>
/// The two-signer hunt in virtual time, against the product's register client, asker, gate, fences and files. <c>VIRTENGINE_HUNT=5000</c> plays so many seeds,
/// <c>VIRTENGINE_HUNT_SEED=7</c> one and prints what happened: <c>VIRTENGINE_HUNT=5000 dotnet test --project tests/Signing.Tests --filter-class '*VirtualHunt*'</c>.
/// </summary>
public sealed class VirtualHuntTests(ITestOutputHelper output)
{
    private const int SeedsInCi = 300;
    private const int ControlSeeds = 100;

    [Fact]
    public async Task Hunt_WithTheProductsRules_NobodySignsTwiceAndTheRightOneSigns()
    {
        var one = Number("VIRTENGINE_HUNT_SEED");
        var seeds = one is { } seed ? [seed] : Enumerable.Range(1, Number("VIRTENGINE_HUNT") ?? SeedsInCi);
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var wrong = new List<HuntResult>();
        var clock = Stopwatch.StartNew();
        var played = 0;
        foreach (var next in seeds)
        {
            var result = await SeededHunt.PlayAsync(next, new RulesUnderTest());
            played++;
            if (result.Broken.Count > 0 || result.Stuck is not null)
            {
                wrong.Add(result);
            }

            foreach (var (what, times) in result.Counts)
            {
                counts[what] = counts.GetValueOrDefault(what) + times;
            }

            if (one is not null)
            {
                output.WriteLine(result.Trace);
            }
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{played} seeds in {clock.Elapsed.TotalSeconds:0} s; two signers in {wrong.Count(result => result.Broken.Count > 0)}, the right one does not sign at the end in {wrong.Count(result => result.Stuck is not null)}"));
        counts.ToList().ForEach(count => output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count.Value,9} × {count.Key}")));
        foreach (var result in wrong)
        {
            output.WriteLine($"seed {result.Seed} (VIRTENGINE_HUNT_SEED={result.Seed} plays it alone): {string.Join("; ", result.Broken)}{result.Stuck}");
        }

        Assert.True(wrong.Count == 0, wrong.Count == 0 ? "" : $"{wrong.Count} of {played} seeds; the first is {wrong[0].Seed}: {string.Join("; ", wrong[0].Broken)}{wrong[0].Stuck}\n{wrong[0].Trace}");
    }

    [Theory]
    [InlineData(nameof(EverybodyMaySign))]
    [InlineData(nameof(EverythingIsGranted))]
    [InlineData(nameof(RetirementByMachine))]
    public async Task Hunt_WithABrokenRule_FindsADoubleSign(string rule)
    {
        var rules = (ISignerRules)Activator.CreateInstance(typeof(RulesUnderTest).Assembly.GetTypes().Single(type => type.Name == rule))!;
        for (var seed = 1; seed <= ControlSeeds; seed++)
        {
            var result = await SeededHunt.PlayAsync(seed, rules);
            if (result.Broken.FirstOrDefault(one => one.StartsWith("DOUBLE SIGN", StringComparison.Ordinal)) is { } found)
            {
                output.WriteLine($"{rule}: seed {seed}: {found}");
                return;
            }
        }

        Assert.Fail($"{ControlSeeds} seeds of the hunt did not find what is wrong with {rule}");
    }

    [Fact]
    public async Task Hunt_OfOneSeed_IsTheSameTwice()
    {
        var (first, second) = (await SeededHunt.PlayAsync(7, new RulesUnderTest()), await SeededHunt.PlayAsync(7, new RulesUnderTest()));

        Assert.Equal(first.Trace, second.Trace);
        Assert.Equal(first.Counts, second.Counts);
    }

    private static int? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
