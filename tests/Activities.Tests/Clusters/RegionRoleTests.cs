using k8s;
using k8s.Models;
using VirtEngine.DR.Activities.Clusters;
using VirtEngine.DR.Contracts.Clusters;
using VirtEngine.DR.Contracts.Estates;
using VirtEngine.DR.Tests.Shared;

namespace VirtEngine.DR.Activities.Tests.Clusters;

/// <summary>The role that an operator gives to a control worker in a region's cluster: it suffices for everything that the adapter does, and for no more.</summary>
[Collection(KubeRegion.Collection)]
public sealed class RegionRoleTests(KubeRegion region)
{
    private const string Space = "virtengine";
    private const string Account = "virtengine-dr";
    private const string Config = "prometheus-targets";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Role_SufficesForAllThatTheAdapterDoes_AndForNoMore()
    {
        RequiredProgram.Find("kubectl");
        ClusterTarget admin = await region.MakeAsync(name: Space);
        await ChildProgram.RunAsync("kubectl", ["--kubeconfig", admin.Cluster.Kubeconfig!, "apply", "-f", Role()], cancellationToken: Token);
        var stage = new KubeStage(region, admin);
        await stage.PutConfigAsync(Config, "helm", new Dictionary<string, string> { ["scrape"] = "30s" });
        await stage.PutServiceAsync("gateway", [new(ServiceAddressKind.Ip, "203.0.113.7")]);
        Authenticationv1TokenRequest token = await region.Client.CoreV1.CreateNamespacedServiceAccountTokenAsync(
            new Authenticationv1TokenRequest { Spec = new() { Audiences = ["https://kubernetes.default.svc"] } }, Account, Space, cancellationToken: Token);
        ClusterTarget own = region.As(admin, token.Status.Token);
        ICluster cluster = region.Of(own);
        WorkloadSpec fullnode = own.Workloads[0];

        ClusterObservation now = await cluster.LookAsync(Token);
        Assert.Empty(now.Unknowns);
        Assert.Empty((await cluster.GlanceAsync(Token)).Unknowns);
        Assert.Equal(3, await cluster.FollowAsync(TimeSpan.FromMilliseconds(300), Token).Take(3).CountAsync(Token));
        Assert.True(await cluster.CordonAsync(now.Nodes[0].Name, stage.Key("role"), Token));
        Assert.True(await cluster.UncordonAsync(now.Nodes[0].Name, "role", stage.Key("role", "undo"), Token));
        Assert.Equal(5, (await cluster.ScaleAsync(fullnode, new(stage.Key(), own, "fullnode", 4, 5, 4), Token)).Desired);
        Assert.True((await cluster.EvictAsync(now.Pods.First(pod => pod.Workload == "fullnode"), fullnode, Token)).Accepted);
        Assert.True(await cluster.RestartAsync(fullnode, new(stage.Key(), DateTimeOffset.UtcNow), Token));
        Assert.True(await cluster.ApplyConfigAsync(new(stage.Key(), new(Space, Config), new Dictionary<string, string> { ["region"] = "eu-west-1" }), Token));
        Assert.Single((await cluster.AddressesAsync(new(Space, "gateway"), Token)).Addresses);

        Assert.True(await MayAsync("create", "pods", subresource: "eviction"));
        foreach ((string verb, string resource) in ((string, string)[])[("get", "secrets"), ("list", "secrets"), ("delete", "pods"), ("create", "pods"), ("create", "configmaps"), ("delete", "deployments"), ("patch", "services")])
        {
            Assert.False(await MayAsync(verb, resource), $"{verb} {resource}");
        }

        Assert.False(await MayAsync("patch", "configmaps", name: "another"));
    }

    /// <summary>What <c>kubectl auth can-i VERB RESOURCE --subresource SUBRESOURCE --as</c> asks.</summary>
    private async Task<bool> MayAsync(string verb, string resource, string? subresource = null, string? name = null) => (await region.Client.AuthorizationV1.CreateSubjectAccessReviewAsync(
        new V1SubjectAccessReview
        {
            Spec = new()
            {
                User = $"system:serviceaccount:{Space}:{Account}",
                ResourceAttributes = new() { NamespaceProperty = Space, Verb = verb, Resource = resource, Group = resource == "deployments" ? "apps" : "", Subresource = subresource, Name = name },
            },
        },
        cancellationToken: Token)).Status.Allowed;

    private static string Role()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            string path = Path.Combine(at.FullName, "deploy", "kubernetes", "region", "role.yaml");
            if (File.Exists(path))
            {
                return path;
            }
        }

        throw new InvalidOperationException("deploy/kubernetes/region/role.yaml is above no folder of these tests");
    }
}
