using System.Reflection;
using Temporalio.Exceptions;
using VirtEngine.DR.Contracts;
using VirtEngine.DR.Starter.Errors;
using Xunit;

namespace VirtEngine.DR.Starter.Tests.Errors;

/// <summary>The table covers every type of failure.</summary>
public sealed class ErrorTableTests
{
    public static TheoryData<string> Types =>
        [.. typeof(ErrorTypes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(constant => (string)constant.GetRawConstantValue()!)];

    [Theory]
    [MemberData(nameof(Types))]
    public void Rows_EveryErrorType_HasOneRowWithAdvice(string type)
    {
        var row = Assert.Single(ErrorTable.Rows, row => row.Type == type);
        Assert.NotEqual(ExitCodes.Ok, row.ExitCode);
        Assert.NotEmpty(row.Advice);
        Assert.Contains(ExitCodes.Table, entry => entry.Code == row.ExitCode);
    }

    [Fact]
    public void Explain_FailureInsideAWorkflowFailure_IsFoundByItsType()
    {
        var explained = ErrorTable.Explain(new WorkflowFailedException(
            new ApplicationFailureException("another run holds it: r-1", ErrorTypes.Locked, nonRetryable: true)));
        Assert.Equal((ErrorTypes.Locked, ExitCodes.Refused, "another run holds it: r-1"), (explained!.Type, explained.ExitCode, explained.Message));
    }

    [Theory]
    [InlineData(RpcException.StatusCode.Unavailable, ExitCodes.Unreachable)]
    [InlineData(RpcException.StatusCode.DeadlineExceeded, ExitCodes.Unreachable)]
    [InlineData(RpcException.StatusCode.NotFound, ExitCodes.NotFound)]
    [InlineData(RpcException.StatusCode.PermissionDenied, ExitCodes.Refused)]
    [InlineData(RpcException.StatusCode.InvalidArgument, ExitCodes.Usage)]
    public void Explain_ServersAnswer_HasItsExitCode(RpcException.StatusCode code, int exit) =>
        Assert.Equal(exit, ErrorTable.Explain(new RpcException(code, "said so", []))!.ExitCode);

    [Theory]
    [InlineData("Timeout expired", ExitCodes.Unreachable)]
    [InlineData("by the caller", ExitCodes.Interrupted)]
    public void Explain_CancelledCall_IsAnInterruptionOnlyWhereSomebodyInterrupted(string message, int exit) =>
        Assert.Equal(exit, ErrorTable.Explain(new RpcException(RpcException.StatusCode.Cancelled, message, []))!.ExitCode);

    [Fact]
    public void Explain_MistakeOfOurs_IsNotExplained() => Assert.Null(ErrorTable.Explain(new InvalidOperationException("bug")));
}
