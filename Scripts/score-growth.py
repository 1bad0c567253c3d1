#!/usr/bin/env python3
"""How the cost of scoring a forest grows with its trees, depth and classes, with rows and threads.

  Scripts/score-growth.py [EXPLAIN] [--rows 32768] [--seconds 0.5] [--only trees,depth,classes,rows,threads]

EXPLAIN is the built program (default: .build/release/explain). Forests are drawn at random from a fixed
seed: complete binary trees over ten features of 64 bits, thresholds to three digits as trainers with
histograms leave them, one double a leaf, or a distribution over the classes. Rates are per second of
processor time, of threads by the wall clock.
"""
import argparse, os, random, subprocess, tempfile

FEATURES = 10


def tree(rng, depth, classes):
    """The nodes of a complete tree, as text."""
    parts = []

    def leaf():
        if not classes:
            return ""
        shares = [rng.random() for _ in range(classes)]
        return "".join(
            f'<ScoreDistribution value="c{place}" recordCount="{share:.4f}"/>'
            for place, share in enumerate(shares))

    def grow(level, predicate):
        score = "" if level < depth else (
            ' score="c0"' if classes else f' score="{rng.uniform(-1, 1):.9g}"')
        parts.append(f"<Node{score}>{predicate}")
        if level == depth:
            parts.append(leaf())
        else:
            field, value = f"x{rng.randrange(FEATURES)}", f"{rng.gauss(0, 1):.2f}"
            for operator in ("lessThan", "greaterOrEqual"):
                grow(level + 1, f'<SimplePredicate field="{field}" operator="{operator}" value="{value}"/>')
        parts.append("</Node>")

    grow(0, "<True/>")
    return "".join(parts)


def write_model(path, trees, depth, classes=0, seed=1):
    rng = random.Random(seed)
    fields = "".join(
        f'<DataField name="x{i}" optype="continuous" dataType="double"/>' for i in range(FEATURES))
    used = "".join(f'<MiningField name="x{i}"/>' for i in range(FEATURES))
    if classes:
        values = "".join(f'<Value value="c{i}"/>' for i in range(classes))
        target = f'<DataField name="y" optype="categorical" dataType="string">{values}</DataField>'
        function, method = "classification", "average"
    else:
        target = '<DataField name="y" optype="continuous" dataType="double"/>'
        function, method = "regression", "sum"
    with open(path, "w", encoding="utf-8") as out:
        out.write(f'<PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4"><Header/>'
                  f"<DataDictionary>{fields}{target}</DataDictionary>"
                  f'<MiningModel functionName="{function}"><MiningSchema>{used}'
                  f'<MiningField name="y" usageType="target"/></MiningSchema>'
                  f'<Segmentation multipleModelMethod="{method}">')
        for number in range(trees):
            out.write(f'<Segment id="{number}"><True/><TreeModel functionName="{function}" '
                      f'splitCharacteristic="binarySplit"><MiningSchema>{used}</MiningSchema>')
            out.write(tree(rng, depth, classes))
            out.write("</TreeModel></Segment>\n")
        out.write("</Segmentation></MiningModel></PMML>\n")


def write_rows(path, count):
    rng = random.Random(2)
    with open(path, "w", encoding="utf-8") as out:
        out.write(",".join(f"x{i}" for i in range(FEATURES)) + "\n")
        for _ in range(count):
            out.write(",".join(f"{rng.gauss(0, 1):.3f}" for _ in range(FEATURES)) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("explain", nargs="?", default=".build/release/explain")
    parser.add_argument("--rows", type=int, default=32_768)
    parser.add_argument("--seconds", type=float, default=0.5)
    parser.add_argument("--only", default="trees,depth,classes,rows,threads")
    arguments = parser.parse_args()
    only = arguments.only.split(",")

    with tempfile.TemporaryDirectory() as folder:
        rows = os.path.join(folder, "rows.csv")
        write_rows(rows, arguments.rows)
        known = {}

        def model(trees, depth, classes=0):
            key = (trees, depth, classes)
            if key not in known:
                known[key] = os.path.join(folder, f"model-{trees}-{depth}-{classes}.pmml")
                write_model(known[key], trees, depth, classes)
            return known[key]

        def measure(path, rows, threads=1):
            lines = subprocess.run(
                [arguments.explain, "bench", "score", "--model", path, "--input", rows,
                 "--seconds", str(arguments.seconds), "--threads", str(threads)],
                check=True, capture_output=True, text=True).stdout.split()
            return dict(line.split("=", 1) for line in lines if "=" in line)

        def show(title, points, name):
            print(f"\n{title}\n  {name:>9} {'rows/s':>12} {'ns/row':>11} {'one row, us':>12}", flush=True)
            for point, path, table in points():
                result = measure(path, table)
                rate = float(result["cpu_rows_per_s"])
                print(f"  {point:>9,} {rate:>12,.0f} {1e9 / rate:>11,.0f} {float(result['p50_us']):>12,.2f}",
                      flush=True)

        if "trees" in only:
            show("trees, depth 6",
                 lambda: ((n, model(n, 6), rows) for n in (10, 30, 100, 300, 1_000, 5_000)), "trees")
        if "depth" in only:
            show("depth, 100 trees",
                 lambda: ((n, model(100, n), rows) for n in (2, 4, 6, 8, 10, 12)), "depth")
        if "classes" in only:
            show("classes, 100 trees of depth 6",
                 lambda: ((n, model(100, 6, n), rows) for n in (2, 5, 10, 30, 100)), "classes")
        if "rows" in only:
            def tables():
                for count in (1, 64, 1_000, 32_768, 1_000_000):
                    table = os.path.join(folder, f"rows-{count}.csv")
                    write_rows(table, count)
                    yield count, model(100, 6), table
            show("rows, 100 trees of depth 6", tables, "rows")
        if "threads" in only:
            print(f"\nthreads, 500 trees of depth 6\n  {'threads':>9} {'rows/s':>12}", flush=True)
            for count in (1, 2):
                rate = float(measure(model(500, 6), rows, count)["rows_per_s"])
                print(f"  {count:>9,} {rate:>12,.0f}", flush=True)


if __name__ == "__main__":
    main()
