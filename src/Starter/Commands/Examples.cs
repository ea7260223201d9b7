namespace VirtEngine.DR.Starter.Commands;

/// <summary>Examples of each command, by its path; shown under the command's help.</summary>
internal static class Examples
{
    public static IReadOnlyDictionary<string, IReadOnlyList<(string Line, string Meaning)>> All { get; } =
        new Dictionary<string, IReadOnlyList<(string, string)>>(StringComparer.Ordinal)
        {
            [""] =
            [
                ("virtengine-dr demo", "see everything work in a minute: backup, loss, restore"),
                ("virtengine-dr estate init && virtengine-dr estate check", "describe what you run"),
                ("virtengine-dr run RB-DR-006 --node fullnode-0 --dry-run", "the plan of a restore; nothing is touched"),
                ("virtengine-dr run RB-DR-006 --node fullnode-0 --watch", "restore the newest proven backup"),
                ("virtengine-dr status --watch", "follow the run that is open"),
                ("virtengine-dr approve", "look at the plan and approve it"),
            ],
            ["run"] =
            [
                ("virtengine-dr run RB-DR-001 --node fullnode-0 --dry-run", "what is wrong with it, and what would be tried"),
                ("virtengine-dr run RB-DR-001 --node fullnode-0 --watch", "cure it: restart first, then the newest proven backup"),
                ("virtengine-dr run RB-DR-004 --node fullnode-0 --node validator-0 --watch", "both hold corrupt data: copies of both, then one after the other"),
                ("virtengine-dr run RB-DR-004 --node validator-0 --coordinated v1.2.4 --height 4711 --dry-run", "the whole chain stands: the plan for all validators"),
                ("virtengine-dr run RB-DR-006 --node fullnode-0 --dry-run", "show the plan and end"),
                ("virtengine-dr run SignerMove --node validator-0b --dry-run", "who would be fenced before this host may sign"),
                ("virtengine-dr run RB-DR-006 --node fullnode-0 --reason \"disk lost\" --watch", "restore and follow"),
                ("virtengine-dr run RB-DR-006 --node fullnode-0 --backup ID", "one backup: virtengine-dr backup list"),
                ("virtengine-dr run RB-DR-006 --node fullnode-0 --at 2026-03-01T12:00:00Z --class D4", "the newest at or before a time"),
            ],
            ["status"] =
            [
                ("virtengine-dr status", "open runs"),
                ("virtengine-dr status RUN --watch", "follow one (q leaves, the run goes on)"),
                ("virtengine-dr status RUN -o json | jq .phase", "for scripts"),
            ],
            ["rpo"] =
            [
                ("virtengine-dr rpo", "blocks that full nodes of two regions hold, and the age of the backups; exit code 1 where the objective is missed"),
                ("virtengine-dr rpo -o json | jq .blocks", "for scripts and alerts"),
            ],
            ["approve"] =
            [
                ("virtengine-dr approve", "the only open gate of the only open run, after a look at its plan"),
                ("virtengine-dr approve RUN --digest 1a2b3c4d --yes", "only if the plan is still this one"),
            ],
            ["recovery-plan"] =
            [
                ("virtengine-dr recovery-plan verify --plan 20260301T120000Z-000000004711.json --key theirs.pem", "is it theirs, and what does it ask for"),
                ("virtengine-dr recovery-plan ready RUN --validator ADDRESS --why \"told on the validators' channel\"", "one more is back"),
            ],
            ["abort"] =
            [
                ("virtengine-dr abort RUN", "stops it and shows how it would be unwound; nothing is undone yet"),
                ("virtengine-dr abort RUN --confirm 1a2b3c4d", "unwinds by exactly that plan"),
            ],
            ["repair"] =
            [
                ("virtengine-dr repair RUN", "what a killed run left undone, as a plan; nothing is done yet"),
                ("virtengine-dr repair RUN --confirm 1a2b3c4d", "unwinds by exactly that plan, after an approval"),
                ("virtengine-dr repair RUN --release --approved-by carol --why \"put right by hand\"", "frees its locks without a repair"),
            ],
            ["retry"] = [("virtengine-dr retry RUN --step swap", "tries a failed step again, after a new look")],
            ["skip"] = [("virtengine-dr skip RUN --step prove --why \"proven by hand\"", "leaves it out; the outcome is partial at best")],
            ["backup"] =
            [
                ("virtengine-dr backup run --node fullnode-0", "take one now, replicate it, wait for it"),
                ("virtengine-dr backup list", "what there is and how far it is proven; needs no server"),
                ("virtengine-dr backup verify --node fullnode-0", "start a node on it and compare it with the chain"),
                ("virtengine-dr backup verify --rung 3", "rebuild and compare every file here; needs no server"),
                ("virtengine-dr backup export --to /tmp/out", "the plan's tar.gz, json, sha256 and sig"),
            ],
            ["schedules"] = [("virtengine-dr schedules apply", "bring the server in line with the estate; again: no change")],
            ["estate"] =
            [
                ("virtengine-dr estate init --home ~/.virtengine", "a first estate from a node's home"),
                ("virtengine-dr estate check", "every mistake at once, with its line"),
            ],
            ["dns"] =
            [
                ("virtengine-dr dns show", "who gets which clients now, and why"),
                ("virtengine-dr dns check", "in peacetime: could clients be led away? exit code 1 where not"),
                ("virtengine-dr dns prepare", "what the switches still need"),
            ],
            ["dns prepare"] =
            [
                ("virtengine-dr dns prepare", "what would be done; nothing is changed"),
                ("virtengine-dr dns prepare --apply", "do it, after a question"),
            ],
            ["worker"] =
            [
                ("virtengine-dr worker --role control", "workflows, and what needs no node"),
                ("virtengine-dr worker --role node --node fullnode-0", "on the node's own host, as its user or root"),
                ("virtengine-dr worker --role control --role node --node fullnode-0", "one machine, no server: starts the embedded engine too"),
            ],
            ["engine"] =
            [
                ("virtengine-dr engine backup --to /backup/engine.db", "a checked copy, while it runs"),
                ("virtengine-dr engine check", "is its file whole?"),
            ],
            ["signer"] =
            [
                ("virtengine-dr signer status --chain virtengine-1 --validator 0123456789ABCDEF0123456789ABCDEF01234567", "who may sign, and what a grant needs"),
                ("virtengine-dr signer register init", "make the register, once"),
                ("virtengine-dr signer enrol --node validator-0", "put a running signer under it, on its own host"),
                ("virtengine-dr signer exec --chain virtengine-1 --validator 0123456789ABCDEF0123456789ABCDEF01234567 -- virtengine start", "the validator's start command"),
            ],
            ["demo"] =
            [
                ("virtengine-dr demo", "asks you for the approval"),
                ("virtengine-dr demo --dir /tmp/demo --yes", "asks nothing and keeps everything for a look"),
            ],
            ["incidents"] =
            [
                ("virtengine-dr incidents list", "post-mortems, root causes and reports that are owed"),
                ("virtengine-dr incidents done RUN --task root-cause --where https://wiki.example/OPS-7", "it is done, and where it can be read"),
            ],
            ["report"] =
            [
                ("virtengine-dr report RUN --html report.html", "a page for people"),
                ("virtengine-dr report RUN --incident > incident.md", "the incident document, root cause left to fill in"),
                ("virtengine-dr report RUN --json > report.json", "everything, for programs"),
            ],
        };
}
