using Temporalio.Api.ErrorDetails.V1;
using Temporalio.Api.Namespace.V1;
using VirtEngine.DR.Embedded.Namespaces;
using VirtEngine.DR.Embedded.Store;

namespace VirtEngine.DR.Embedded.Host;

/// <summary>Namespaces.</summary>
internal static class NamespaceHandlers
{
    public static void Register(Rpc rpc)
    {
        rpc.Ask<DescribeNamespaceRequest, DescribeNamespaceResponse>((turn, request) => Describe(request.Namespace.Length > 0
            ? turn.State.Namespace(request.Namespace)
            : turn.State.Namespaces.Values.FirstOrDefault(n => n.Id == request.Id) ?? throw Errors.NamespaceNotFound(request.Id)));
        rpc.Ask<ListNamespacesRequest, ListNamespacesResponse>((turn, _) =>
        {
            var answer = new ListNamespacesResponse();
            answer.Namespaces.Add(turn.State.Namespaces.Values.OrderBy(n => n.Name, StringComparer.Ordinal).Select(Describe));
            return answer;
        });
        rpc.Ask<RegisterNamespaceRequest, RegisterNamespaceResponse>((turn, request) =>
        {
            if (request.Namespace.Length == 0)
            {
                throw Errors.Invalid("Namespace is not set on request.");
            }

            if (turn.State.Namespaces.ContainsKey(request.Namespace))
            {
                throw Errors.Make(StatusCode.AlreadyExists, "Namespace already exists.", new NamespaceAlreadyExistsFailure());
            }

            var ns = Make(request.Namespace, turn.Ids);
            ns.Description = request.Description;
            ns.OwnerEmail = request.OwnerEmail;
            ns.Retention = request.WorkflowExecutionRetentionPeriod.Span() > TimeSpan.Zero ? request.WorkflowExecutionRetentionPeriod.Span() : ns.Retention;
            foreach (var (key, value) in request.Data)
            {
                ns.Data[key] = value;
            }

            Save(turn, ns);
            return new RegisterNamespaceResponse();
        });
        rpc.Ask<UpdateNamespaceRequest, UpdateNamespaceResponse>((turn, request) =>
        {
            var ns = turn.State.Namespace(request.Namespace);
            turn.Changes();
            ns.Description = request.UpdateInfo?.Description is { Length: > 0 } description ? description : ns.Description;
            ns.OwnerEmail = request.UpdateInfo?.OwnerEmail is { Length: > 0 } owner ? owner : ns.OwnerEmail;
            ns.Retention = request.Config?.WorkflowExecutionRetentionTtl is { } retention ? retention.ToTimeSpan() : ns.Retention;
            foreach (var (key, value) in request.UpdateInfo?.Data ?? [])
            {
                ns.Data[key] = value;
            }

            Save(turn, ns);
            var described = Describe(ns);
            return new UpdateNamespaceResponse
            {
                NamespaceInfo = described.NamespaceInfo,
                Config = described.Config,
                ReplicationConfig = described.ReplicationConfig,
            };
        });
    }

    public static EngineNamespace Make(string name, Ids ids) => new() { Name = name, Id = ids.NewRunId("namespace/" + name) };

    public static void Save(Turn turn, EngineNamespace ns)
    {
        turn.State.Namespaces[ns.Name] = ns;
        turn.Batch.Writes.Add(new NamespaceWrite(ns.Name, StateJson.Write(ns)));
    }

    private static DescribeNamespaceResponse Describe(EngineNamespace ns)
    {
        var info = new NamespaceInfo
        {
            Name = ns.Name,
            Id = ns.Id,
            State = NamespaceState.Registered,
            Description = ns.Description,
            OwnerEmail = ns.OwnerEmail,
            SupportsSchedules = true,
            Capabilities = new() { SyncUpdate = true, AsyncUpdate = true, WorkerPollCompleteOnShutdown = true },
            Limits = new() { BlobSizeLimitError = Limits.BlobBytes, MemoSizeLimitError = Limits.BlobBytes },
        };
        info.Data.Add(ns.Data);
        return new DescribeNamespaceResponse
        {
            NamespaceInfo = info,
            Config = new NamespaceConfig { WorkflowExecutionRetentionTtl = ns.Retention.Wire(), BadBinaries = new BadBinaries() },
            ReplicationConfig = new Temporalio.Api.Replication.V1.NamespaceReplicationConfig { ActiveClusterName = "embedded" },
        };
    }
}
