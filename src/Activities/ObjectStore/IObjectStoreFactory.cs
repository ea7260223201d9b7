using VirtEngine.DR.Backups.Storage;
using VirtEngine.DR.Contracts.Estates;

namespace VirtEngine.DR.Activities.ObjectStore;

/// <summary>Opens the store of a bucket of the estate.</summary>
public interface IObjectStoreFactory
{
    /// <summary>The store; nothing is asked of it yet.</summary>
    /// <exception cref="Temporalio.Exceptions.ApplicationFailureException">InvalidInput: the URL is none that is known.</exception>
    IObjectStore Create(BucketSpec bucket);
}
