using System.Runtime.InteropServices;
using System.Text;

namespace VirtEngine.DR.Guard;

/// <summary>Standard input and output as lines, with a wait that has an end.</summary>
internal sealed unsafe class LinePipe : IDisposable
{
    private const int SliceMilliseconds = 5;
    private readonly byte[] input = new byte[256];
    private readonly byte[] output = new byte[4096];
    private int have;
    private volatile bool signalled;

    /// <summary>A signal asked this process to end.</summary>
    public bool Signalled { get => signalled; set => signalled = value; }

    /// <summary>Says a line; a reader that is gone changes nothing.</summary>
    public void Say(string line)
    {
        var length = Encoding.UTF8.GetBytes(line.Length > 1000 ? line[..1000] : line, output);
        output[length++] = (byte)'\n';
        fixed (byte* bytes = output)
        {
            _ = Libc.Write(1, bytes, length);
        }
    }

    /// <summary>Waits for a line.</summary>
    /// <param name="until">Milliseconds left at the time of the call; negative waits without end.</param>
    public PipeEvent Wait(Func<long> until)
    {
        while (true)
        {
            if (signalled)
            {
                return PipeEvent.Signal;
            }

            if (Line() is { } line)
            {
                return line;
            }

            var left = until();
            if (left == 0)
            {
                return PipeEvent.Timeout;
            }

            var entry = new Libc.PollEntry { File = 0, Events = Libc.PollIn };
            var ready = Libc.Poll(&entry, 1, (int)(left < 0 ? SliceMilliseconds : Math.Min(left, SliceMilliseconds)));
            if (ready < 0 && Marshal.GetLastPInvokeError() != Libc.Interrupted)
            {
                return PipeEvent.End;
            }

            if (ready > 0 && !Fill())
            {
                return PipeEvent.End;
            }
        }
    }

    public void Dispose() => have = 0;

    private bool Fill()
    {
        if (have == input.Length)
        {
            return false;
        }

        fixed (byte* bytes = input)
        {
            var read = Libc.Read(0, bytes + have, input.Length - have);
            have += (int)Math.Max(0, read);
            return read > 0;
        }
    }

    private PipeEvent? Line()
    {
        var end = input.AsSpan(0, have).IndexOf((byte)'\n');
        if (end < 0)
        {
            return null;
        }

        var known = input.AsSpan(0, end).SequenceEqual("stop"u8) ? PipeEvent.Stop
            : input.AsSpan(0, end).SequenceEqual("thaw"u8) ? PipeEvent.Thaw : PipeEvent.End;
        input.AsSpan(end + 1, have - end - 1).CopyTo(input);
        have -= end + 1;
        return known;
    }
}

/// <summary>What ended a wait.</summary>
internal enum PipeEvent
{
    Stop,
    Thaw,
    End,
    Timeout,
    Signal,
}
