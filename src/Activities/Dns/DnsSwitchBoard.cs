using System.Text;
using System.Text.Json;
using VirtEngine.DR.Activities.Common;
using VirtEngine.DR.Activities.ObjectStore;
using VirtEngine.DR.Backups.Storage;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Contracts.Dns;
using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Activities.Dns;

/// <summary>Throws switches of the data plane, by writing and deleting their objects: nothing else is needed, neither Route 53's API nor the region that is taken out.</summary>
public sealed class DnsSwitchBoard(IObjectStoreFactory stores)
{
    /// <summary>Who threw the switch; null: the region is in.</summary>
    /// <exception cref="Temporalio.Exceptions.ApplicationFailureException">Unavailable: the bucket does not answer.</exception>
    public Task<DnsThrown?> LookAsync(DnsSwitchSpec spec, CancellationToken cancellationToken) => CallAsync(spec, async store =>
    {
        var stream = await store.OpenAsync(spec.Key, null, cancellationToken).ConfigureAwait(false);
        if (stream is null)
        {
            return null;
        }

        await using (stream.ConfigureAwait(false))
        {
            try
            {
                return await JsonSerializer.DeserializeAsync<DnsThrown>(stream, DrDataConverter.JsonOptions, cancellationToken).ConfigureAwait(false) ?? Unknown;
            }
            catch (JsonException)
            {
                // Somebody put it there by hand: it works all the same.
                return Unknown;
            }
        }
    });

    /// <summary>Takes the region out. A switch that is thrown already is left as it is.</summary>
    /// <returns>Who threw it: another one than <paramref name="by"/> where it was thrown before.</returns>
    public Task<DnsThrown> ThrowAsync(DnsSwitchSpec spec, string by, CancellationToken cancellationToken) => CallAsync(spec, async store =>
    {
        var thrown = new DnsThrown(by, DateTimeOffset.UtcNow);
        var body = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(thrown, DrDataConverter.JsonOptions));
        return await store.PutAsync(spec.Key, body, null, cancellationToken).ConfigureAwait(false) == PutOutcome.Created
            ? thrown
            : await LookAsync(spec, cancellationToken).ConfigureAwait(false) ?? throw Failures.Transient($"the switch of {spec.Region} went back while it was thrown");
    });

    /// <summary>Lets the region in again, where <paramref name="by"/> threw the switch.</summary>
    /// <returns>Whether it was thrown.</returns>
    /// <exception cref="Temporalio.Exceptions.ApplicationFailureException">Conflict: somebody else threw it, and it stays.</exception>
    public async Task<bool> BackAsync(DnsSwitchSpec spec, string by, CancellationToken cancellationToken)
    {
        if (await LookAsync(spec, cancellationToken).ConfigureAwait(false) is not { } thrown)
        {
            return false;
        }

        if (thrown.By != by)
        {
            throw Failures.Permanent(ErrorTypes.Conflict, $"the switch of {spec.Region} was thrown by {thrown.By} at {thrown.At:u}, not by {by}: it stays. Whoever threw it lets the region in");
        }

        return await CallAsync(spec, async store =>
        {
            await store.DeleteAsync(spec.Key, null, cancellationToken).ConfigureAwait(false);
            return true;
        }).ConfigureAwait(false);
    }

    private static DnsThrown Unknown => new("somebody unknown", DateTimeOffset.UnixEpoch);

    private async Task<T> CallAsync<T>(DnsSwitchSpec spec, Func<IObjectStore, Task<T>> call)
    {
        try
        {
            return await call(stores.Create(spec.Bucket)).ConfigureAwait(false);
        }
        catch (ObjectStoreException e)
        {
            throw e.Transient
                ? Failures.Transient($"the switch of {spec.Region} cannot be reached: {e.Message}", e)
                : Failures.Permanent(ErrorTypes.NotConfigured, $"the switch of {spec.Region} cannot be used: {e.Message}", e);
        }
    }
}
