using VirtEngine.DR.Signing.Tests.Model;

namespace VirtEngine.DR.Signing.Tests.Hunt;

/// <summary>The hunt's control: a gate that always grants. It lives in the tests' host only.</summary>
internal sealed class EverybodyMaySign : RulesUnderTest
{
    public override string Name => "a gate that always grants";

    public override GateDecision Gate(GateObservation seen) => new(GateVerdict.Start, ["always"]);
}

/// <summary>The hunt's other control: an ask to which nothing is missing, whoever may hold the key.</summary>
internal sealed class EverythingIsGranted : RulesUnderTest
{
    public override string Name => "a judgement that always grants";

    public override IReadOnlyList<PossibleHolder> PossibleHolders(RegisterView view, long epoch) => [];

    public override Decision Ask(AskObservation seen) => Decision.Yes;
}
