using VirtEngine.DR.Backups.Storage;
using VirtEngine.DR.Signing;

namespace VirtEngine.DR.Activities.Signing;

/// <summary>A folder as a bucket of the register, for an estate of one machine. The folder must exist: one that is not mounted is unreachable, never empty.</summary>
/// <param name="name">Its name among the members.</param>
/// <param name="folder">The folder.</param>
internal sealed class FolderRegisterBucket(string name, string folder) : IRegisterBucket
{
    private readonly LocalFolderStore _store = new(folder);

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public async Task<PutAnswer> PutIfAbsentAsync(string key, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder))
        {
            return PutAnswer.Unknown;
        }

        try
        {
            var outcome = await _store.PutAsync(key, body, options: null, cancellationToken).ConfigureAwait(false);
            return outcome == PutOutcome.Created ? PutAnswer.Created : PutAnswer.Exists;
        }
        catch (Exception e) when (e is ObjectStoreException or IOException or UnauthorizedAccessException)
        {
            return e is UnauthorizedAccessException ? PutAnswer.Forbidden : PutAnswer.Unknown;
        }
    }

    /// <inheritdoc/>
    public async Task<GetAnswer> GetAsync(string key, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder))
        {
            return GetAnswer.Unknown($"'{folder}' does not exist");
        }

        try
        {
            var body = await _store.OpenAsync(key, version: null, cancellationToken).ConfigureAwait(false);
            if (body is null)
            {
                return GetAnswer.Missing;
            }

            await using (body.ConfigureAwait(false))
            {
                using var bytes = new MemoryStream();
                await body.CopyToAsync(bytes, cancellationToken).ConfigureAwait(false);
                return GetAnswer.Found(bytes.ToArray());
            }
        }
        catch (Exception e) when (e is ObjectStoreException or IOException or UnauthorizedAccessException)
        {
            return GetAnswer.Unknown(e.Message);
        }
    }

    /// <inheritdoc/>
    public async Task<ListAnswer> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder))
        {
            return new ListAnswer(null, $"'{folder}' does not exist: not mounted? An absent folder is never taken for an empty register");
        }

        try
        {
            var keys = new List<string>();
            await foreach (var item in _store.ListAsync(prefix, cancellationToken).ConfigureAwait(false))
            {
                keys.Add(item.Key);
            }

            return new ListAnswer(keys, null);
        }
        catch (Exception e) when (e is ObjectStoreException or IOException or UnauthorizedAccessException)
        {
            return new ListAnswer(null, e.Message);
        }
    }
}
