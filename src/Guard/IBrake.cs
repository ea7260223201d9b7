namespace VirtEngine.DR.Guard;

/// <summary>A way to make all threads stand still and go on.</summary>
internal interface IBrake
{
    /// <summary>True when standing still shows in each thread's state.</summary>
    bool ShowsInState { get; }

    /// <summary>Why it must not be pulled, or null.</summary>
    Refusal? Check();

    /// <summary>Begins the stop.</summary>
    /// <returns>Why nothing was stopped, or null.</returns>
    Refusal? Pull();

    /// <summary>True when the system says that everything stands still.</summary>
    bool Holds();

    /// <summary>Lets go what <see cref="Pull"/> stopped, and nothing else.</summary>
    void Release();
}

/// <summary>Why nothing was stopped.</summary>
/// <param name="Code">The code for the library.</param>
/// <param name="Message">The reason.</param>
internal sealed record Refusal(string Code, string Message);
