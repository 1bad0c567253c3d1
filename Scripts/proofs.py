#!/usr/bin/env python3
"""Proves large rulesets with the release build: Scripts/proofs.py [EXPLAIN] [SEEDS].

Tables of 3,000 interval rows over 4 inputs, whole and with a planted gap, overlap and dead row; and
rulesets of 200 rules, each about up to 4 of 20 inputs with 10 cut points. Every finding must be the
planted one, and nothing may end as not proved (P1). Prints the seconds that each check took.
"""
import os, random, re, subprocess, sys, tempfile, time

EXTENT = 1_000_000
HEADER = 'ruleset large version 1 {\n  owner "Proofs"\n}\n'


def cut_box(count, inputs, rng):
    """Rows that part a box: each point lies in exactly one."""
    rows = [[(0, EXTENT)] * inputs]
    while len(rows) < count:
        axis = rng.randrange(inputs)
        chosen = max((rng.randrange(len(rows)) for _ in range(4)),
                     key=lambda row: rows[row][axis][1] - rows[row][axis][0])
        low, high = rows[chosen][axis]
        if high - low < 8:
            continue
        cut = rng.randrange(low + (high - low) // 4, high - (high - low) // 4)
        upper = list(rows[chosen])
        upper[axis] = (cut, high)
        rows[chosen][axis] = (low, cut)
        rows.append(upper)
    return rows


def table(rows, hit):
    inputs = len(rows[0])
    text = [HEADER, 'input e from "static" {', "  id text key"]
    text += ["  x%d int in 0 ... %d" % (i, EXTENT - 1) for i in range(inputs)]
    text += ["}", "decision d: text hit %s {" % hit, "  table",
             "    " + " | ".join("e.x%d" % i for i in range(inputs)) + " || then | reason"]
    for number, row in enumerate(rows):
        cells = " | ".join("%d ..< %d" % cell for cell in row)
        text.append('    %s || "o%d" | D-%d' % (cells, number, number + 1))
    return "\n".join(text + ["}", ""])


def ruleset(count, inputs, cuts, rng):
    text = [HEADER, 'input e from "static" {', "  id text key"]
    text += ["  x%d int in 0 ... %d" % (i, 10 * cuts + 9) for i in range(inputs)]
    text += ["}", "decision d: text hit first {"]
    for rule in range(count):
        parts = []
        for i in sorted(rng.sample(range(inputs), rng.randint(1, 4))):
            while True:
                low = rng.randint(0, cuts)
                high = rng.randint(low + 1, cuts + 1)
                if (low, high) != (0, cuts + 1):
                    break
            if low > 0:
                parts.append("e.x%d >= %d" % (i, 10 * low))
            if high <= cuts:
                parts.append("e.x%d < %d" % (i, 10 * high))
        text.append('  rule r%d reason R-%d when %s then "o%d"'
                    % (rule, rule, " and ".join(parts), rng.randrange(5)))
    return "\n".join(text + ['  otherwise reason R-X then "none"', "}", ""])


def check(explain, name, text, folder):
    path = os.path.join(folder, "large.rules")
    with open(path, "w") as file:
        file.write(text)
    start = time.monotonic()
    run = subprocess.run([explain, "check", path], capture_output=True, text=True, timeout=600)
    seconds = time.monotonic() - start
    found = re.findall(r"^(?:error|warning|note)\[(\w+)\]: (.*)$", run.stdout + run.stderr, re.M)
    counts = {}
    for code, _ in found:
        counts[code] = counts.get(code, 0) + 1
    print("%-46s %6.2f s  %s" % (name, seconds, counts or "nothing found"), flush=True)
    return found


def main():
    explain = sys.argv[1] if len(sys.argv) > 1 else ".build/release/explain"
    seeds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    faults = []

    def expect(holds, what):
        if not holds:
            faults.append(what)
            print("  WRONG: " + what)

    with tempfile.TemporaryDirectory() as folder:
        for seed in range(1, seeds + 1):
            rng = random.Random(seed)
            rows = cut_box(3000, 4, rng)
            found = check(explain, "3,000 rows x 4 inputs, seed %d, whole" % seed,
                          table(rows, "unique"), folder)
            expect(not found, "seed %d: the whole table has findings: %s" % (seed, found[:2]))

            planted = [list(row) for row in rows]
            inner = [i for i, row in enumerate(rows) if row[0][1] < EXTENT]
            gap, drawn = inner[7], inner[100]
            planted[gap][0] = (planted[gap][0][0], planted[gap][0][1] - 1)
            planted[drawn][0] = (planted[drawn][0][0], planted[drawn][0][1] + 1)
            found = check(explain, "  a gap and an overlap planted", table(planted, "unique"), folder)
            codes = {code for code, _ in found}
            expect(codes == {"G1", "O1"}, "seed %d: found %s" % (seed, codes))
            expect(any("row" in message and str(drawn + 1) in message
                       for code, message in found if code == "O1"),
                   "seed %d: the overlap of row %d is not named" % (seed, drawn + 1))

            dead = [(low, low + max(1, (high - low) // 2)) for low, high in rows[20]]
            found = check(explain, "  hit first, a dead row planted", table(rows + [dead], "first"),
                          folder)
            expect([code for code, _ in found] == ["U1"] and "row 3001 never decides" in found[0][1],
                   "seed %d: the dead row is not the finding: %s" % (seed, found[:2]))

            found = check(explain, "200 rules, 20 inputs, 10 cut points, seed %d" % seed,
                          ruleset(200, 20, 10, rng), folder)
            expect("P1" not in {code for code, _ in found}, "seed %d: not proved" % seed)
    print("%d faults" % len(faults))
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
