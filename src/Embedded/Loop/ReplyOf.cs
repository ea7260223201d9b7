namespace VirtEngine.DR.Embedded.Loop;

/// <summary>An answer of one type.</summary>
internal sealed class Reply<T> : Reply
{
    private readonly TaskCompletionSource<T> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _value;

    /// <summary>Ends when the answer has left.</summary>
    public Task<T> Task => _source.Task;

    /// <summary>Decides the answer; the first decision stands.</summary>
    public void Set(T value)
    {
        if (!Decided)
        {
            Decided = true;
            _value = value;
        }
    }

    /// <inheritdoc/>
    public override void Release()
    {
        if (Error is not null)
        {
            _source.TrySetException(Error);
        }
        else
        {
            _source.TrySetResult(_value!);
        }
    }
}
