namespace VirtEngine.DR.Signing;

/// <summary>One bucket of the register. Implementations never retry a write, and throw for nothing but a cancellation by the caller.</summary>
public interface IRegisterBucket
{
    /// <summary>Its name among the members.</summary>
    string Name { get; }

    /// <summary>Writes an object that must not be there (<c>If-None-Match: *</c>). One request.</summary>
    Task<PutAnswer> PutIfAbsentAsync(string key, ReadOnlyMemory<byte> body, CancellationToken cancellationToken);

    /// <summary>Reads an object; where the bucket keeps versions, the oldest.</summary>
    Task<GetAnswer> GetAsync(string key, CancellationToken cancellationToken);

    /// <summary>Lists every key below a prefix, or says that it could not list all.</summary>
    Task<ListAnswer> ListAsync(string prefix, CancellationToken cancellationToken);
}
