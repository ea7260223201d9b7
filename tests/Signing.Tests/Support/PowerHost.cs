namespace VirtEngine.DR.Signing.Tests.Support;

/// <summary>A chain of validators and a register of three buckets in memory, with as many engines as a test likes.</summary>
internal sealed class PowerHost : IPowerWitnesses
{
    public const string Chain = "test-1";
    private const string Register = "register-1";
    private readonly SortedDictionary<int, long?> signed = [];

    public PowerHost(int validators)
    {
        var members = new RegisterMembers { Register = Register, Generation = 1, Buckets = [.. Buckets.Select(bucket => bucket.Name)] };
        Buckets.ForEach(bucket => bucket.Objects[RegisterKeys.Members(1)] = SlotBytes.Write(members));
        for (var validator = 0; validator < validators; validator++)
        {
            signed[validator] = Height;
        }
    }

    public List<MemoryBucket> Buckets { get; } = [new("a"), new("b"), new("c")];

    public long Height { get; private set; } = 100;

    public int Sources { get; set; } = 2;

    public bool Fresh { get; set; } = true;

    /// <summary>What the first RPC says instead of the truth.</summary>
    public Func<PowerSight, PowerSight>? Lie { get; set; }

    public Task<RegisterView> ViewAsync(CancellationToken cancellationToken) => new RegisterClient(Register, Buckets, SignerRules.Instance).ReadAsync(SignerName.Budget(Chain), cancellationToken);

    public IPowerRules Rules { get; init; } = PowerRules.Instance;

    public PowerBudget Budget => new(Register, new RegisterClient(Register, Buckets, SignerRules.Instance), Chain, this, Rules);

    public static string Address(int validator) => new((char)('A' + validator), 40);

    public static PowerAsk Ask(int validator, string ask, params IReadOnlyList<string> haltApprovedBy) =>
        new(Address(validator), ask, [.. haltApprovedBy.Select(by => new SlotApproval(by, PowerRules.HaltApproval, "gate halt"))]);

    /// <summary>So many blocks, which everybody signs but these.</summary>
    public void Blocks(int count, params IReadOnlyList<int> absent)
    {
        Height += count;
        foreach (var validator in signed.Keys.Except(absent).ToList())
        {
            signed[validator] = Height;
        }
    }

    public Task<PowerOutcome> ReserveAsync(PowerAsk ask, CancellationToken cancellationToken) => Budget.ReserveAsync(ask, "validator", "run/" + ask.AskId, cancellationToken);

    public Task<IReadOnlyList<PowerSight>> LookAsync(string chain, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<PowerSight>>(
        [.. Enumerable.Range(0, Sources).Select(source => new PowerSight($"owner-{source}", Height, Fresh, [.. signed.Select(one => new ValidatorSight(Address(one.Key), 10, one.Value))]))
            .Select((sight, i) => i == 0 && Lie is { } lie ? lie(sight) : sight)]);
}
