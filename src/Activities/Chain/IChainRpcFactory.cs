namespace VirtEngine.DR.Activities.Chain;

/// <summary>Opens RPCs by URL.</summary>
public interface IChainRpcFactory
{
    /// <summary>A client for the RPC at a URL; nothing is asked yet.</summary>
    IChainRpc Create(Uri url);
}
