using Temporalio.Exceptions;
using Temporalio.Workflows;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Chain;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Contracts.Recovery;
using VirtEngine.DR.Workflows.Backups;
using VirtEngine.DR.Workflows.Flow;

namespace VirtEngine.DR.Workflows.Corruption;

/// <summary>
/// A recovery of the whole chain: most validators are other people's, so a plan is drawn up, approved, signed and published for them, and our own nodes' steps wait until
/// enough of the others are seen, or said, to have carried it out.
/// </summary>
/// <param name="spec">What people want.</param>
/// <param name="height">The height to go back to.</param>
/// <param name="slice">The node whose host signs.</param>
/// <param name="ours">The nodes of this run, by consensus address where they have one.</param>
/// <param name="leaving">The run is to end, and must not wait on.</param>
public sealed class CoordinatedSteps(CoordinatedSpec spec, long height, NodeSlice slice, Func<IReadOnlyDictionary<string, string?>> ours, Func<bool> leaving)
{
    /// <summary>The id of the step that publishes.</summary>
    public const string PublishId = "publish";

    /// <summary>The id of the step that waits.</summary>
    public const string AwaitId = "await-others";

    private const int TwoPeople = 2;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly SortedSet<string> said = new(StringComparer.Ordinal);
    private readonly List<PlanReceipt> kept = [];
    private RecoveryPlan? plan;
    private SignedPlan? signed;
    private PlanProgress? progress;

    /// <summary>The plan's digest, which people approve.</summary>
    public string Digest { get; private set; } = "";

    /// <summary>Where people decide.</summary>
    public IEnumerable<GateDeclaration> Gates => kept.Count > 0 ? [] :
        [new(PublishId, $"Sign the plan {Short} and give it to all validators: back to the state after height {height}, version {spec.Version}?", PublishId) { Required = TwoPeople }];

    /// <summary>What an approval accepts.</summary>
    public IEnumerable<Bound> Bounds => [Bound.Exactly("plan", FormattableString.Invariant($"recovery plan {Digest}: state after height {height}, app hash {plan?.AppHash}, version {spec.Version}"))];

    /// <summary>What people should know.</summary>
    public IEnumerable<string> Risks => plan is null ? [] :
    [
        FormattableString.Invariant($"the plan is for {plan.Validators.Count(one => one.Node is null)} validators of other people: {RecoveryPlanText.Enough(plan)} of {RecoveryPlanText.Total(plan)} voting power of theirs must be back before ours start"),
        .. plan.Agreed.Count == 1 ? [$"only {plan.Agreed[0]} says what the app hash is: ask other validators for theirs before you approve"] : Array.Empty<string>(),
        $"nobody's binary is checked by this run but by the version that a node says it runs; {(spec.Binaries.Count == 0 ? "the plan names no binaries" : string.Join("; ", spec.Binaries))}",
    ];

    /// <summary>What is left for people.</summary>
    public IEnumerable<string> LeftBehind => kept.Count == 0 ? [] : [$"The recovery plan {Short} is {kept[0].Key} in {string.Join(", ", kept.Select(one => one.Region))}; who has the files verifies them by: virtengine-dr recovery-plan verify --plan FILE --key PUBLIC.pem"];

    private string Short => Digest[..Math.Min(12, Digest.Length)];

    private IReadOnlyList<RpcEndpoint> Others => [.. slice.References.Where(reference => !ours().Values.Contains(reference.Node))];

    /// <summary>Draws the plan up; once it is published it stands.</summary>
    public async Task GatherAsync(FactBook facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        if (kept.Count > 0)
        {
            return;
        }

        var query = new PlanQuery(slice.Target.Chain.Id, Others, height);
        var seen = await Workflow.ExecuteActivityAsync((IRecoveryPlanActivities a) => a.FactsAsync(query), Policies.Probe("asks what the height to go back to is"));
        RecoveryValidator[] validators = [.. seen.Validators.Select(one => one with { Node = ours().GetValueOrDefault(one.Address) })];
        if (plan is null || plan.AppHash != seen.AppHash || !plan.Validators.SequenceEqual(validators) || !plan.Agreed.SequenceEqual(seen.Agreed))
        {
            var now = new DateTimeOffset(Workflow.UtcNow.Ticks - (Workflow.UtcNow.Ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
            plan = RecoveryPlanText.With(new()
            {
                ChainId = slice.Target.Chain.Id,
                Height = height,
                AppHash = seen.AppHash,
                Agreed = seen.Agreed,
                Version = spec.Version,
                Binaries = spec.Binaries,
                MadeAt = now,
                Deadline = now + spec.Within,
                Run = Workflow.Info.WorkflowId,
                Signer = slice.Target.Node.Name,
                Validators = validators,
            });
            (Digest, signed) = (RecoveryPlanBytes.Digest(RecoveryPlanBytes.Write(plan)), null);
        }

        facts.Record("plan", FormattableString.Invariant($"{Digest}: state after height {height}, app hash {plan.AppHash} ({string.Join(", ", plan.Agreed)}), version {spec.Version}, {plan.Validators.Count} validators; until {plan.Deadline:u}"), seen.At);
    }

    /// <summary>In order.</summary>
    /// <param name="first">The number of the first.</param>
    public IEnumerable<StepDeclaration> Declare(int first) =>
    [
        new()
        {
            Number = FormattableString.Invariant($"{first}.1"), Id = PublishId, Title = $"Sign the recovery plan on {slice.Target.Node.Name} and keep it in every region's bucket",
            Parameters = [$"plan={Digest}"], Changes = "an object in each bucket", Undo = UndoKind.Keep,
            KeptText = $"The recovery plan {Short} stays published: tell everybody who may have it that it is void.",
            Describe = () => Task.FromResult(kept.Count > 0 ? new Observed("published", Where()) : new Observed("draft", "nobody has it yet")), After = "published",
            // The gate is behind, and the facts are old when the others are back.
            Replans = true,
            Act = _ => PublishAsync(),
        },
        new()
        {
            Number = FormattableString.Invariant($"{first}.2"), Id = AwaitId, Title = "Wait until enough of the others carried the plan out: seen by their votes, or said by people (virtengine-dr recovery-plan ready)",
            Skippable = true, Unproven = "that the others carried the plan out was neither seen nor said",
            Replans = true,
            Act = _ => AwaitAsync(),
        },
    ];

    /// <summary>Somebody says that others are back.</summary>
    public OthersReadyReply Say(OthersReady word)
    {
        ArgumentNullException.ThrowIfNull(word);
        if (plan is null || kept.Count == 0)
        {
            return new(false, "no plan is published yet: nobody can have carried it out");
        }

        var others = plan.Validators.Where(one => one.Node is null).Select(one => one.Address).ToArray();
        string[] mistakes =
        [
            .. string.IsNullOrWhiteSpace(word.By) ? ["by: is missing; say who you are"] : Array.Empty<string>(),
            .. string.IsNullOrWhiteSpace(word.Why) ? ["why: is missing; say how you know"] : Array.Empty<string>(),
            .. word.Validators.Where(one => !others.Contains(one)).Select(one => $"validators: {one} is no other validator of the plan; those are {string.Join(", ", others)}"),
        ];
        if (mistakes.Length > 0)
        {
            return new(false, string.Join("\n", mistakes));
        }

        said.UnionWith(word.Validators.Count == 0 ? others : word.Validators);
        return new(true, Standing());
    }

    private long Ready => plan!.Validators.Where(one => one.Node is null && (said.Contains(one.Address) || progress?.Seen.Contains(one.Address) == true)).Sum(one => one.Power);

    private string Standing() => FormattableString.Invariant(
        $"{Ready} of {RecoveryPlanText.Enough(plan!)} needed are back ({string.Join(", ", (progress?.Seen ?? []).DefaultIfEmpty("nobody"))} seen, {string.Join(", ", said.DefaultIfEmpty("nobody"))} said); missing: {string.Join(", ", plan!.Validators.Where(one => one.Node is null && !said.Contains(one.Address) && progress?.Seen.Contains(one.Address) != true).Select(one => one.Address).DefaultIfEmpty("nobody"))}");

    private string Where() => $"{kept[0].Key} in {string.Join(", ", kept.Select(one => one.Region))}";

    private async Task<string?> PublishAsync()
    {
        var signing = new PlanSigning(slice, plan!, Digest);
        var name = slice.Target.Node.Name;
        signed ??= await Workflow.ExecuteActivityAsync((IRecoveryPlanSigningActivities a) => a.SignAsync(signing), Policies.Mutate("signs the recovery plan on " + name).OnNode(name));
        var problems = new List<string>();
        foreach (var bucket in slice.Buckets)
        {
            try
            {
                var keeping = new PlanKeeping(slice, bucket, signed);
                kept.Add(await Workflow.ExecuteActivityAsync((IRecoveryPlanActivities a) => a.KeepAsync(keeping), Policies.Mutate("keeps the recovery plan in " + bucket.Region)));
            }
            catch (ActivityFailureException e)
            {
                problems.Add($"{bucket.Region} does not have it: {Failure.From(e).Message}");
            }
        }

        if (kept.Count == 0)
        {
            throw Conflict($"the plan is kept nowhere: {string.Join("; ", problems.DefaultIfEmpty("the estate names no bucket"))}");
        }

        problems.AddRange(await TellAsync("critical", $"recovery plan {Digest}, signed by {signed.KeyId}: {Where()}. Give both files to the other validators"));
        return $"plan {Digest}, signed by {signed.KeyId}: {Where()}{string.Concat(problems.Select(problem => "; " + problem))}";
    }

    private async Task<string?> AwaitAsync()
    {
        for (var looked = false; ; looked = true)
        {
            if (Ready >= RecoveryPlanText.Enough(plan!))
            {
                return Standing();
            }

            // Who retries after the deadline wants to know how it stands now.
            var left = plan!.Deadline - new DateTimeOffset(Workflow.UtcNow, TimeSpan.Zero);
            if (leaving() || (looked && left <= TimeSpan.Zero))
            {
                throw Conflict(leaving() ? $"the wait is over, for the run is to end: {Standing()}" : $"the deadline {plan.Deadline:u} is over: {Standing()}. Ask them. 'recovery-plan ready' counts those who tell you, then retry; skip starts ours without them");
            }

            await LookAsync(left <= TimeSpan.Zero ? TimeSpan.Zero : left < spec.RemindEvery ? left : spec.RemindEvery);
        }
    }

    private async Task LookAsync(TimeSpan within)
    {
        var words = said.Count;
        using var source = new CancellationTokenSource();
        var watching = WatchAsync(within, source.Token);
        var changed = await Durable.UntilAsync(() => watching.IsCompleted || said.Count != words || leaving(), within + Patience, "until people are reminded");
        if (!watching.IsCompleted)
        {
#pragma warning disable CA1849 // CancelAsync would leave the workflow's own scheduler.
            source.Cancel();
#pragma warning restore CA1849
        }

        progress = await watching ?? progress;
        if (within > TimeSpan.Zero && !leaving() && said.Count == words && Ready < RecoveryPlanText.Enough(plan!))
        {
            await TellAsync("warning", $"the recovery plan {Short} is open until {plan!.Deadline:u}: {Standing()}{(changed ? "" : "; nobody could look: no control worker answers")}");
        }
    }

    private async Task<PlanProgress?> WatchAsync(TimeSpan within, CancellationToken token)
    {
        var watch = new PlanWatch(slice.Target.Chain.Id, Others, height, plan!.MadeAt, plan.Validators, [.. said], RecoveryPlanText.Enough(plan), within);
        var options = Policies.Watch("watches the others carry the plan out", within);
        (options.CancellationToken, options.CancellationType) = (token, ActivityCancellationType.TryCancel);
        try
        {
            return await Workflow.ExecuteActivityAsync((IRecoveryPlanActivities a) => a.WatchAsync(watch), options);
        }
        catch (Exception e) when (TemporalException.IsCanceledException(e) && token.IsCancellationRequested)
        {
            return null;
        }
    }

    private Task<IReadOnlyList<string>> TellAsync(string severity, string text) => Teller.TellAsync(WorkflowTypes.DataCorruption, slice.Target.Node.Name, slice, severity, text);

    private static ApplicationFailureException Conflict(string message) => new(message, ErrorTypes.Conflict, nonRetryable: true);
}
