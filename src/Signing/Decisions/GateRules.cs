namespace VirtEngine.DR.Signing;

/// <summary>Whether a signer may start here, now.</summary>
public static class GateRules
{
    /// <summary>How many RPCs of different sources must agree.</summary>
    public const int Sources = 2;

    /// <summary>The decision. Same boot: the record alone. First start after a boot: the register and the chain too.</summary>
    public static GateDecision Decide(GateObservation seen)
    {
        if (Local(seen) is { Count: > 0 } problems)
        {
            return new GateDecision(GateVerdict.Refuse, problems);
        }

        var record = seen.Record!;
        if (record.CheckedBoot == seen.BootId)
        {
            return new GateDecision(GateVerdict.Start, [$"epoch {record.Grant} is granted to this machine and was checked in this boot"]);
        }

        return seen.View is null ? new GateDecision(GateVerdict.Look, ["the first start after a boot asks the register and two RPCs"]) : FirstStart(seen, record, seen.View);
    }

    /// <summary>What the machine itself says against a start.</summary>
    public static IReadOnlyList<string> Local(GateObservation seen)
    {
        var problems = new List<string>();
        if (!seen.LockHeld)
        {
            problems.Add("the signer's lock is held by another process: a signer of this key runs here already, or a fence is being adopted");
        }

        if (seen.Alarm is { } alarm)
        {
            problems.Add(alarm);
        }

        if (seen.Record is not { Grant: > 0 } record)
        {
            problems.Add("no grant is recorded on this machine");
            return problems;
        }

        if (record.Machine != seen.Machine)
        {
            problems.Add($"the record is of machine {record.Machine}, and this is {seen.Machine}: a cloned or moved disk does not sign");
        }

        if (record.Grant < record.Fence)
        {
            problems.Add($"fenced: the grant is of epoch {record.Grant} and the fence is {record.Fence}");
        }

        if (seen.LastSigned is not { } hrs)
        {
            problems.Add($"the HRS file cannot be read ({seen.HrsProblem ?? "it is missing"}): a signer without it would begin at height 0");
        }
        else if (hrs < record.Floor)
        {
            problems.Add($"the HRS file says {hrs} and the floor is {record.Floor}: raise it first, never lower the floor");
        }

        return problems;
    }

    /// <summary>The chain shows no signature above the file's, by enough independent RPCs.</summary>
    public static GateDecision Chain(IReadOnlyList<RpcSight> rpcs, Hrs hrs)
    {
        if (rpcs.FirstOrDefault(rpc => rpc.LastSigned > hrs.Height) is { } later)
        {
            return new GateDecision(GateVerdict.Refuse,
                [$"{later.Source} shows a signature of this address at height {later.LastSigned} and the HRS file says {hrs}: the file is old (a disk rolled back?), or somebody else signs"]);
        }

        var sources = rpcs.Where(rpc => rpc.LookedFrom <= hrs.Height + 1 && rpc.Height >= hrs.Height - 1).Select(rpc => rpc.Source).Distinct(StringComparer.Ordinal).Count();
        return sources >= Sources ? new GateDecision(GateVerdict.Start, [$"{sources} independent RPCs show no signature above {hrs}"])
            : new GateDecision(GateVerdict.Wait, [$"{sources} of {Sources} independent RPCs show the chain from height {hrs.Height + 1} on: whether the HRS file is old cannot be told"]);
    }

    private static GateDecision FirstStart(GateObservation seen, MachineRecord record, RegisterView view)
    {
        if (GrantRules.Above(view, record.Grant) is { Allowed: false } above && view.Buckets.Any(bucket => bucket.Slots?.Keys.Any(epoch => epoch > record.Grant) == true))
        {
            return new GateDecision(view.Answers || Named(view, record.Grant) ? GateVerdict.Refuse : GateVerdict.Wait, above.Missing);
        }

        if (!view.Answers)
        {
            return new GateDecision(GateVerdict.Wait,
                [$"{view.Reachable} of {view.Buckets.Count} buckets answer and {view.Majority} are needed: whether somebody else was granted since cannot be told. Where they are gone for good: break glass (docs/signing.md)"]);
        }

        return Chain(seen.Rpcs, seen.LastSigned!.Value);
    }

    private static bool Named(RegisterView view, long epoch) =>
        view.Buckets.Any(bucket => bucket.Slots?.Any(slot => slot.Key > epoch && slot.Value.IsHolder) == true);
}
