using System.Text.RegularExpressions;

namespace VirtEngine.DR.Architecture.Tests;

/// <summary>What workflow code may not call, because a replay would not do the same again, or because it would hide a failure.</summary>
internal static class ForbiddenCalls
{
    private static readonly (Regex Pattern, string Instead)[] Rules =
    [
        (Rule(@"(?<!Workflow\w*\.)\bTask\s*\.\s*(Run|Delay|WhenAny|WhenAll|Yield)\b"), "Workflow.RunTaskAsync, DelayAsync, WhenAnyAsync, WhenAllAsync"),
        (Rule(@"\bTask\s*\.\s*Factory\b|\bnew\s+Thread\b|\bThreadPool\b|\bParallel\s*\.|\.AsParallel\s*\("), "Workflow.RunTaskAsync"),
        (Rule(@"\.\s*ConfigureAwait\s*\(\s*false\s*\)"), "plain await: the continuation must stay on the workflow's scheduler"),
        (Rule(@"\bDateTime(Offset)?\s*\.\s*(Now|UtcNow|Today)\b|\bTimeProvider\b|\bStopwatch\b"), "Workflow.UtcNow"),
        (Rule(@"\bGuid\s*\.\s*(NewGuid|CreateVersion7)\b"), "Workflow.NewGuid; secrets and tokens come from activities"),
        (Rule(@"\bnew\s+Random\b|\bRandom\s*\.\s*Shared\b|\bRandomNumberGenerator\b"), "Workflow.Random"),
        (Rule(@"\.\s*CancelAfter\s*\(|\bnew\s+CancellationTokenSource\s*\(\s*[^)\s]"), "Workflow.DelayAsync with a token source"),
        (Rule(@"\bSemaphoreSlim\b|\bSystem\.Threading\.(Mutex|Semaphore|Monitor|Lock)\b|\bMonitor\s*\.|\block\s*\(|\bManualResetEvent|\bAutoResetEvent|\bnew\s+(System\.Threading\.)?Timer\b"), "Temporalio.Workflows.Semaphore or Mutex, WaitConditionAsync"),
        (Rule(@"\bThread\s*\.\s*Sleep\b|\.\s*Wait\s*\(\s*\)|\.\s*GetAwaiter\s*\(\s*\)\s*\.\s*GetResult|\bTask\s*\.\s*Wait(All|Any)\b"), "await"),
        (Rule(@"\b(File|Directory|FileInfo|DirectoryInfo|FileStream)\s*[.(]|\bPath\s*\.\s*GetTemp|\bHttpClient\b|\bSocket\b|\bProcess\s*\.\s*(Start|GetProcess)|\bConsole\s*\."), "an activity"),
        (Rule(@"\bEnvironment\s*\.|\bIConfiguration\b|\bIOptions\b|\bConfigurationManager\b"), "the workflow's input, or an activity"),
        (Rule(@"\bCultureInfo\s*\.\s*Current\w*|\bDateTime(Offset)?\s*\.\s*Parse\s*\(\s*\w+\s*\)"), "CultureInfo.InvariantCulture"),
        (Rule(@"\bcatch\s*(\{|\(\s*(System\.)?Exception(\s+\w+)?\s*\)\s*(?!\s*when))"), "catch (FailureException e) when (!TemporalException.IsCanceledException(e))"),
        (Rule(@"^\s*(?:(?:public|private|internal|protected)\s+)*static\s+(?!readonly\b|class\b|partial\b|record\b|struct\b|async\b|extern\b|abstract\b|unsafe\b|event\b)(?:(?:public|private|internal|protected)\s+)?[\w<>\[\],.?]+(?:\s+|(?<=>)\s*)\w+\s*(=(?![>=])|;)"), "static readonly, or state of the workflow"),
        (Rule(@"\bforeach\s*\(\s*(var\s*\([^)]*\)|var\s+\w+|[\w<>,\s\[\]?]+)\s+in\s+new\s+(Dictionary|HashSet)\b|\bToDictionary\s*\([^;]*\)\s*\.\s*Select\b|\bToHashSet\s*\([^;]*\)\s*\.\s*Select\b"), "an array, or an ordinally sorted collection"),
    ];

    /// <summary>The places in a source where something forbidden is called.</summary>
    public static IReadOnlyList<(int Line, string Found, string Instead)> Find(string source)
    {
        var code = CodeText.Of(source);
        return
        [
            .. Rules
                .SelectMany(r => r.Pattern.Matches(code).Select(m => (Line(code, m.Index + m.Length - m.Value.TrimStart().Length), m.Value.Trim(), r.Instead)))
                .OrderBy(f => f.Item1),
        ];
    }

    private static int Line(string code, int index) => code.AsSpan(0, index).Count('\n') + 1;

    private static Regex Rule(string pattern) => new(pattern, RegexOptions.Multiline | RegexOptions.CultureInvariant | RegexOptions.Compiled);
}
