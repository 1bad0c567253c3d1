#!/usr/bin/env python3
"""How long it takes to find a customer's traces, in logs of several lengths.

    Scripts/lookup.py DIR [--explain .build/release/explain] [--sizes 1000000 10000000] [--runs 20]

Each figure is of processes of their own, one after the other, with the files in the page cache. Logs
that DIR has already are used as they are: 10 M traces take 3 GB and some minutes to make. The first
line of each log is the program doing nothing, which every other line includes.
"""
import argparse
import os
import statistics
import subprocess
import sys
import time

MASK = (1 << 64) - 1


def draw(place):
    """As `explain bench index` draws subjects."""
    z = (place + 1) * 0x9E3779B97F4A7C15 & MASK
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & MASK
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB & MASK
    return z ^ (z >> 31)


def run(command):
    """Milliseconds by the wall clock and of the processor, peak KiB and the output of one run."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    milliseconds = (time.perf_counter() - start) * 1000
    if status != 0:
        sys.exit(f"{' '.join(command)}: exit code {os.waitstatus_to_exitcode(status)}")
    processor = (usage.ru_utime + usage.ru_stime) * 1000
    return milliseconds, processor, usage.ru_maxrss, output


def measure(name, commands):
    """Runs each command once to warm the cache, and then once more."""
    for command, wanted in commands:
        output = run(command)[-1]
        if wanted.encode() not in output:
            sys.exit(f"{' '.join(command)}: its output lacks {wanted!r}")
    runs = [run(command) for command, _ in commands]
    wall, processor, memory, _ = zip(*runs)
    print(
        f"  {name:<34} {statistics.median(wall):8.1f} {max(wall):8.1f} "
        f"{statistics.median(processor):8.1f} {max(memory) / 1024:8.1f}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory")
    parser.add_argument("--explain", default=".build/release/explain")
    parser.add_argument("--sizes", type=int, nargs="*", default=[1_000_000, 10_000_000])
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--scan", action="store_true", help="also read the whole log once")
    options = parser.parse_args()
    explain = os.path.abspath(options.explain)
    os.makedirs(options.directory, exist_ok=True)
    heading = f"  {'':<34} {'ms':>8} {'most ms':>8} {'CPU ms':>8} {'peak MiB':>8}"

    for size in options.sizes:
        log = os.path.join(options.directory, f"log-{size}")
        subjects = max(size // 10, 1)
        if not os.path.exists(os.path.join(log, "index.sqlite")):
            subprocess.run(
                [explain, "bench", "index", "--log", log, "--decisions", str(size),
                 "--subjects", str(subjects)], check=True)
        records = [draw(1 << 50 | place) % size for place in range(options.runs)]
        ids = [str(100_000_000 + draw(record) % subjects) for record in records]
        print(f"{size:,} traces, {subjects:,} customers")
        print(heading)
        measure("--help", [([explain, "--help"], "USAGE")] * options.runs)
        measure(
            "--customer ID (no SQLite index)",
            [([explain, "--customer", name, "--log", log], name) for name in ids])
        measure(
            "log list --customer ID (SQLite)",
            [([explain, "log", "list", "--customer", name, "--log", log], name) for name in ids])
        measure(
            "log show NUMBER",
            [([explain, "log", "show", str(record), "--log", log], "Customer")
             for record in records])
        measure(
            "log prove NUMBER",
            [([explain, "log", "prove", str(record), "--log", log], f"index {record}\n")
             for record in records])
        if options.scan:
            measure(
                "log list --customer ID --no-index",
                [([explain, "log", "list", "--no-index", "--customer", ids[0], "--log", log],
                  ids[0])])

    sample = os.path.join(options.directory, "sample")
    if not os.path.exists(sample):
        rules = ["invoice-profile", "transfer-activity", "premium-offer"]
        subprocess.run([explain, "sample", sample], check=True, stdout=subprocess.DEVNULL)
        subprocess.run(
            [explain, "decide", *(f"rules/{name}.rules" for name in rules),
             *(word for source in ("static", "invoices", "transfers")
               for word in ("--input", f"{source}={sample}/{source}.csv")),
             "--log", f"{sample}/decisions", "--output", f"{sample}/decisions.jsonl"],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    print("the sample, with a model's attributions and what would change the outcome")
    print(heading)
    page = [explain, "--customer", "334628087", "--log", f"{sample}/decisions"]
    measure("--customer 334628087", [(page, "334628087")] * options.runs)


main()
