using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Estates.Rules;

namespace VirtEngine.DR.Estates.Reading;

internal sealed class RegionReader(Folder folder, Problems problems)
{
    private readonly BucketReader _buckets = new(folder, problems);
    private readonly ClusterReader _clusters = new(folder, problems);

    public IReadOnlyList<RegionSpec> Read(MapReader root) =>
        [.. root.Groups("regions", EstateSchema.Region, required: true).Select(Region)];

    private RegionSpec Region(MapReader region, int index)
    {
        var name = region.RequiredText("name");
        Text.CheckName(region.At("name"), name, problems);
        return new RegionSpec
        {
            Name = name,
            Role = region.Choice<RegionRole>("role", null),
            Capacity = region.Number("capacity", 0, 0, 100),
            Priority = region.Number("priority", index + 1, 1, 100),
            Zones = region.Texts("zones"),
            Bucket = region.Group("bucket", EstateSchema.Bucket) is { } bucket ? _buckets.Read(bucket, EstateSchema.Bucket, name) : null,
            Cluster = _clusters.Cluster(region),
        };
    }
}
