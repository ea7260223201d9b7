using VirtEngine.DR.Signing;

namespace VirtEngine.DR.Tests.Kit;

/// <summary>A chain and its power budget: validators of one power each, a register of three buckets in memory, and the product's own rules. Worlds of several nodes share it.</summary>
public sealed class BudgetWorld : IPowerWitnesses
{
    private const string Register = "register-1";
    private const string Chain = "virtengine-1";
    private readonly TimeProvider time;
    private readonly TimeSpan block;
    private readonly DateTimeOffset began;
    private readonly Lock gate = new();
    private readonly SortedDictionary<string, (Func<bool> Signs, long? Last)> validators = new(StringComparer.Ordinal);
    private readonly SortedSet<string> touched = new(StringComparer.Ordinal);

    /// <summary>A chain of other people's validators.</summary>
    /// <param name="time">Its clock.</param>
    /// <param name="block">The time of a block.</param>
    /// <param name="others">How many sign.</param>
    /// <param name="down">How many more do not.</param>
    public BudgetWorld(TimeProvider time, TimeSpan block, int others, int down)
    {
        ArgumentNullException.ThrowIfNull(time);
        (this.time, this.block, began) = (time, block, time.GetUtcNow());
        var members = SlotBytes.Write(new RegisterMembers { Register = Register, Generation = 1, Buckets = [.. Buckets.Select(bucket => bucket.Name)] });
        foreach (var bucket in Buckets)
        {
            bucket.Objects[RegisterKeys.Members(1)] = members;
        }

        for (var other = 0; other < others + down; other++)
        {
            var signs = other < others;
            validators[FormattableString.Invariant($"{other:D40}")] = (() => signs, null);
        }
    }

    /// <summary>The register's buckets.</summary>
    public IReadOnlyList<FakeBucket> Buckets { get; } = [new("a"), new("b"), new("c")];

    /// <summary>How many RPCs answer.</summary>
    public int Sources { get; set; } = 2;

    /// <summary>Moments at which two signers were touched, or too little power was left, and nobody had approved it. Must stay empty.</summary>
    public List<string> Broken { get; } = [];

    /// <summary>The decisions; a laboratory that must find a bug plants one here.</summary>
    public IPowerRules Rules { get; set; } = PowerRules.Instance;

    /// <summary>The budget, as an engine opens it.</summary>
    public PowerBudget Open() => new(Register, Client, Chain, this, Rules);

    /// <summary>Every reservation.</summary>
    public async Task<IReadOnlyList<Reservation>> ReservationsAsync() => PowerRules.Instance.Reservations(await Client.ReadAsync(SignerName.Budget(Chain), CancellationToken.None));

    /// <summary>A validator of ours.</summary>
    public void Add(string address, Func<bool> signs)
    {
        lock (gate)
        {
            validators[address] = (signs, null);
        }
    }

    /// <summary>Somebody stops a validator that signs.</summary>
    public void Stopped(string address)
    {
        lock (gate)
        {
            touched.Add(address);
            var left = validators.Count(one => one.Key != address && one.Value.Signs());
            if (HaltApproved)
            {
                return;
            }

            if (touched.Count > 1)
            {
                Broken.Add($"touched at once: {string.Join(" and ", touched)}");
            }

            if (left * 3 <= validators.Count * 2)
            {
                Broken.Add($"{left} of {validators.Count} were left signing without {address}");
            }
        }
    }

    /// <summary>It was started again.</summary>
    public void Started(string address)
    {
        lock (gate)
        {
            touched.Remove(address);
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<PowerSight>> LookAsync(string chain, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            var height = 100 + ((time.GetUtcNow() - began).Ticks / block.Ticks);
            foreach (var (address, one) in validators.ToList())
            {
                validators[address] = one.Signs() ? one with { Last = height } : one;
            }

            ValidatorSight[] seen = [.. validators.Select(one => new ValidatorSight(one.Key, 1, one.Value.Last))];
            return Task.FromResult<IReadOnlyList<PowerSight>>([.. Enumerable.Range(0, Sources).Select(source => new PowerSight($"owner-{source}", height, true, seen))]);
        }
    }

    private RegisterClient Client => new(Register, Buckets, SignerRules.Instance);

    private bool HaltApproved => Buckets[0].Objects.Where(one => RegisterKeys.SignerOf(one.Key) is { IsBudget: true })
        .Select(one => SlotBytes.Read(one.Value, SignerName.Budget(Chain), RegisterKeys.EpochOf(SignerName.Budget(Chain), one.Key)!.Value))
        .Any(slot => slot.Object.Approvals.Count(approval => approval.What == PowerRules.HaltApproval) > 1);
}
