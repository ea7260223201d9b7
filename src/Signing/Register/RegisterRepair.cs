using System.Globalization;

namespace VirtEngine.DR.Signing;

/// <summary>What a repair came to.</summary>
public enum RepairState
{
    /// <summary>There is something to copy; nothing was written yet.</summary>
    Planned,

    /// <summary>The new members are in force, and every reachable member holds them.</summary>
    Done,

    /// <summary>It may not be done.</summary>
    Refused,

    /// <summary>A bucket did not take a write; run it again, it goes on.</summary>
    Unreachable,
}

/// <summary>An object that a repair copies.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Body">Its bytes.</param>
/// <param name="What">What it is, for people.</param>
public sealed record RepairObject(string Key, byte[] Body, string What);

/// <summary>A repair's plan or result.</summary>
/// <param name="State">How far it is.</param>
/// <param name="Members">The next members.</param>
/// <param name="Objects">Everything that the replacement must hold.</param>
/// <param name="Missing">Why not.</param>
public sealed record RepairLook(RepairState State, RegisterMembers? Members, IReadOnlyList<RepairObject> Objects, IReadOnlyList<string> Missing);

/// <summary>
/// Replaces a lost bucket. First the new members into the survivors: from then on the former generation is in force for nobody, so that no grant of it
/// can be recorded behind the copy's back; the replacement, which holds no members yet, counts as unreachable. Then every slot and machine key into the
/// replacement, and its members last. Stopped anywhere, it goes on when it is run again.
/// </summary>
/// <param name="register">The register's id.</param>
/// <param name="buckets">The members' buckets as far as they are configured, and the replacement.</param>
/// <param name="lost">The lost member's name.</param>
/// <param name="replacement">The new bucket's name.</param>
/// <param name="approvals">Who approves.</param>
/// <param name="patience">The longest time for one bucket's answer.</param>
public sealed class RegisterRepair(
    string register, IReadOnlyList<IRegisterBucket> buckets, string lost, string replacement, IReadOnlyList<SlotApproval> approvals, TimeSpan? patience = null)
{
    private readonly TimeSpan _patience = patience ?? RegisterClient.DefaultPatience;
    private readonly RegisterClient _client = new(register, buckets, SignerRules.Instance, patience);

    /// <summary>What would be copied; changes nothing.</summary>
    public async Task<RepairLook> PlanAsync(CancellationToken cancellationToken)
    {
        var missing = new List<string>();
        var held = await HeldAsync(cancellationToken).ConfigureAwait(false);
        var next = held.Values.OfType<RegisterMembers>().Where(IsNext).MaxBy(members => members.Generation);
        if (next is null)
        {
            var decision = SignerRules.Instance.Repair(await _client.MembersAsync(cancellationToken).ConfigureAwait(false), lost, replacement, approvals);
            (next, missing) = (decision.Members, [.. decision.Missing]);
        }
        else if (held.GetValueOrDefault(replacement) is { } there && IsNext(there) && next.Former.Count(name => held.GetValueOrDefault(name) is { } member && IsNext(member)) > next.Former.Count / 2)
        {
            return new RepairLook(RepairState.Done, next, [], []);
        }

        if (buckets.FirstOrDefault(bucket => bucket.Name == replacement) is not { } target)
        {
            missing.Add($"bucket '{replacement}' is not configured: add it to signing.buckets of the estate");
            return new RepairLook(RepairState.Refused, next, [], missing);
        }

        if (missing.Count > 0)
        {
            return new RepairLook(RepairState.Refused, null, [], missing);
        }

        var survivors = buckets.Where(bucket => next!.Former.Contains(bucket.Name) && bucket.Name != lost && held.ContainsKey(bucket.Name)).ToList();
        var objects = await ObjectsAsync(next!, survivors, missing, cancellationToken).ConfigureAwait(false);
        await CheckTargetAsync(target, next!, objects, missing, cancellationToken).ConfigureAwait(false);
        return new RepairLook(missing.Count == 0 ? RepairState.Planned : RepairState.Refused, next, objects, missing);
    }

    /// <summary>Does it.</summary>
    public async Task<RepairLook> RunAsync(CancellationToken cancellationToken)
    {
        var plan = await PlanAsync(cancellationToken).ConfigureAwait(false);
        if (plan.State is not (RepairState.Planned or RepairState.Done))
        {
            return plan;
        }

        var members = plan.Members!;
        await _client.PutMembersAsync(members, members.Buckets.Where(name => name != replacement), cancellationToken).ConfigureAwait(false);
        if ((await _client.MembersAsync(cancellationToken).ConfigureAwait(false)).Members?.Generation != members.Generation)
        {
            return Unreachable(plan, string.Create(CultureInfo.InvariantCulture, $"generation {members.Generation} is not in force: too few survivors took it; until they do, nothing is granted. Run it again"));
        }

        if (plan.State == RepairState.Done)
        {
            return plan;
        }

        // Only what is copied from here on is known to hold all that was ever granted.
        plan = await PlanAsync(cancellationToken).ConfigureAwait(false);
        if (plan.State != RepairState.Planned)
        {
            return plan;
        }

        foreach (var item in plan.Objects)
        {
            // Taken is a lost slot of a repair that was stopped, or a new asker's: the plan looked at it.
            if (await _client.WriteAsync(replacement, item.Key, item.Body, cancellationToken).ConfigureAwait(false) is not (WriteOutcome.Written or WriteOutcome.Taken))
            {
                return Unreachable(plan, $"bucket {replacement} did not take {item.Key}; run it again, it goes on");
            }
        }

        var last = await _client.PutMembersAsync(members, [replacement], cancellationToken).ConfigureAwait(false);
        return last[0].Outcome == WriteOutcome.Written ? plan with { State = RepairState.Done } : Unreachable(plan, $"bucket {replacement} did not take the members ({last[0].Outcome}); run it again");
    }

    private static RepairLook Unreachable(RepairLook plan, string why) => plan with { State = RepairState.Unreachable, Missing = [why] };

    /// <summary>The members that this repair makes.</summary>
    private bool IsNext(RegisterMembers members) =>
        members.Register == register && members.Buckets.Contains(replacement) && !members.Buckets.Contains(lost) && members.Former.Contains(lost) && !members.Former.Contains(replacement);

    /// <summary>The newest members of every bucket that answers.</summary>
    private async Task<Dictionary<string, RegisterMembers?>> HeldAsync(CancellationToken cancellationToken)
    {
        var held = await Task.WhenAll(buckets.Select(async bucket => (bucket.Name, Held: await Patience.BoundedAsync(
            token => RegisterClient.MembersAsync(bucket, token), why => (null, why), _patience, cancellationToken).ConfigureAwait(false)))).ConfigureAwait(false);
        return held.Where(one => one.Held.Unreachable is null).ToDictionary(one => one.Name, one => one.Held.Members, StringComparer.Ordinal);
    }

    /// <summary>By the former generation's eyes: what its survivors hold, and the lost one unreachable.</summary>
    private async Task<List<RepairObject>> ObjectsAsync(RegisterMembers next, IReadOnlyList<IRegisterBucket> survivors, List<string> missing, CancellationToken cancellationToken)
    {
        var former = next with { Generation = next.Generation - 1, Buckets = next.Former, Former = [] };
        var objects = new List<RepairObject>();
        foreach (var signer in await SignersAsync(survivors, missing, cancellationToken).ConfigureAwait(false))
        {
            var sights = await Task.WhenAll(former.Buckets.Select(async name => survivors.FirstOrDefault(bucket => bucket.Name == name) is { } bucket
                ? await Patience.BoundedAsync(token => RegisterClient.SightAsync(bucket, signer, token), why => new BucketSight(name, null, null, why), _patience, cancellationToken).ConfigureAwait(false)
                : new BucketSight(name, null, null, "lost"))).ConfigureAwait(false);
            var view = new RegisterView(signer, former, [.. sights.Select(sight => new BucketView(sight.Bucket, sight.Members?.Register == register ? sight.Slots : null, sight.Why))]);
            var slots = SignerRules.Instance.Repair(view, lost, replacement, approvals);
            missing.AddRange(slots.Missing.Select(why => $"{signer}: {why}"));
            objects.AddRange(slots.Slots.Select(slot => new RepairObject(RegisterKeys.Slot(signer, slot.Epoch), SlotBytes.Write(slot), $"{signer} epoch {slot.Epoch}: {slot.Kind}{(slot.Holder is null ? "" : " " + slot.Holder)}")));
        }

        objects.AddRange(await MachinesAsync(survivors, missing, cancellationToken).ConfigureAwait(false));
        return objects;
    }

    private async Task<IReadOnlyList<string>> KeysAsync(IRegisterBucket bucket, string folder, List<string> missing, CancellationToken cancellationToken)
    {
        var listed = await Patience.BoundedAsync(token => bucket.ListAsync(folder, token), why => new ListAnswer(null, why), _patience, cancellationToken).ConfigureAwait(false);
        if (listed.Keys is null)
        {
            missing.Add($"bucket {bucket.Name}: {listed.Unreachable}");
        }

        return listed.Keys ?? [];
    }

    private async Task<IReadOnlyList<SignerName>> SignersAsync(IReadOnlyList<IRegisterBucket> survivors, List<string> missing, CancellationToken cancellationToken)
    {
        var found = new HashSet<SignerName>();
        foreach (var bucket in survivors)
        {
            string[] keys = [.. await KeysAsync(bucket, RegisterKeys.SignersFolder, missing, cancellationToken).ConfigureAwait(false), .. await KeysAsync(bucket, RegisterKeys.BudgetsFolder, missing, cancellationToken).ConfigureAwait(false)];
            foreach (var key in keys)
            {
                if (RegisterKeys.SignerOf(key) is { } signer)
                {
                    found.Add(signer);
                }
                else
                {
                    missing.Add($"bucket {bucket.Name}: '{key}' is no slot: something else writes into the register");
                }
            }
        }

        return [.. found.OrderBy(signer => signer.ToString(), StringComparer.Ordinal)];
    }

    private async Task<IReadOnlyList<RepairObject>> MachinesAsync(IReadOnlyList<IRegisterBucket> survivors, List<string> missing, CancellationToken cancellationToken)
    {
        var bodies = new SortedDictionary<string, List<byte[]>>(StringComparer.Ordinal);
        foreach (var bucket in survivors)
        {
            foreach (var key in await KeysAsync(bucket, RegisterKeys.MachinesFolder, missing, cancellationToken).ConfigureAwait(false))
            {
                var read = await Patience.BoundedAsync(token => bucket.GetAsync(key, token), GetAnswer.Unknown, _patience, cancellationToken).ConfigureAwait(false);
                if (read.Body is null)
                {
                    missing.Add($"bucket {bucket.Name}: {read.Unreachable ?? $"'{key}' is listed and not there"}");
                    continue;
                }

                (bodies.TryGetValue(key, out var list) ? list : bodies[key] = []).Add(read.Body);
            }
        }

        // Survivors that name different keys for a machine agree on none; the replacement adds to neither.
        return [.. bodies.Where(one => one.Value.TrueForAll(body => body.AsSpan().SequenceEqual(one.Value[0]))).Select(one => new RepairObject(one.Key, one.Value[0], "a machine's key"))];
    }

    /// <summary>The replacement is empty, or holds what a repair that was stopped wrote.</summary>
    private async Task CheckTargetAsync(IRegisterBucket target, RegisterMembers next, List<RepairObject> objects, List<string> missing, CancellationToken cancellationToken)
    {
        foreach (var folder in new[] { RegisterKeys.MembersFolder, RegisterKeys.SignersFolder, RegisterKeys.BudgetsFolder, RegisterKeys.MachinesFolder })
        {
            foreach (var key in await KeysAsync(target, folder, missing, cancellationToken).ConfigureAwait(false))
            {
                var read = await Patience.BoundedAsync(token => target.GetAsync(key, token), GetAnswer.Unknown, _patience, cancellationToken).ConfigureAwait(false);
                if (!Ours(key, read.Body, next, objects))
                {
                    missing.Add($"bucket {replacement} holds '{key}', which is none of what this repair copies: a replacement is a new, empty bucket");
                }
            }
        }
    }

    private static bool Ours(string key, byte[]? body, RegisterMembers next, List<RepairObject> objects)
    {
        if (body is null)
        {
            return false;
        }

        if (key == RegisterKeys.Members(next.Generation))
        {
            return body.AsSpan().SequenceEqual(SlotBytes.Write(next));
        }

        if (objects.Exists(item => item.Key == key && body.AsSpan().SequenceEqual(item.Body)))
        {
            return true;
        }

        try
        {
            // A lost slot of a repair that was stopped excludes nobody; an object of the next generation is of an asker who knows the new members.
            return RegisterKeys.SignerOf(key) is { } signer && SlotBytes.Read(body, signer, RegisterKeys.EpochOf(signer, key)!.Value).Object is var slot
                && slot.Register == next.Register && (slot.Generation == next.Generation || (slot.Kind == SlotKind.Lost && objects.Exists(item => item.Key == key)));
        }
        catch (InvalidDataException)
        {
            // Foreign bytes: not ours.
            return false;
        }
    }
}
