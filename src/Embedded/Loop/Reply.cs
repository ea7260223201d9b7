namespace VirtEngine.DR.Embedded.Loop;

/// <summary>An answer that has not left yet; it leaves when everything that it rests on is on disk.</summary>
internal abstract class Reply
{
    /// <summary>Whether the loop has decided it.</summary>
    public bool Decided { get; protected set; }

    /// <summary>What the caller gets instead of the answer.</summary>
    protected Exception? Error { get; set; }

    /// <summary>Lets the answer go.</summary>
    public abstract void Release();

    /// <summary>Decides that the call fails.</summary>
    public void Fail(Exception error)
    {
        if (!Decided)
        {
            Decided = true;
            Error = error;
        }
    }

    /// <summary>Whatever was decided: the caller gets this.</summary>
    public void Replace(RpcException error)
    {
        Decided = true;
        Error = error;
    }

    /// <summary>What was decided could not be written: the caller must not believe it.</summary>
    public void Abandon(Exception cause) =>
        Error = new RpcException(new Status(StatusCode.Unavailable, "the engine has stopped: " + cause.Message, cause));
}
