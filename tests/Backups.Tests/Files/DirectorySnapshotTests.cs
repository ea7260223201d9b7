using VirtEngine.DR.Backups.Files;
using VirtEngine.DR.Backups.Tests.Support;
using Xunit;

namespace VirtEngine.DR.Backups.Tests.Files;

public sealed class DirectorySnapshotTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public async Task TakeAsync_IncludesAndExcludes_ChooseFiles()
    {
        foreach (var path in new[] { "config/app.toml", "config/config.toml", "config/old/app.toml.bak", "data/a.json", "data/b.txt", "callbacks/x/y" })
        {
            Write(path, path);
        }

        await using var snapshot = await TakeAsync(["config", "data/*.json", "callbacks/**"], ["**/*.bak"]);

        Assert.Equal(["callbacks/x/y", "config/app.toml", "config/config.toml", "data/a.json"], snapshot.Files.Select(file => file.Path));
        using var reader = new StreamReader(snapshot.Open(snapshot.Files[0]));
        Assert.Equal("callbacks/x/y", await reader.ReadToEndAsync(Bench.Token));
    }

    [Theory]
    [InlineData("config/priv_validator_key.json", "{}")]
    [InlineData("config/node_key.json", "{}")]
    [InlineData("keyring-file/operator.info", "x")]
    [InlineData("config/.ssh/known", "x")]
    [InlineData("config/tls.key", "x")]
    [InlineData("config/renamed.txt", "-----BEGIN PRIVATE KEY-----\nAAAA")]
    [InlineData("config/renamed.txt", "text before\n-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA")]
    [InlineData("config/renamed.txt", "-----BEGIN PGP PRIVATE KEY BLOCK-----")]
    [InlineData("config/renamed.txt", "-----BEGIN EC PRIVATE KEY-----")]
    [InlineData("config/renamed.txt", "-----BEGIN TENDERMINT PRIVATE KEY-----")]
    [InlineData("config/renamed.json", "{\"priv_key\":{\"type\":\"tendermint/PrivKeyEd25519\",\"value\":\"q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=\"}}")]
    [InlineData("config/renamed.toml", "private_key = \"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"")]
    [InlineData("config/renamed.txt", "AGE-SECRET-KEY-1QQQQQQQQ")]
    [InlineData("config/renamed.json", "{\"mnemonic\":\"abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about\"}")]
    [InlineData("config/renamed.info", "eyJhbGciOiJQQkVTMi1IUzI1NitBMTI4S1ciLCJjcmVhdGVkIjoi.abc")]
    public async Task TakeAsync_PrivateKeyByNameOrContent_NeverEnters(string path, string content)
    {
        Write("config/app.toml", "ok = true");
        Write(path, content);
        Write("keyring-file/other", "x");

        await using var snapshot = await TakeAsync(["config", "keyring-file"]);

        Assert.Equal(["config/app.toml"], snapshot.Files.Select(file => file.Path));
        var refused = Assert.Single(snapshot.Refused, file => file.Path == path);
        Assert.DoesNotContain("0123456789abcdef", refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TakeAsync_PublicThings_Enter()
    {
        Write("config/genesis.json", "{\"validators\":[{\"pub_key\":{\"type\":\"tendermint/PubKeyEd25519\",\"value\":\"q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=\"}}]}");
        Write("config/config.toml", "priv_validator_key_file = \"config/priv_validator_key.json\"\npriv_validator_state_file = \"data/priv_validator_state.json\"\nnode_key_file = \"config/node_key.json\"\ntls_key_file = \"\"");
        Write("config/ca.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n-----BEGIN PUBLIC KEY-----");

        await using var snapshot = await TakeAsync(["config"]);

        Assert.Empty(snapshot.Refused);
        Assert.Equal(3, snapshot.Files.Count);
    }

    [Fact]
    public async Task TakeAsync_LinkOutOfTheFolder_IsNotFollowed()
    {
        Write("config/app.toml", "ok");
        File.CreateSymbolicLink(Path.Combine(_folder.Path, "config/link.toml"), "/etc/hostname");
        Directory.CreateSymbolicLink(Path.Combine(_folder.Path, "config/loop"), _folder.Path);

        await using var snapshot = await TakeAsync(["config"]);

        Assert.Equal(["config/app.toml"], snapshot.Files.Select(file => file.Path));
    }

    [Fact]
    public async Task TakeAsync_IncludeThatFitsNothing_IsRefused()
    {
        Write("config/app.toml", "ok");

        var error = await Assert.ThrowsAsync<BackupException>(() => TakeAsync(["config", "lifecycle_queue"]));

        Assert.Contains("lifecycle_queue", error.Message, StringComparison.Ordinal);
        Assert.IsType<PathUnsafeException>(await Record.ExceptionAsync(() => TakeAsync(["../etc"])));
    }

    private Task<DirectorySnapshot> TakeAsync(string[] include, string[]? exclude = null) =>
        DirectorySnapshot.TakeAsync(_folder.Path, new FileSelection(include, exclude), TimeProvider.System, Bench.Token);

    private void Write(string path, string text)
    {
        var full = Path.Combine(_folder.Path, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }

    public void Dispose() => _folder.Dispose();
}
