using VirtEngine.DR.Activities.Signing;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Signing;

namespace VirtEngine.DR.Activities.Tests.Signing;

public sealed class GateInstalledTests
{
    private const string Address = "0123456789ABCDEF0123456789ABCDEF01234567";
    private static readonly SignerName Signer = new("chain-1", Address);

    [Theory]
    [InlineData($"virtengine-dr signer exec --chain chain-1 --validator {Address} -- virtengine start --home /h")]
    [InlineData($"/usr/bin/virtengine-dr signer exec --validator={Address} --chain=chain-1 --once -- /usr/bin/virtengine start")]
    [InlineData($"nice -n 5 virtengine-dr signer exec --chain chain-1 --validator {Address} -- virtengine start")]
    [InlineData($"dotnet /opt/virtengine-dr.dll signer exec --chain chain-1 --validator 0123456789abcdef0123456789abcdef01234567 -- tmkms start -c f")]
    public void Problem_OfACommandThroughTheGate_IsNone(string line) => Assert.Null(GateInstalled.Problem(line.Split(' '), Signer));

    [Theory]
    [InlineData("virtengine start", "does not go through the gate")]
    [InlineData("cosmovisor run start", "DAEMON_NAME")]
    [InlineData($"sh -c 'virtengine-dr signer exec --chain chain-1 --validator {Address} -- virtengine start'", "cannot be told")]
    [InlineData($"sh virtengine-dr signer exec --chain chain-1 --validator {Address} -- virtengine start", "may do something else")]
    [InlineData($"virtengine-dr signer exec --chain chain-1 --validator {Address} -- cosmovisor run start", "innermost")]
    [InlineData($"virtengine-dr signer exec --chain chain-1 --validator {Address} -- sh run.sh", "innermost")]
    [InlineData($"virtengine-dr signer exec --chain chain-2 --validator {Address} -- virtengine start", "another key")]
    [InlineData("virtengine-dr signer exec --chain chain-1 -- virtengine start", "--validator is missing")]
    [InlineData($"virtengine-dr signer exec --chain chain-1 --validator {Address} --", "no command follows")]
    [InlineData($"virtengine-dr signer status --chain chain-1 --validator {Address}", "does not go through")]
    [InlineData($"virtengine start -- virtengine-dr signer exec --chain chain-1 --validator {Address} -- x", "does not go through")]
    public void Problem_OfAnotherCommand_SaysWhatToDo(string line, string words)
    {
        var problem = GateInstalled.Problem(line.Split(' '), Signer);

        Assert.NotNull(problem);
        Assert.Contains(words, problem, StringComparison.Ordinal);
        Assert.Contains($"virtengine-dr signer exec --chain chain-1 --validator {Address} -- COMMAND", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, null)]
    [InlineData(2, "2 start commands")]
    [InlineData(0, "0 start commands")]
    public void ProblemOfUnit_ByWhatSystemctlShows_NeedsOneCommandThroughTheGate(int commands, string? words)
    {
        var one = $"{{ path=/usr/bin/virtengine-dr ; argv[]=/usr/bin/virtengine-dr signer exec --chain chain-1 --validator {Address} -- virtengine start ; ignore_errors=no ; start_time=[n/a] ; stop_time=[n/a] ; pid=0 ; code=(null) ; status=0/0 }}";

        var problem = GateInstalled.ProblemOfUnit("ExecStart=" + string.Join("\nExecStart=", Enumerable.Repeat(one, commands)), Signer);

        Assert.Equal(words is null, problem is null);
        Assert.Contains(words ?? "", problem ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void ProblemOfProcess_OfAnEstatesNode_IsOfItsOwnCommandElseOfTheChains()
    {
        var chain = new ChainSpec { Id = "chain-1", Commands = new CommandProfile { Binary = "labchaind", Start = ["start", "--home", "{home}"] } };
        var node = new NodeSpec { Name = "v", Kind = NodeKind.Validator, Region = "r", Home = "/h", Control = new ControlSpec { Type = "process" } };

        Assert.Equal(["labchaind", "start", "--home", "/h"], GateInstalled.Words(node, chain));
        Assert.NotNull(GateInstalled.ProblemOfProcess(node, chain, Signer));
        var gated = node with { Control = node.Control with { Command = GateInstalled.Gated(Signer, GateInstalled.Words(node, chain)) } };
        Assert.Null(GateInstalled.ProblemOfProcess(gated, chain, Signer));
    }
}
