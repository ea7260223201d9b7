using VirtEngine.DR.Starter.Tests.Support;
using VirtEngine.DR.Tests.Shared;
using Xunit;

namespace VirtEngine.DR.Starter.Tests.Connection;

/// <summary>TLS with client certificates to a real Temporal server.</summary>
public sealed class TlsTests : IClassFixture<RunbookServer>, IAsyncDisposable
{
    private readonly ScratchFolder folder = new();
    private readonly TlsFrontend front;

    public TlsTests(RunbookServer server)
    {
        front = new TlsFrontend(server.Address, folder.Path);
    }

    [Fact]
    public async Task Status_ByFlags_Answers()
    {
        var io = new TestIo();
        var (ca, certificate, key) = front.Files;
        Assert.True(await StatusAsync(io, "--tls-ca", ca, "--tls-cert", certificate, "--tls-key", key, "--tls-server-name", "temporal.test") == 0, io.Error);
        Assert.Contains(", TLS)", io.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_ByEnvironment_Answers()
    {
        var io = new TestIo();
        (io.Environment["TEMPORAL_TLS_SERVER_CA_CERT_PATH"], io.Environment["TEMPORAL_TLS_CLIENT_CERT_PATH"], io.Environment["TEMPORAL_TLS_CLIENT_KEY_PATH"]) = front.Files;
        io.Environment["TEMPORAL_TLS_SERVER_NAME"] = "temporal.test";
        Assert.True(await StatusAsync(io) == 0, io.Error);
    }

    [Fact]
    public async Task Status_AuthorityDidNotIssueTheServer_EndsWithFive()
    {
        var io = new TestIo();
        var (_, certificate, key) = front.Files;
        Assert.Equal(ExitCodes.Unreachable, await StatusAsync(io, "--tls-ca", front.OtherAuthority, "--tls-cert", certificate, "--tls-key", key, "--tls-server-name", "temporal.test"));
        Assert.Contains("does not answer", io.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_ClientOfAnotherAuthority_EndsWithFive()
    {
        var io = new TestIo();
        var (certificate, key) = front.ForeignClient;
        Assert.Equal(ExitCodes.Unreachable, await StatusAsync(io, "--tls-ca", front.Files.Ca, "--tls-cert", certificate, "--tls-key", key, "--tls-server-name", "temporal.test"));
    }

    [Fact]
    public async Task Status_FileMissing_EndsWithTwoAndNamesIt()
    {
        var io = new TestIo();
        Assert.Equal(ExitCodes.Usage, await StatusAsync(io, "--tls-ca", "/nowhere/ca.pem"));
        Assert.Contains("/nowhere/ca.pem", io.Error, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        await front.DisposeAsync();
        folder.Dispose();
    }

    private Task<int> StatusAsync(TestIo io, params string[] tls) => io.RunAsync(["status", "-o", "json", "--address", front.Address, "--namespace", "default", .. tls]);
}
