using Temporalio.Api.OperatorService.V1;

namespace VirtEngine.DR.Embedded.Host;

/// <summary>Search attributes.</summary>
internal static class OperatorHandlers
{
    private static readonly (string Name, IndexedValueType Type)[] System =
    [
        ("BatcherNamespace", IndexedValueType.Keyword), ("BatcherUser", IndexedValueType.Keyword), ("BinaryChecksums", IndexedValueType.KeywordList),
        ("BuildIds", IndexedValueType.KeywordList), ("CloseTime", IndexedValueType.Datetime), ("ExecutionDuration", IndexedValueType.Int),
        ("ExecutionStatus", IndexedValueType.Keyword), ("ExecutionTime", IndexedValueType.Datetime), ("HistoryLength", IndexedValueType.Int),
        ("HistorySizeBytes", IndexedValueType.Int), ("ParentRunId", IndexedValueType.Keyword), ("ParentWorkflowId", IndexedValueType.Keyword),
        ("RootRunId", IndexedValueType.Keyword), ("RootWorkflowId", IndexedValueType.Keyword), ("RunId", IndexedValueType.Keyword),
        ("StartTime", IndexedValueType.Datetime), ("StateTransitionCount", IndexedValueType.Int), ("TaskQueue", IndexedValueType.Keyword),
        ("TemporalChangeVersion", IndexedValueType.KeywordList), ("TemporalScheduledById", IndexedValueType.Keyword),
        ("TemporalScheduledStartTime", IndexedValueType.Datetime), ("TemporalSchedulePaused", IndexedValueType.Bool),
        ("WorkflowId", IndexedValueType.Keyword), ("WorkflowType", IndexedValueType.Keyword),
    ];

    public static bool IsSystem(string name) => System.Any(s => s.Name == name);

    public static void Register(Rpc rpc)
    {
        rpc.Ask<ListSearchAttributesRequest, ListSearchAttributesResponse>((turn, request) =>
        {
            var answer = new ListSearchAttributesResponse();
            foreach (var (name, type) in turn.State.Namespace(request.Namespace).SearchAttributes)
            {
                answer.CustomAttributes[name] = type;
            }

            foreach (var (name, type) in System)
            {
                answer.SystemAttributes[name] = type;
            }

            return answer;
        }, isOperator: true);
        rpc.Ask<AddSearchAttributesRequest, AddSearchAttributesResponse>((turn, request) =>
        {
            var ns = turn.State.Namespace(request.Namespace);
            foreach (var (name, type) in request.SearchAttributes)
            {
                if (IsSystem(name))
                {
                    throw Errors.Invalid($"Search attribute {name} is reserved by system.");
                }

                if (ns.SearchAttributes.TryGetValue(name, out var known) && known != type)
                {
                    throw Errors.Make(StatusCode.AlreadyExists, $"Search attribute {name} already exists with another type.", null);
                }
            }

            turn.Changes();
            foreach (var (name, type) in request.SearchAttributes)
            {
                ns.SearchAttributes[name] = type;
            }

            NamespaceHandlers.Save(turn, ns);
            return new AddSearchAttributesResponse();
        }, isOperator: true);
        rpc.Ask<RemoveSearchAttributesRequest, RemoveSearchAttributesResponse>((turn, request) =>
        {
            var ns = turn.State.Namespace(request.Namespace);
            if (request.SearchAttributes.FirstOrDefault(name => !ns.SearchAttributes.ContainsKey(name)) is { } missing)
            {
                throw Errors.NotFound($"Search attribute {missing} doesn't exist.");
            }

            turn.Changes();
            foreach (string name in request.SearchAttributes)
            {
                ns.SearchAttributes.Remove(name);
            }

            NamespaceHandlers.Save(turn, ns);
            return new RemoveSearchAttributesResponse();
        }, isOperator: true);
        rpc.Ask<ListClustersRequest, ListClustersResponse>((_, _) => new ListClustersResponse(), isOperator: true);
    }
}
