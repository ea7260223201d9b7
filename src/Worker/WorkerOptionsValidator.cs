using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Estates;

namespace VirtEngine.DR.Worker;

/// <summary>Checks a worker's options and loads its estate; every mistake at once.</summary>
public static class WorkerOptionsValidator
{
    /// <summary>The estate, or an exception that names all mistakes.</summary>
    /// <exception cref="WorkerOptionsException">There are mistakes.</exception>
    public static LoadedEstate Validate(WorkerOptions options)
    {
        var problems = new List<string>();
        if (!options.Control && options.Nodes.Count == 0)
        {
            problems.Add("role: none is set; choose control, one or more nodes, or both");
        }

        if (options.Address.Split(':') is not [{ Length: > 0 }, var port] || !ushort.TryParse(port, out var number) || number == 0)
        {
            problems.Add($"address: '{options.Address}' must be host:port, such as 127.0.0.1:7233");
        }

        if (string.IsNullOrWhiteSpace(options.Namespace))
        {
            problems.Add("namespace: is empty; 'default' is what a server has from the start");
        }

        if (options.HealthPort is < 0 or > 65535)
        {
            problems.Add($"health port: {options.HealthPort} must be 0 (any free one) to 65535");
        }

        if (!System.Net.IPAddress.TryParse(options.HealthHost, out _))
        {
            problems.Add($"health host: '{options.HealthHost}' must be an IP address, such as 127.0.0.1 or 0.0.0.0");
        }

        if (options.GracefulShutdown <= TimeSpan.Zero)
        {
            problems.Add($"graceful shutdown: {options.GracefulShutdown} must be longer than zero, or running activities are cut off");
        }

        if (options.SkipReplay is not null && string.IsNullOrWhiteSpace(options.SkipReplay))
        {
            problems.Add("skip replay: is empty; say in words why the open runs are not checked");
        }

        if (options.ReplayWithin <= TimeSpan.Zero)
        {
            problems.Add($"replay within: {options.ReplayWithin} must be longer than zero");
        }

        Tls(options, problems);
        Files(options, problems);
        var estate = Estate(options, problems);
        if (problems.Count > 0 || estate is null)
        {
            throw new WorkerOptionsException(problems);
        }

        return estate;
    }

    private static void Tls(WorkerOptions options, List<string> problems)
    {
        if (!options.Tls && (options.TlsCertFile ?? options.TlsKeyFile ?? options.TlsRootCaFile ?? options.TlsServerName) is not null)
        {
            problems.Add("tls: certificates or a server name are given and TLS is off; switch it on or leave them out");
        }

        if ((options.TlsCertFile is null) != (options.TlsKeyFile is null))
        {
            problems.Add("tls: a client certificate needs its key and the other way round");
        }

        if (options.ApiKey is not null && !options.Tls)
        {
            problems.Add("api key: it would travel in the clear; switch TLS on");
        }
    }

    private static void Files(WorkerOptions options, List<string> problems)
    {
        (string Name, string? Path)[] files =
        [
            ("tls root certificate", options.TlsRootCaFile), ("tls certificate", options.TlsCertFile), ("tls key", options.TlsKeyFile), ("evidence key", options.EvidenceKeyFile),
        ];
        problems.AddRange(files.Where(file => file.Path is not null && !File.Exists(file.Path)).Select(file => $"{file.Name}: '{file.Path}' does not exist"));
        try
        {
            Directory.CreateDirectory(options.StateFolder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            problems.Add($"state folder: '{options.StateFolder}' cannot be made: {e.Message}");
        }
    }

    private static LoadedEstate? Estate(WorkerOptions options, List<string> problems)
    {
        try
        {
            var loaded = EstateLoader.Load(options.EstatePath);
            problems.AddRange(options.Nodes.Where(name => loaded.Estate.Nodes.All(node => node.Name != name))
                .Select(name => $"node: the estate has no '{name}'; it has: {string.Join(", ", loaded.Estate.Nodes.Select(node => node.Name))}"));
            problems.AddRange(options.Nodes.GroupBy(name => name, StringComparer.Ordinal).Where(group => group.Count() > 1).Select(group => $"node: '{group.Key}' is given twice"));
            return loaded;
        }
        catch (EstateInvalidException e)
        {
            problems.Add($"estate: {e.Message}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add($"estate: {e.Message}");
        }

        return null;
    }

    internal static NodeSpec Node(Estate estate, string name) => estate.Nodes.Single(node => node.Name == name);
}
