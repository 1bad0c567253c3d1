#!/usr/bin/env python3
"""Scores the benchmark models through the command line and checks every answer.

    Tests/Conformance/bench-data.py [EXPLAIN]

EXPLAIN is the built executable (default: .build/release/explain). Labels must be equal on every row;
numbers of double models must lie within 1e-12 (relative) of JPMML-Evaluator's, and those of models with
x-mathContext="float" within 1e-6 of JPMML-Evaluator's and of the training library's. Numbers of double
models must lie within 1e-9 (relative) of the training library's, which adds up in another order. A
probability that both sides give as 1 - p is held to p, which may differ by 2^-52.
Skipped, and said so, where the data is not there.
"""
import csv, gzip, io, os, shutil, subprocess, sys, tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SHARED = os.environ.get("RATIONALE_SHARED", os.path.join(ROOT, "..", "shared"))
DATA = os.path.join(SHARED, "bench-data")
PAIRS = {"probability(0)": "probability(1)", "probability(1)": "probability(0)"}
FLOAT = {"xgb_adult", "xgb_credit"}
# model, rows, expected by JPMML-Evaluator, expected by the training library
CASES = [
    ("dt_adult", "adult", "expected_jpmml", "expected_native", "model"),
    ("kmeans_rfm", "rfm", "expected_jpmml", "expected_native", "model"),
    ("lgbm_adult", "adult", "expected_jpmml", "expected_native", "model"),
    ("lgbm_adult", "adult", "expected_jpmml", "expected_native", "model_full"),
    ("lr_adult", "adult", "expected_jpmml", "expected_native", "model"),
    ("mlp_spam", "spambase", "expected_jpmml", "expected_native", "model"),
    ("rf_credit", "credit", "expected_jpmml", "expected_native", "model"),
    ("rf_credit", "credit", "expected_jpmml", "expected_native", "model_full"),
    ("scorecard_credit", "credit", "expected_jpmml", None, "model"),
    ("svc_spam", "spambase", "expected_jpmml", "expected_native", "model"),
    ("xgb_adult", "adult", "expected_jpmml", "expected_native", "model"),
    ("xgb_credit", "credit", "expected_jpmml", "expected_native", "model"),
    ("xgb_credit", "credit", "expected_jpmml", "expected_native", "model_full"),
    ("xgb_credit", "credit_missing", "expected_jpmml_missing", "expected_native_missing", "model"),
    ("xgb_credit", "credit_missing", "expected_jpmml_missing_full", "expected_native_missing",
     "model_full"),
]


def read(path):
    return list(csv.DictReader(io.TextIOWrapper(gzip.open(path), encoding="utf-8")))


def relative(a, b):
    return abs(a - b) / max(abs(a), abs(b), 1e-300) if a != b else 0.0


class Comparison:
    def __init__(self):
        self.worst = 0.0
        self.absolute = 0.0
        self.wrong = 0
        self.first = None
        self.complements = 0

    def add_complement(self, got, want, other_got, other_want, limit):
        """Whether both sides give 1 - p for a p that they agree on.

        Such a value is exact but for the last two bits of p: where it is near 0, those are among
        its first ones.
        """
        try:
            a, b, p, q = map(float, (got, want, other_got, other_want))
        except (TypeError, ValueError):
            return False
        if relative(a, b) > limit and a == 1 - p and b == 1 - q and abs(p - q) <= 2 ** -52:
            self.complements += 1
            return True
        return False

    def add(self, row, column, got, want):
        try:
            x, y = float(got), float(want)
        except ValueError:
            if got != want:
                self.wrong += 1
                self.first = self.first or (row, column, got, want)
            return
        self.worst = max(self.worst, relative(x, y))
        self.absolute = max(self.absolute, abs(x - y))


def main():
    explain = os.path.abspath(
        sys.argv[1] if len(sys.argv) > 1 else os.path.join(ROOT, ".build/release/explain"))
    if not os.path.isdir(DATA):
        print("SKIPPED: no benchmark models at %s; set RATIONALE_SHARED to check them" % DATA,
              file=sys.stderr)
        return 0
    faults = 0
    folder = tempfile.mkdtemp()
    print("%-18s %-11s %6s  %28s  %28s" % (
        "model", "document", "rows", "from JPMML-Evaluator", "from the training library"))
    for name, rows, jpmml, native, document in CASES:
        model = os.path.join(folder, name + ".pmml")
        with gzip.open(os.path.join(DATA, name, document + ".pmml.gz")) as source:
            open(model, "wb").write(source.read())
        expected = read(os.path.join(DATA, name, jpmml + ".csv.gz"))
        data = os.path.join(folder, "rows.csv")
        with gzip.open(os.path.join(DATA, rows + ".csv.gz"), "rt") as source:
            with open(data, "w") as out:
                for number, line in enumerate(source):
                    if number > len(expected):
                        break
                    out.write(line)
        run = subprocess.run([explain, "score", model, "--input", data],
                             capture_output=True, text=True)
        if run.returncode != 0:
            print("%-18s FAILED: %s" % (name, run.stderr.strip().splitlines()[:3]))
            faults += 1
            continue
        got = list(csv.DictReader(io.StringIO(run.stdout)))
        limits = (1e-6, 1e-6) if name in FLOAT else (1e-12, 1e-9)
        one, other = Comparison(), Comparison()
        label = next(iter(got[0])) if got else ""
        if len(got) != len(expected):
            print("  WRONG: %s: %d rows of %d" % (name, len(got), len(expected)))
            faults += 1
            continue
        for number, (mine, theirs) in enumerate(zip(got, expected), 1):
            for column, want in theirs.items():
                have = mine.get(column) if column != "_target" else mine.get(label)
                if have is None:
                    one.wrong += 1
                    one.first = one.first or (number, column, sorted(mine), want)
                elif column == label and have != want:
                    one.wrong += 1
                    one.first = one.first or (number, column, have, want)
                else:
                    pair = PAIRS.get(column)
                    if pair in theirs and one.add_complement(
                            have, want, mine.get(pair), theirs[pair], limits[0]):
                        continue
                    one.add(number, column, have, want)
        if native:
            for number, (mine, theirs) in enumerate(
                    zip(got, read(os.path.join(DATA, name, native + ".csv.gz"))), 1):
                if "label" in theirs and mine[label] != theirs["label"]:
                    other.wrong += 1
                    other.first = other.first or (number, label, mine[label], theirs["label"])
                if "prob_1" in theirs and "probability(1)" in mine:
                    other.add(number, "probability(1)", mine["probability(1)"], theirs["prob_1"])
        is_close = (one.worst <= limits[0], other.worst <= limits[1])
        if name in FLOAT:
            # Of a probability: relative to 1.
            is_close = (one.absolute <= limits[0], other.absolute <= limits[1])
        print("%-18s %-11s %6d  %3d labels, %.1e (%.1e)  %3d labels, %.1e (%.1e)%s" % (
            name, document, len(got), one.wrong, one.worst, one.absolute, other.wrong, other.worst,
            other.absolute, (", %d of 1 - p" % one.complements if one.complements else "")
            + ("" if all(is_close) and not one.wrong and not other.wrong else "  WRONG")))
        for comparison, close in zip((one, other), is_close):
            if comparison.wrong or not close:
                faults += 1
                if comparison.first:
                    print("  row %d, %s: %s instead of %s" % comparison.first)
    shutil.rmtree(folder)
    print("%d faults" % faults)
    return 1 if faults else 0


sys.exit(main())
