#!/usr/bin/env python3
"""Attributions beside XGBoost's own, in turn: batches, interactions, and single rows.

usage: attribution-rates.py EXPLAIN PIPELINE.joblib MODEL_full.pmml ROWS.csv [--rounds 3]

Needs numpy, joblib, pandas and xgboost of the version that trained the model. Batches are told in rows
a second of processor time of one thread, single rows in microseconds at the median; the ratio of each
round is printed, and the median of the ratios.
"""
import argparse
import os
import statistics
import subprocess
import time

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[variable] = "1"

import joblib
import numpy
import pandas
import xgboost


def ours(options, *more):
    text = subprocess.run(
        [options.explain, "bench", "attributions", "--model", options.model, "--input",
         options.rows, "--seconds", "1", *more],
        capture_output=True, text=True, check=True).stdout
    return {
        name: float(value)
        for name, _, value in (line.partition("=") for line in text.splitlines())
        if name in ("cpu_rows_per_s", "p50_us")}


def rate(count, work):
    started = time.process_time()
    work()
    return count / (time.process_time() - started)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("explain", "pipeline", "model", "rows"):
        parser.add_argument(name)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    pipeline = joblib.load(options.pipeline)
    frame = pandas.read_csv(options.rows)
    rows = numpy.asarray(
        pipeline.named_steps["mapper"].transform(frame), dtype=numpy.float64)
    booster = pipeline.named_steps["classifier"].get_booster()
    booster.feature_names = None
    booster.set_param({"nthread": 1})
    batch = xgboost.DMatrix(rows[:1000], nthread=1)
    few = xgboost.DMatrix(rows[:50], nthread=1)
    single = [xgboost.DMatrix(rows[place:place + 1], nthread=1) for place in range(200)]
    ratios = {"batch": [], "interactions": [], "single": []}
    for _ in range(options.rounds):
        own = ours(options)
        peer = rate(1000, lambda: booster.predict(batch, pred_contribs=True))
        ratios["batch"].append(own["cpu_rows_per_s"] / peer)
        times = []
        for row in single:
            started = time.perf_counter()
            booster.predict(row, pred_contribs=True)
            times.append((time.perf_counter() - started) * 1e6)
        peer_single = statistics.median(times)
        ratios["single"].append(peer_single / own["p50_us"])
        pair = ours(options, "--interactions")
        peer_pair = rate(50, lambda: booster.predict(few, pred_interactions=True))
        ratios["interactions"].append(pair["cpu_rows_per_s"] / peer_pair)
        print(
            f"batch {own['cpu_rows_per_s']:.0f} rows/s, XGBoost {peer:.0f};"
            f" interactions {pair['cpu_rows_per_s']:.0f}, XGBoost {peer_pair:.1f};"
            f" single row {own['p50_us']:.1f} us, XGBoost {peer_single:.0f}", flush=True)
    for name, values in ratios.items():
        print(f"{name}: {statistics.median(values):.1f} times XGBoost"
              f" ({', '.join(f'{value:.1f}' for value in values)})")


if __name__ == "__main__":
    main()
