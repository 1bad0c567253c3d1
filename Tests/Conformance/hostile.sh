#!/bin/sh
# Hostile and broken PMML documents through `explain inspect` and `explain score`.
#
#   Tests/Conformance/hostile.sh [EXPLAIN]
#
# EXPLAIN is the built executable (default: .build/debug/explain); one that was built with
# AddressSanitizer has its limits of time and memory raised by itself.
# Each document is refused with a message that names the file and, where there is one, the line; or
# it gives an answer, and the right one where the table below has it. Nothing may crash, take more
# than 5 seconds of processor time or 512 MiB of memory, or open what a document names.
# Skipped, and said so, where the documents are not there.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
explain=${1:-$root/.build/debug/explain}
hostile=${RATIONALE_SHARED:-$root/../shared}/pmml-corpus/hostile
if [ ! -f "$hostile/expected.tsv" ]; then
  echo "SKIPPED: no hostile documents at $hostile; set RATIONALE_SHARED to run them" >&2
  exit 0
fi
exec python3 - "$explain" "$hostile" <<'PYTHON'
import csv, os, re, resource, subprocess, sys, tempfile

explain, folder = os.path.abspath(sys.argv[1]), sys.argv[2]
with open(explain, "rb") as program:
    is_sanitized = b"AddressSanitizer" in program.read()
SECONDS, MEBIBYTES = (30, 2048) if is_sanitized else (5, 512)
# The result for x = 1, 5.5 and missing, where a document has to give one, or may; None is missing.
# The trees have one child, x < 3 or x < INF, and no prediction where it is not true.
ANSWERS = {
    "cdata-comments": [2, None, None], "utf16": [2, None, None], "utf8-bom": [2, None, None],
    "infinity-threshold": [2, 2, None], "many-fields-50k": [2, 11, None],
    "deep-apply-20k": [20001, 20005.5, None], "deep-mining-2k": [1, 1, 1],
    "deep-predicate-100k": [1, 1, 1],
}
# A document without a line.
WHOLE_DOCUMENT = {"empty"}
SECRETS = ["root:x:", "root:*:"]


def run(arguments):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    # A child's peak memory is its own: the wrapper is small, and waits for it alone.
    wrapper = ("import resource, subprocess, sys\n"
               "code = subprocess.run(sys.argv[1:]).returncode\n"
               "peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss\n"
               "open(3, 'w').write('%d %d' % (code, peak))\n")
    reading, writing = os.pipe()
    os.set_inheritable(writing, True)
    shell = ["sh", "-c", "exec 3>&%d; exec \"$@\"" % writing, "sh",
             sys.executable, "-c", wrapper] + arguments
    try:
        done = subprocess.run(shell, capture_output=True, pass_fds=[writing], timeout=120)
    except subprocess.TimeoutExpired:
        os.close(writing)
        os.close(reading)
        return None, "", "no end after 120 s", 120.0, 0
    os.close(writing)
    with os.fdopen(reading) as pipe:
        code, peak = map(int, pipe.read().split())
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return (code, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"),
            spent, peak / 1024)


faults = 0
kinds = {"error": [0, 0], "value": [0, 0], "error-or-value": [0, 0]}
worst_time, worst_memory = (0.0, ""), (0.0, "")
with open(os.path.join(folder, "expected.tsv"), encoding="utf-8") as table:
    cases = list(csv.DictReader(table, delimiter="\t"))
for case in cases:
    name, kind = case["file"], case["kind"]
    model = os.path.join(folder, name)
    wrong = []
    rows = os.path.join(folder, "input.csv")
    if name.startswith("regex-bomb"):
        rows = os.path.join(tempfile.mkdtemp(), "rows.csv")
        with open(rows, "w") as file:
            file.write("x\n" + "a" * 40 + "b\n")
    refused = None
    for command in (["inspect", model], ["score", model, "--input", rows]):
        code, out, err, seconds, memory = run([explain] + command)
        worst_time = max(worst_time, (seconds, name))
        worst_memory = max(worst_memory, (memory, name))
        what = command[0]
        if code is None or code < 0 or code > 64 or "AddressSanitizer" in err:
            wrong.append("%s: ended with %s: %s" % (what, code, err[-2000:]))
            continue
        if seconds > SECONDS:
            wrong.append("%s: %.1f s" % (what, seconds))
        if memory > MEBIBYTES:
            wrong.append("%s: %.0f MiB" % (what, memory))
        if any(secret in out + err for secret in SECRETS):
            wrong.append("%s: prints what a file holds" % what)
        if code != 0:
            if refused is False:
                wrong.append("scored by one command, refused by the other")
            refused = True
            place = re.escape(name) + ("" if os.path.splitext(name)[0] in WHOLE_DOCUMENT else ":[0-9]+")
            if not re.search(place, err):
                wrong.append("%s: no file and line in: %s" % (what, err[:300]))
            if kind == "value":
                wrong.append("%s: refused: %s" % (what, err[:300]))
        else:
            if refused:
                wrong.append("scored by one command, refused by the other")
            refused = False
            if kind == "error":
                wrong.append("%s: accepted" % what)
            if what == "score":
                lines = list(csv.reader(out.splitlines()))[1:]
                got = [float(line[0]) if line and line[0] else None for line in lines]
                want = ANSWERS.get(os.path.splitext(name)[0])
                if want and got != want:
                    wrong.append("score: %s instead of %s" % (got, want))
    kinds[kind][0 if refused else 1] += 1
    for text in wrong:
        print("WRONG %s: %s" % (name, text))
    faults += bool(wrong)
for kind, (refused, scored) in kinds.items():
    print("%-15s %3d refused, %3d scored" % (kind, refused, scored))
print("most time %.2f s (%s), most memory %.0f MiB (%s)" % (worst_time + worst_memory))
print("%d documents, %d wrong" % (len(cases), faults))
sys.exit(1 if faults else 0)
PYTHON
