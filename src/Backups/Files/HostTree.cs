using System.Text;
using Microsoft.Win32.SafeHandles;
using VirtEngine.DR.Backups.Snapshots.Native;

namespace VirtEngine.DR.Backups.Files;

/// <summary>
/// Finds and reads files below a root, name by name and never through a symbolic link, so that what was looked at is what is read.
/// Only regular files come out; sockets, pipes and devices are passed by.
/// </summary>
/// <param name="root">The root; it alone may be reached through a link.</param>
/// <param name="skip">Says which paths below it are not looked at.</param>
internal sealed class HostTree(string root, Func<string, bool> skip)
{
    private const int MaxFiles = 20_000;
    private const int Attempts = 5;
    private static readonly UTF8Encoding Strict = new(false, true);

    /// <summary>The regular files at or below a path, relative to the root.</summary>
    /// <param name="path">Relative, without <c>.</c> and <c>..</c>.</param>
    /// <param name="links">Takes the symbolic links that are not followed.</param>
    /// <exception cref="HostPathException">It is missing, reached through a link, not readable, or holds too much.</exception>
    public IReadOnlyList<string> Find(string path, ICollection<string> links)
    {
        if (path.Length > 0 && skip(path))
        {
            throw new HostPathException(Shown(path), "is not configuration: databases, signing states and keys have their own places");
        }

        var found = new List<string>();
        using var parent = OpenParent(path, out var name);
        if (name.Length == 0)
        {
            Walk(parent, string.Empty, found, links);
            return found;
        }

        var stat = Stat(parent, name, path);
        if (stat.Link)
        {
            throw new HostPathException(Shown(path), "is a symbolic link, and links are not followed: name what it points to");
        }

        if (stat.Regular)
        {
            found.Add(path);
        }
        else if (stat.Folder)
        {
            using var folder = Open(parent, name, path);
            Walk(folder, path + "/", found, links);
        }
        else
        {
            throw new HostPathException(Shown(path), "is neither a file nor a folder");
        }

        return found;
    }

    /// <summary>Reads a file whole; two looks must agree on what it is.</summary>
    /// <returns>Its bytes and permissions; null when it has gone meanwhile.</returns>
    /// <exception cref="HostPathException">It cannot be read, is too large, or never holds still.</exception>
    public (byte[] Bytes, UnixFileMode Mode)? Read(string path, long limit)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            using var parent = OpenParent(path, out var name);
            using var file = OpenFile(parent, name, path);
            if (file is null)
            {
                return null;
            }

            if (!FileStat.TryRead((int)file.DangerousGetHandle(), out var before) || !before.Regular)
            {
                throw new HostPathException(Shown(path), "is not a regular file");
            }

            if (before.Size > limit)
            {
                throw new HostPathException(Shown(path), $"has {before.Size} bytes, and a file of configuration may have {limit}: name what is needed of it");
            }

            var bytes = ReadAll(file, (int)before.Size);
            if (FileStat.TryRead((int)file.DangerousGetHandle(), out var after) && after.Size == bytes.Length
                && after.ModifiedNanoseconds == before.ModifiedNanoseconds)
            {
                return (bytes, before.Permissions);
            }
        }

        throw new HostPathException(Shown(path), $"changed each of {Attempts} times that it was read: stop what writes it");
    }

    /// <summary>The path as people know it.</summary>
    public string Shown(string path) => Path.Combine(root, path);

    private static byte[] ReadAll(SafeFileHandle file, int size)
    {
        var bytes = new byte[size];
        var length = 0;
        int read;
        while (length < size && (read = RandomAccess.Read(file, bytes.AsSpan(length), length)) > 0)
        {
            length += read;
        }

        return length == size ? bytes : bytes[..length];
    }

    /// <summary>What an error of the system means, as the rest of a sentence.</summary>
    internal static string Reason(int error) => error switch
    {
        Posix.NotFound => "does not exist",
        Posix.AccessDenied or Posix.NotPermitted => "cannot be read (permission denied): run the node worker as root, or let its user read it",
        Posix.IsLink or Posix.NotFolder => "leads through a symbolic link or a file, and links are not followed: name the real path",
        _ => $"cannot be opened (errno {error})",
    };

    private void Walk(OpenFolder folder, string prefix, List<string> found, ICollection<string> links)
    {
        var names = new Names();
        try
        {
            folder.Visit(ref names);
        }
        catch (IOException e)
        {
            throw new HostPathException(Shown(prefix.TrimEnd('/')), e.Message);
        }

        foreach (var raw in names.All.OrderBy(name => name, StringComparer.Ordinal))
        {
            var path = prefix + raw;
            if (skip(path))
            {
                continue;
            }

            if (!FileStat.TryRead(folder.File, OpenFolder.Name(raw), out var stat))
            {
                // It went away between the listing and the look.
                continue;
            }

            if (stat.Link)
            {
                links.Add(path);
            }
            else if (stat.Folder)
            {
                using var child = Open(folder, raw, path);
                Walk(child, path + "/", found, links);
            }
            else if (stat.Regular)
            {
                found.Add(path);
                if (found.Count > MaxFiles)
                {
                    throw new HostPathException(Shown(prefix), $"holds more than {MaxFiles} files: name what is configuration in it");
                }
            }
        }
    }

    private OpenFolder OpenParent(string path, out string name)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        name = parts.Length > 0 ? parts[^1] : string.Empty;
        var folder = OpenFolder.Root(root) ?? throw new HostPathException(root, Reason(Posix.Error));
        for (var i = 0; i < parts.Length - 1; i++)
        {
            using var parent = folder;
            folder = Open(parent, parts[i], string.Join('/', parts[..(i + 1)]));
        }

        return folder;
    }

    private OpenFolder Open(OpenFolder parent, string name, string path) =>
        parent.Child(OpenFolder.Name(name)) ?? throw new HostPathException(Shown(path), Reason(Posix.Error));

    private FileStat Stat(OpenFolder parent, string name, string path) =>
        FileStat.TryRead(parent.File, OpenFolder.Name(name), out var stat) ? stat : throw new HostPathException(Shown(path), Reason(Posix.Error));

    private unsafe SafeFileHandle? OpenFile(OpenFolder parent, string name, string path)
    {
        int file;
        fixed (byte* bytes = OpenFolder.Name(name))
        {
            // Never waiting: a pipe in the place of a file must not hold the backup up.
            file = Posix.Open(parent.File, bytes, Posix.ReadOnly | Posix.NoFollow | Posix.NonBlocking | Posix.CloseOnExec, 0);
        }

        return file >= 0 ? new SafeFileHandle(file, ownsHandle: true)
            : Posix.Error == Posix.NotFound ? null
            : throw new HostPathException(Shown(path), Reason(Posix.Error));
    }

    /// <summary>Collects names; one that is no text could not stand in a manifest.</summary>
    private struct Names : IFolderVisitor
    {
        public Names() => All = [];

        public List<string> All { get; }

        public readonly void Visit(ulong inode, EntryType type, ReadOnlySpan<byte> name)
        {
            try
            {
                All.Add(Strict.GetString(name[..^1]));
            }
            catch (ArgumentException)
            {
                throw new IOException($"a name in it is not UTF-8 text ({Convert.ToHexString(name[..^1])})");
            }
        }
    }
}
