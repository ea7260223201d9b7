using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Estates.Rules;
using VirtEngine.DR.Estates.Yaml;

namespace VirtEngine.DR.Estates.Reading;

/// <summary>Text to estate: read every key, then check what fields mean together.</summary>
internal static class EstateReader
{
    public static Estate? Read(string text, string folder, out IReadOnlyList<EstateProblem> found)
    {
        var problems = new Problems();
        Secrets.Scan(text, problems);
        var leaked = problems.All.Count > 0;
        var root = YamlTree.Read(text, problems);
        if (root is null)
        {
            found = problems.All;
            return null;
        }

        var estate = Read(new MapReader(EstateSchema.Root, root, "", problems), new Folder(folder), problems);
        EstateRules.Check(estate, problems, leaked);
        found = problems.All;
        return estate;
    }

    private static Estate Read(MapReader root, Folder folder, Problems problems)
    {
        var policy = new PolicyReader(folder, problems);
        var nodes = NodeReader.Read(root, folder, problems);
        return new Estate
        {
            Name = root.RequiredText("name"),
            Simulated = root.Flag("simulated", false),
            Chain = ChainReader.Read(root, problems),
            Regions = new RegionReader(folder, problems).Read(root),
            Nodes = nodes,
            Workloads = new ClusterReader(folder, problems).Workloads(root),
            Dns = new DnsReader(folder, problems).Read(root),
            Backups = new BackupReader(folder, problems).Read(root, nodes),
            Objectives = new ObjectivesReader(problems).Read(root),
            Approvals = policy.Approvals(root),
            Watch = PolicyReader.Watch(root),
            Observe = PolicyReader.Observe(root),
            Contacts = policy.Contacts(root),
            Channels = policy.Channels(root),
            Evidence = policy.Evidence(root),
            Forensics = ForensicsReader.Read(root, folder, problems),
            Signing = new SigningReader(folder, problems).Read(root),
            Server = policy.Server(root),
        };
    }
}
