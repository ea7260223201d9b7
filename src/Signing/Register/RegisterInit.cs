using System.Globalization;
using System.Text;

namespace VirtEngine.DR.Signing;

/// <summary>How far a register is made.</summary>
public enum InitState
{
    /// <summary>Nothing is written.</summary>
    Fresh,

    /// <summary>Some buckets hold the members of an init that was stopped; it can go on with the same id.</summary>
    Unfinished,

    /// <summary>Every bucket holds the members.</summary>
    Done,

    /// <summary>It must not be made here.</summary>
    Refused,

    /// <summary>Not every bucket answers.</summary>
    Unreachable,
}

/// <summary>What the buckets show before or after an init.</summary>
/// <param name="State">How far it is.</param>
/// <param name="Members">What stands there, or is to be written.</param>
/// <param name="Written">The buckets that hold it.</param>
/// <param name="Problems">Why not.</param>
public sealed record InitLook(InitState State, RegisterMembers? Members, IReadOnlyList<string> Written, IReadOnlyList<string> Problems);

/// <summary>
/// Makes a register: members of generation 1 into every bucket. Never over anything that stands there, and never again under an id that an estate
/// names already: an empty register under a pinned id would have forgotten every grant.
/// </summary>
/// <param name="buckets">The buckets, in the estate's order.</param>
/// <param name="named">The id that the estate names already; null before the first init.</param>
/// <param name="patience">The longest time for one bucket's answer.</param>
public sealed class RegisterInit(IReadOnlyList<IRegisterBucket> buckets, string? named, TimeSpan? patience = null)
{
    private const int Racers = 4;
    private readonly TimeSpan _patience = patience ?? RegisterClient.DefaultPatience;

    /// <summary>Looks; changes nothing.</summary>
    public async Task<InitLook> LookAsync(CancellationToken cancellationToken)
    {
        var seen = await Task.WhenAll(buckets.Select(bucket => SeenAsync(bucket, cancellationToken))).ConfigureAwait(false);
        if (seen.Where(one => one.Why is not null).Select(one => $"bucket {one.Bucket}: {one.Why}").ToList() is { Count: > 0 } silent)
        {
            return new InitLook(InitState.Unreachable, null, [], silent);
        }

        var holding = seen.Where(one => one.Members is not null).ToList();
        var written = holding.ConvertAll(one => one.Bucket);
        string[] names = [.. buckets.Select(bucket => bucket.Name)];
        var problems = new List<string>();
        foreach (var one in holding)
        {
            if (one.Members!.Generation != 1 || !one.Members.Buckets.SequenceEqual(names, StringComparer.Ordinal) || one.Members.Register != holding[0].Members!.Register)
            {
                problems.Add(string.Create(CultureInfo.InvariantCulture,
                    $"bucket {one.Bucket} belongs to register '{one.Members.Register}', generation {one.Members.Generation}, of {string.Join(", ", one.Members.Buckets)}: name its buckets in that order, or take other buckets or prefixes"));
            }
        }

        var all = holding.Count == seen.Length;
        if (!all)
        {
            problems.AddRange(seen.Where(one => one.InUse).Select(one => $"bucket {one.Bucket} holds signers or machines already, and {seen.Length - holding.Count} buckets hold no members: a register is repaired, never made anew (signer register repair)"));
        }

        if (named is not null && (!all || holding[0].Members!.Register != named))
        {
            problems.Add($"the estate names register '{named}', and {written.Count} of {seen.Length} buckets hold members: a register with this id was made before, and an empty one under its id would have forgotten every grant. "
                + "Right buckets and prefixes? Then: signer register repair. A new register: remove signing.register first");
        }

        return problems.Count > 0 ? new InitLook(InitState.Refused, holding.FirstOrDefault()?.Members, written, problems)
            : all ? new InitLook(InitState.Done, holding[0].Members, written, [])
            : holding.Count > 0 ? new InitLook(InitState.Unfinished, holding[0].Members, written, [])
            : new InitLook(InitState.Fresh, new RegisterMembers { Register = Guid.NewGuid().ToString("N"), Generation = 1, Buckets = names }, [], []);
    }

    /// <summary>Writes what a look found missing, and looks again. Stopped at any point, the next look finds it unfinished.</summary>
    public async Task<InitLook> WriteAsync(InitLook look, CancellationToken cancellationToken)
    {
        if (look.State is not (InitState.Fresh or InitState.Unfinished) || look.Members is null)
        {
            return look;
        }

        if ((await Task.WhenAll(buckets.Select(bucket => RaceAsync(bucket, cancellationToken))).ConfigureAwait(false)).OfType<string>().ToList() is { Count: > 0 } unfit)
        {
            return look with { State = InitState.Refused, Problems = unfit };
        }

        var client = new RegisterClient(look.Members.Register, buckets, SignerRules.Instance, _patience);
        var body = SlotBytes.Write(look.Members);
        foreach (var bucket in buckets.Where(bucket => !look.Written.Contains(bucket.Name)))
        {
            await client.WriteAsync(bucket.Name, RegisterKeys.Members(1), body, cancellationToken).ConfigureAwait(false);
        }

        var after = await LookAsync(cancellationToken).ConfigureAwait(false);
        return after.State == InitState.Unfinished
            ? after with { State = InitState.Unreachable, Problems = [$"{string.Join(", ", buckets.Select(bucket => bucket.Name).Except(after.Written))} did not take the members; run it again, it goes on with the same id"] }
            : after;
    }

    /// <summary>Conditional writes of one key at once must have exactly one winner, or two askers could both believe that they won.</summary>
    private async Task<string?> RaceAsync(IRegisterBucket bucket, CancellationToken cancellationToken)
    {
        var key = $"probe/{Guid.NewGuid():N}.json";
        var bodies = Enumerable.Range(0, Racers).Select(racer => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\"{racer}\""))).ToArray();
        var answers = await Task.WhenAll(bodies.Select(body => Patience.BoundedAsync(
            token => bucket.PutIfAbsentAsync(key, body, token), _ => PutAnswer.Unknown, _patience, cancellationToken))).ConfigureAwait(false);
        var read = await Patience.BoundedAsync(token => bucket.GetAsync(key, token), GetAnswer.Unknown, _patience, cancellationToken).ConfigureAwait(false);
        var winner = Array.IndexOf(answers, PutAnswer.Created);
        return answers.Count(answer => answer == PutAnswer.Created) == 1 && answers.All(answer => answer is PutAnswer.Created or PutAnswer.Exists or PutAnswer.Conflict)
            && read.Body is { } body && body.AsSpan().SequenceEqual(bodies[winner]) ? null
            : $"bucket {bucket.Name}: of {Racers} conditional writes at once exactly one must win and be read afterwards; the answers are {string.Join(", ", answers)}{(read.Unreachable is null ? "" : $" and {read.Unreachable}")}";
    }

    private Task<Seen> SeenAsync(IRegisterBucket bucket, CancellationToken cancellationToken) => Patience.BoundedAsync(
        async token =>
        {
            var (members, why) = await RegisterClient.MembersAsync(bucket, token).ConfigureAwait(false);
            var inUse = false;
            foreach (var folder in why is null ? new[] { RegisterKeys.SignersFolder, RegisterKeys.BudgetsFolder, RegisterKeys.MachinesFolder } : [])
            {
                var listed = await bucket.ListAsync(folder, token).ConfigureAwait(false);
                (inUse, why) = (inUse || listed.Keys is { Count: > 0 }, why ?? (listed.Keys is null ? listed.Unreachable ?? "it cannot be listed" : null));
            }

            return new Seen(bucket.Name, members, inUse, why);
        },
        why => new Seen(bucket.Name, null, false, why),
        _patience,
        cancellationToken);

    private sealed record Seen(string Bucket, RegisterMembers? Members, bool InUse, string? Why);
}
