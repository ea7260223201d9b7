using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Starter.Connection;
using VirtEngine.DR.Starter.Errors;
using Xunit;

namespace VirtEngine.DR.Starter.Tests.Connection;

/// <summary>Flag, then environment, then estate, else the embedded engine; the last one in words where it would run more than one node.</summary>
public sealed class ServerChoiceTests
{
    private static readonly ServerSpec Estate = new("estate:7233", "estate-ns", true);

    private readonly Dictionary<string, string> environment = new(StringComparer.Ordinal);

    [Fact]
    public void Choose_FlagEnvironmentAndEstate_TheFlagWins()
    {
        environment["TEMPORAL_ADDRESS"] = "env:7233";
        environment["TEMPORAL_NAMESPACE"] = "env-ns";
        var choice = Choose(new ServerFlags(Address: "flag:7233"), Estate);
        Assert.Equal(("flag:7233", "env-ns", "--address"), (choice.Address, choice.Namespace, choice.Source));
        Assert.Null(choice.Tls);
    }

    [Fact]
    public void Choose_EnvironmentAndEstate_TheEnvironmentWinsAndTheEstatesTlsDoesNotLeak()
    {
        environment["TEMPORAL_ADDRESS"] = "env:7233";
        var choice = Choose(new ServerFlags(), Estate);
        Assert.Equal(("env:7233", "default", "TEMPORAL_ADDRESS"), (choice.Address, choice.Namespace, choice.Source));
        Assert.Null(choice.Tls);
    }

    [Fact]
    public void Choose_EstateOnly_TakesItWithItsNamespaceAndTls()
    {
        var choice = Choose(new ServerFlags(), Estate);
        Assert.Equal(("estate:7233", "estate-ns", "the estate"), (choice.Address, choice.Namespace, choice.Source));
        Assert.NotNull(choice.Tls);
    }

    [Fact]
    public void Choose_NamespaceFlag_WinsOverTheEstates() =>
        Assert.Equal("flag-ns", Choose(new ServerFlags(Namespace: "flag-ns"), Estate).Namespace);

    [Fact]
    public void Choose_ApiKey_ImpliesTlsAndIsNeverDescribed()
    {
        environment["TEMPORAL_ADDRESS"] = "env:7233";
        environment["TEMPORAL_API_KEY"] = "secret-key";
        var choice = Choose(new ServerFlags(), null);
        Assert.Equal("secret-key", choice.ApiKey);
        Assert.NotNull(choice.Tls);
        Assert.DoesNotContain("secret-key", choice.Describe(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("1", true)]
    [InlineData("false", false)]
    public void Choose_TlsVariable_DecidesOverTheEstate(string value, bool tls)
    {
        environment["TEMPORAL_TLS"] = value;
        Assert.Equal(tls, Choose(new ServerFlags(), Estate).Tls is not null);
    }

    [Fact]
    public void Choose_TlsVariableUnclear_IsAnError()
    {
        environment["TEMPORAL_TLS"] = "perhaps";
        Assert.Contains("TEMPORAL_TLS is 'perhaps'", Assert.Throws<CliException>(() => Choose(new ServerFlags(), Estate)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Choose_NothingAndOneNode_IsTheEmbeddedEngine() => Assert.Null(Chosen(new ServerFlags(), new EstateServer(null, 1)));

    [Fact]
    public void Choose_NothingAndSeveralNodes_WantsItInWords()
    {
        var message = Assert.Throws<CliException>(() => Chosen(new ServerFlags(), new EstateServer(null, 3))).Message;
        Assert.All(["3 nodes", "--address", "TEMPORAL_ADDRESS", "estate", "--embedded", "VIRTENGINE_EMBEDDED"], way => Assert.Contains(way, message, StringComparison.Ordinal));
    }

    [Fact]
    public void Choose_Embedded_WinsOverEnvironmentAndEstate()
    {
        environment["TEMPORAL_ADDRESS"] = "env:7233";
        Assert.Null(Chosen(new ServerFlags(Embedded: true), new EstateServer(Estate, 40)));
    }

    [Fact]
    public void Choose_EmbeddedAndAddress_IsAnErrorThatNamesBoth()
    {
        var message = Assert.Throws<CliException>(() => Chosen(new ServerFlags(Address: "a:1", Embedded: true), new EstateServer(null, 1))).Message;
        Assert.Contains("--embedded and --address a:1", message, StringComparison.Ordinal);
    }

    private ServerAddress Choose(ServerFlags flags, ServerSpec? estate) => Chosen(flags, new EstateServer(estate, 5))!;

    private ServerAddress? Chosen(ServerFlags flags, EstateServer estate) => ServerChoice.Choose(flags, name => environment.GetValueOrDefault(name), estate);
}
