using System.Net;
using System.Text;
using VirtEngine.DR.Activities.Signing;
using VirtEngine.DR.Backups.Signing;
using VirtEngine.DR.Signing;
using VirtEngine.DR.Tests.Shared;

namespace VirtEngine.DR.Starter.Tests.Signers;

/// <summary>A signer's host in a folder: three folders as buckets, an HRS file, a boot that a test may change, and two RPCs.</summary>
internal sealed class SignerHostStage : IAsyncDisposable
{
    public static readonly SignerName Signer = new("stage-1", new string('F', 40));
    private readonly ScratchFolder _folder = new();
    private readonly HttpListener _rpc = new();
    private readonly List<ChildProgram> _programs = [];

    public SignerHostStage()
    {
        Paths = new SignerPaths(_folder["signers"], Signer);
        Write("host/sys/class/dmi/id/product_uuid", "4c4c4544");
        Write("host/sys/block/sda/device/serial", "disk-1");
        Boot("boot-1");
        Write("state.json", """{"height":"5","round":0,"step":3}""");
        foreach (var name in People)
        {
            var (signer, pem) = PemSigner.Generate();
            using (signer)
            {
                Write($"keys/{name}.pem", pem);
                Write($"keys/{name}.pub.pem", signer.PublicKeyPem());
            }
        }

        var port = FreePorts.One();
        Rpc = $"http://127.0.0.1:{port}/";
        _rpc.Prefixes.Add(Rpc);
        _rpc.Start();
        _rpc.BeginGetContext(Answer, null);
        Config = new GateConfig
        {
            Register = "stage",
            HrsFile = _folder["state.json"],
            Identity = IdentityKind.Hardware,
            Disk = "sda",
            HostRoot = _folder["host"],
            Buckets = [.. Names.Select(name => new GateBucket { Name = name, Url = new Uri(_folder[name]).AbsoluteUri, Region = name })],
            Rpcs = [new GateRpc { Source = "one", Url = $"http://127.0.0.1:{port}/" }, new GateRpc { Source = "two", Url = $"http://127.0.0.1:{port}/" }],
            OfflineKeys = [.. People.Select(name => new OfflineKey(name, File.ReadAllText(_folder[$"keys/{name}.pub.pem"])))],
        };
        Write("signers/stage-1/" + Signer.Address + "/gate.json", Encoding.UTF8.GetString(Config.Write()));
        var members = SlotBytes.Write(new RegisterMembers { Register = "stage", Generation = 1, Buckets = Names });
        foreach (var name in Names)
        {
            Write($"{name}/{RegisterKeys.Members(1)}", Encoding.UTF8.GetString(members));
        }
    }

    public static string[] Names { get; } = ["a", "b", "c"];

    public static string[] People { get; } = ["ann", "bob"];

    /// <summary>The RPC; below it any path is answered alike.</summary>
    public string Rpc { get; }

    /// <summary>A file or folder of the stage.</summary>
    public string this[string path] => _folder[path];

    public SignerPaths Paths { get; }

    public GateConfig Config { get; }

    public string Root => _folder["signers"];

    public RegisterClient Register => RegisterBuckets.Client(Config);

    public SignerHost Host => new(Paths, "4c4c4544/disk-1", "boot-1", new HrsFile(Config.HrsFile, Config.Format), SignerRules.Instance);

    public void Boot(string id) => Write("host/proc/sys/kernel/random/boot_id", id);

    public async Task GrantAsync(CancellationToken cancellationToken)
    {
        var view = await Register.ReadAsync(Signer, cancellationToken);
        await Register.PutAsync(view, new SlotObject
        {
            Kind = SlotKind.Holder,
            Signer = Signer,
            Register = "stage",
            Epoch = 1,
            Generation = 1,
            Holder = "4c4c4544/disk-1",
            Floor = new Hrs(6, 0, 3),
            OfflineAllowed = ["4c4c4544/disk-1"],
            AskedBy = "test",
            AskId = "1",
        }, cancellationToken);
        var recorded = await new GrantRecorder(Host, Register).RecordAsync(1, cancellationToken);
        Xunit.Assert.Empty(recorded.Missing);
    }

    /// <summary>An estate of one validator whose home has this key and an HRS file that says nothing yet, and a full node; its buckets are there and empty but for what was written.</summary>
    /// <param name="register">Its register; null before the init.</param>
    /// <param name="buckets">The register's buckets.</param>
    public string Estate(string? register, params string[] buckets)
    {
        Write("home/config/config.toml", "moniker = \"stage\"\n");
        Write("home/config/priv_validator_key.json", $$"""{"address":"{{Signer.Address}}","pub_key":{"type":"tendermint/PubKeyBn254","value":"AA=="},"priv_key":{"type":"x","value":"AA=="} }""");
        Write("home/data/priv_validator_state.json", """{"height":"0","round":0,"step":0}""");
        foreach (var bucket in buckets.Append("backups"))
        {
            Directory.CreateDirectory(_folder[bucket]);
        }

        Write("estate.yaml", $$"""
            name: stage
            chain: { id: stage-1 }
            regions:
              - { name: here, role: primary, capacity: 100, bucket: { url: "file:backups" } }
            nodes:
              - name: validator-0
                kind: validator
                region: here
                home: {{_folder["home"]}}
                control: { type: process }
                signer: { disk: sda, hostRoot: "{{_folder["host"]}}" }
              - { name: validator-1, kind: validator, region: here, home: /h, control: { type: process } }
            backups: { schedules: [] }
            signing:
              {{(register is null ? "" : $"register: {register}")}}
              buckets: [{{string.Join(", ", buckets.Select(bucket => $"{{ name: {bucket}, url: 'file:{bucket}' }}"))}}]
              rpcs: [{ source: one, url: "{{Rpc}}one" }, { source: two, url: "{{Rpc}}two" }]
              offlineKeys: [{ name: ann, publicKey: keys/ann.pub.pem }, { name: bob, publicKey: keys/bob.pub.pem }]
            """);
        return _folder["estate.yaml"];
    }

    public void CutOff(params string[] buckets) => buckets.ToList().ForEach(name => Directory.Move(_folder[name], _folder[name] + "-gone"));

    /// <summary>The operator's program, as a process of its own.</summary>
    public ChildProgram Start(params string[] args)
    {
        var program = ChildProgram.Start(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "virtengine-dr.dll"), "signer", .. args],
            new Dictionary<string, string> { ["VIRTENGINE_SIGNER_ROOT"] = Root });
        _programs.Add(program);
        return program;
    }

    /// <summary>The operator's program with lines typed into it, as a process of its own.</summary>
    public ChildProgram Typed(string[] lines, params string[] args)
    {
        // The shell becomes the program: its pid is the signer's.
        Write("typed", string.Join('\n', lines) + "\n");
        var program = ChildProgram.Start(
            "sh", ["-c", "exec dotnet \"$@\" <\"$0\"", _folder["typed"], Path.Combine(AppContext.BaseDirectory, "virtengine-dr.dll"), "signer", .. args],
            new Dictionary<string, string> { ["VIRTENGINE_SIGNER_ROOT"] = Root });
        _programs.Add(program);
        return program;
    }

    public ChildProgram Exec(params string[] command) => Start(["exec", "--chain", Signer.Chain, "--validator", Signer.Address, "--once", "--", .. command]);

    public async ValueTask DisposeAsync()
    {
        foreach (var program in _programs)
        {
            await program.DisposeAsync();
        }

        _rpc.Close();
        _folder.Dispose();
    }

    private void Answer(IAsyncResult result)
    {
        try
        {
            var context = _rpc.EndGetContext(result);
            _rpc.BeginGetContext(Answer, null);
            var now = DateTimeOffset.UtcNow.ToString("O", System.Globalization.CultureInfo.InvariantCulture);
            var body = context.Request.Url!.AbsolutePath.Contains("status", StringComparison.Ordinal)
                ? $$"""{"node_info":{"network":"stage-1","id":"ab","version":"0"},"sync_info":{"latest_block_height":"9","latest_block_time":"{{now}}","earliest_block_height":"1","catching_up":false} }"""
                : """{"canonical":true,"signed_header":{"commit":{"signatures":[{"block_id_flag":2,"validator_address":"00"}]} } }""";
            var bytes = Encoding.UTF8.GetBytes($$"""{"jsonrpc":"2.0","id":-1,"result":{{body}}}""");
            context.Response.ContentType = "application/json";
            context.Response.Close(bytes, willBlock: false);
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException)
        {
            // The stage is over.
        }
    }

    private void Write(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[file])!);
        File.WriteAllText(_folder[file], text);
    }
}
