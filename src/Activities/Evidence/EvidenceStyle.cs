namespace VirtEngine.DR.Activities.Evidence;

/// <summary>The page's looks: system fonts, light and dark, readable in print.</summary>
internal static class EvidenceStyle
{
    public const string Css =
        """
        :root{--bg:#fbfbfa;--fg:#1d2126;--quiet:#69707a;--line:#e3e5e8;--card:#fff;--good:#1a7f4b;--bad:#b3261e;--warn:#9a6700;--accent:#2f5bd0}
        @media(prefers-color-scheme:dark){:root{--bg:#15181c;--fg:#e6e8eb;--quiet:#98a1ac;--line:#2b3138;--card:#1c2026;--good:#5cc98e;--bad:#ff8a80;--warn:#e0b04a;--accent:#8fb0ff}}
        *{box-sizing:border-box}body{margin:0;background:var(--bg);color:var(--fg);font:15px/1.5 system-ui,sans-serif}
        main{max-width:960px;margin:0 auto;padding:32px 20px}p{margin:0}h1{font-size:26px;margin:2px 0}h2{font-size:17px;margin:0 0 10px}h3{font-size:14px;margin:12px 0 4px}
        header{display:flex;justify-content:space-between;gap:16px;align-items:flex-start}section{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:16px 18px;margin-top:18px}
        .kind{color:var(--accent);font-weight:600}.quiet,footer{color:var(--quiet);font-size:13px}.headline{margin-top:12px;font-size:17px}.mono{font:12px ui-monospace,monospace;overflow-wrap:anywhere}
        .outcome{border-radius:99px;padding:6px 16px;font-weight:700;border:2px solid var(--warn);color:var(--warn)}.outcome.succeeded,.outcome.planned{border-color:var(--good);color:var(--good)}
        .outcome.failed,.outcome.denied{border-color:var(--bad);color:var(--bad)}.practice{background:var(--warn);color:var(--bg);text-align:center;font-weight:700;border-radius:8px;padding:6px;margin-bottom:14px}
        .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(180px,1fr));gap:14px}.big{font-size:19px;font-weight:650}
        .bar{position:relative;height:22px;border:1px solid var(--line);border-radius:6px;margin-top:10px;overflow:hidden;background:var(--card)}.bar i{display:block;height:100%;background:var(--good);opacity:.3}
        .bar.missed i{background:var(--bad)}.bar span{position:absolute;inset:0;text-align:center;font-size:12px;line-height:20px}
        table{width:100%;border-collapse:collapse}th,td{text-align:left;vertical-align:top;padding:6px 8px 6px 0;border-top:1px solid var(--line)}th{color:var(--quiet);font-size:13px;border:0}
        .steps{list-style:none;margin:0;padding:0}.steps li{display:flex;gap:14px;padding:8px 0 8px 14px;border-left:4px solid var(--line);margin-bottom:4px}.steps b{min-width:26px}
        .steps em{font-style:normal;color:var(--quiet);font-size:13px}.steps .done,.steps .alreadyso{border-color:var(--good)}.steps .failed{border-color:var(--bad)}.steps .skipped,.steps .undone,.steps .kept{border-color:var(--warn)}
        .error{color:var(--bad)}.missing{border-color:var(--warn)}ul{margin:0;padding-left:20px}footer{margin-top:22px;overflow-wrap:anywhere}
        @media print{body{background:#fff}section{break-inside:avoid}}
        """;
}
