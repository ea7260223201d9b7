namespace VirtEngine.DR.Estates.Tests;

/// <summary>A small valid estate, and ways to break one line of it.</summary>
internal static class BaseEstate
{
    public const string PublicKey = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAyeHRKTGuk79YkBPbV2/vu2+PswBewUzcFQueMVVkq5c=\n-----END PUBLIC KEY-----\n";

    public const string Text = """
        name: small
        chain:
          id: small-1
          blockTime: 5s
        regions:
          - name: east
            role: primary
            capacity: 60
            zones: [east-a, east-b]
            bucket:
              url: file:///srv/buckets/east
          - name: west
            role: secondary
            capacity: 40
            bucket:
              url: s3://backups/west
              endpoint: http://127.0.0.1:7070
        nodes:
          - name: full-0
            kind: full
            region: east
            zone: east-a
            home: /opt/full-0
            control: { type: systemd, unit: virtengine.service }
            rpc: http://127.0.0.1:26657
          - name: validator-0
            kind: validator
            region: west
            home: /opt/validator-0
            control: { type: process }
            rpc: http://127.0.0.1:26667
        backups:
          signingKeys:
            - id: key-1
              publicKey: "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAyeHRKTGuk79YkBPbV2/vu2+PswBewUzcFQueMVVkq5c=\n-----END PUBLIC KEY-----\n"
              privateKeyFile: /etc/virtengine-dr/signing.pem
          schedules:
            - workflow: BackupChainState
              cron: "0 */4 * * *"
              catchUp: 1h
        approvals:
          required: 1
          approvers: [ann, bob]
        """;

    /// <summary>
    /// The estate with one text replaced. The mark <c>#!</c> in the replacement shows the line where the mistake is expected.
    /// </summary>
    public static string With(string old, string replacement)
    {
        var at = Text.IndexOf(old, StringComparison.Ordinal);
        return at < 0 || Text.IndexOf(old, at + 1, StringComparison.Ordinal) >= 0
            ? throw new ArgumentException($"'{old}' must occur once.", nameof(old))
            : Text.Replace(old, replacement, StringComparison.Ordinal);
    }

    /// <summary>The line of the mark; 1 is first.</summary>
    public static int MarkedLine(string text) => text[..text.IndexOf("#!", StringComparison.Ordinal)].Count(c => c == '\n') + 1;

    /// <summary>The mistakes of a text.</summary>
    public static IReadOnlyList<EstateProblem> Problems(string text) =>
        Xunit.Assert.Throws<EstateInvalidException>(() => EstateLoader.Parse(text, "estate.yaml")).Problems;
}
