using Spectre.Console;
using VirtEngine.DR.Contracts.Flow;
using VirtEngine.DR.Starter.Runs;
using VirtEngine.DR.Starter.Session;

namespace VirtEngine.DR.Starter.Views;

/// <summary>Follows a run until a condition holds: redrawn in a terminal, line by line elsewhere, one JSON object a change for scripts.</summary>
internal sealed class RunWatch(CliSession session, Func<CancellationToken, Task<RunState>> read, TimeProvider time)
{
    /// <summary>How often the run is asked; a query adds nothing to its history.</summary>
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(400);

    private readonly RunLines lines = new();

    /// <summary>Watches until the condition holds or the person at the keyboard presses q.</summary>
    public Task<RunState> UntilAsync(Func<RunState, bool> done, CancellationToken cancellationToken) =>
        session.Interactive ? LiveAsync(done, cancellationToken) : PlainAsync(done, cancellationToken);

    private async Task<RunState> LiveAsync(Func<RunState, bool> done, CancellationToken cancellationToken)
    {
        var state = await read(cancellationToken).ConfigureAwait(false);
        await session.Ansi.Live(Draw(state)).AutoClear(false).Overflow(VerticalOverflow.Crop).Cropping(VerticalOverflowCropping.Bottom)
            .StartAsync(async live =>
            {
                while (true)
                {
                    live.UpdateTarget(Draw(state));
                    if (done(state) || Keyboard.Pressed('q'))
                    {
                        return;
                    }

                    await Task.Delay(Every, time, cancellationToken).ConfigureAwait(false);
                    state = await read(cancellationToken).ConfigureAwait(false);
                }
            }).ConfigureAwait(false);
        return state;
    }

    private async Task<RunState> PlainAsync(Func<RunState, bool> done, CancellationToken cancellationToken)
    {
        while (true)
        {
            var state = await read(cancellationToken).ConfigureAwait(false);
            foreach (var line in session.Settings.Json ? [] : lines.Next(state, time.GetUtcNow()))
            {
                session.Line(line);
            }

            if (done(state))
            {
                return state;
            }

            await Task.Delay(Every, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private Spectre.Console.Rendering.IRenderable Draw(RunState state) =>
        RunView.Render(state, time.GetUtcNow(), session.Ansi.Profile.Width, session.Ansi.Profile.Height);
}
