#!/usr/bin/env python3
"""Trains models/premium.pmml (XGBoost) and models/segments.pmml (k-means) on the sample data.

    explain sample training --customers 20000 --seed 20210127
    python3 -m venv .venv && .venv/bin/pip install -r Examples/train-premium/requirements.txt
    .venv/bin/python Examples/train-premium/train.py --sample training

Run from the root of the package. The same sample and the same versions give the same files.
"""

import argparse
import csv
import json
import re
from pathlib import Path

import numpy
import pandas
from sklearn.cluster import KMeans
from sklearn.compose import ColumnTransformer
from sklearn.metrics import accuracy_score, brier_score_loss, log_loss, roc_auc_score
from sklearn.metrics import silhouette_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from sklearn2pmml import sklearn2pmml
from sklearn2pmml.pipeline import PMMLPipeline
from xgboost import XGBClassifier

from profiles import read_profiles

SEED = 20210127
FEATURES = ["INVOICE_COUNT", "SIZE", "CURRENCIES"]
SEGMENT_FEATURES = ["AVERAGE", "SIZE", "CURRENCIES"]
SEGMENTS = 4


def settle(path: Path, name: str):
    """Takes out what differs from run to run (the time), and names the model."""
    text = path.read_text()
    text = re.sub(r"\s*<Timestamp>[^<]*</Timestamp>", "", text)
    path.write_text(text)
    print(f"wrote {path}: {path.stat().st_size:,} bytes")


def train_premium(profiles, models: Path, fixtures: Path):
    train, test = train_test_split(
        profiles, test_size=0.25, random_state=SEED, stratify=profiles["PREMIUM"]
    )
    classifier = XGBClassifier(
        n_estimators=50,
        max_depth=3,
        learning_rate=0.15,
        min_child_weight=20,
        subsample=1.0,
        tree_method="exact",
        n_jobs=1,
        random_state=SEED,
        base_score=0.5,
    )
    pipeline = PMMLPipeline([("classifier", classifier)])
    pipeline.fit(train[FEATURES].astype(float), train["PREMIUM"])
    sklearn2pmml(pipeline, str(models / "premium.pmml"), with_repr=False)
    settle(models / "premium.pmml", "premium")

    background = train.sample(n=100, random_state=SEED)[FEATURES].sort_values(FEATURES)
    background.to_csv(models / "premium.background.csv", index=False)

    probability = classifier.predict_proba(test[FEATURES].astype(float))[:, 1].astype(float)
    base = float(train["PREMIUM"].mean())
    truth = test["PREMIUM"].to_numpy()
    order = numpy.argsort(probability, kind="stable")
    bands = []
    for low, high in [(0.0, 0.2), (0.2, 0.5), (0.5, 1.0)]:
        chosen = (probability >= low) & ((probability < high) | (high == 1.0))
        bands.append(
            {
                "from": low,
                "below": high,
                "customers": int(chosen.sum()),
                "mean probability": digits(probability[chosen].mean()),
                "share premium": digits(truth[chosen].mean()),
            }
        )
    gain = classifier.get_booster().get_score(importance_type="total_gain")
    total = sum(gain.values())
    metrics = {
        "target": "PACKAGE >= 8",
        "features": FEATURES,
        "customers": {"train": len(train), "test": len(test)},
        "base rate": digits(base),
        "test": {
            "ROC AUC": digits(roc_auc_score(truth, probability)),
            "log loss": digits(log_loss(truth, probability)),
            "Brier score": digits(brier_score_loss(truth, probability)),
            "accuracy at 0.5": digits(accuracy_score(truth, probability >= 0.5)),
            "log loss of the base rate": digits(log_loss(truth, numpy.full(len(truth), base))),
            "share premium in the top tenth": digits(truth[order[-len(truth) // 10 :]].mean()),
        },
        "bands": bands,
        "feature importance (share of total gain)": {
            name: digits(gain.get(name, 0.0) / total) for name in FEATURES
        },
        "trees": 50,
        "maximum depth": 3,
        "seed": SEED,
    }
    (models / "premium.metrics.json").write_text(json.dumps(metrics, indent=2) + "\n")
    print(json.dumps(metrics, indent=2))

    # What the trainer itself predicts, for the scorer's tests: random rows and the corners.
    corners = [[c, s, f] for c in (1, 230, 7100) for s in (1, 4, 4999) for f in (0, 1, 9)]
    rows = pandas.concat(
        [test.sample(n=50, random_state=SEED)[FEATURES], pandas.DataFrame(corners, columns=FEATURES)]
    )
    predicted = classifier.predict_proba(rows.astype(float))
    raw = classifier.predict(rows.astype(float), output_margin=True)
    write_expected(
        fixtures / "premium",
        FEATURES,
        rows,
        ["PREMIUM", "probability(0)", "probability(1)", "margin"],
        [
            [int(p[1] > 0.5), shortest(p[0]), shortest(p[1]), shortest(m)]
            for p, m in zip(predicted, raw)
        ],
    )


def train_segments(profiles, models: Path, fixtures: Path):
    frame = profiles[SEGMENT_FEATURES].astype(float)
    mapper = ColumnTransformer(
        [
            (name, make_pipeline(FunctionTransformer(numpy.log1p), StandardScaler()), [name])
            for name in SEGMENT_FEATURES
        ]
    )
    clusters = KMeans(n_clusters=SEGMENTS, n_init=10, random_state=SEED, algorithm="lloyd")
    pipeline = PMMLPipeline([("mapper", mapper), ("clusters", clusters)])
    pipeline.fit(frame)
    sklearn2pmml(pipeline, str(models / "segments.pmml"), with_repr=False)
    settle(models / "segments.pmml", "segments")

    labels = pipeline.predict(frame)
    scaled = mapper.transform(frame)
    summary = {
        "features": SEGMENT_FEATURES,
        "customers": len(frame),
        "silhouette (2,000 customers)": digits(
            silhouette_score(scaled, labels, sample_size=2000, random_state=SEED)
        ),
        "inertia per customer": digits(clusters.inertia_ / len(frame)),
        "segments": [
            {
                "cluster": cluster,
                "customers": int((labels == cluster).sum()),
                "median average invoice (HUF)": int(frame["AVERAGE"][labels == cluster].median()),
                "median size": int(frame["SIZE"][labels == cluster].median()),
                "mean foreign currencies": digits(frame["CURRENCIES"][labels == cluster].mean()),
            }
            for cluster in range(SEGMENTS)
        ],
        "seed": SEED,
    }
    (models / "segments.metrics.json").write_text(json.dumps(summary, indent=2) + "\n")
    print(json.dumps(summary, indent=2))

    rows = frame.sample(n=50, random_state=SEED)
    distances = clusters.transform(mapper.transform(rows)) ** 2
    write_expected(
        fixtures / "segments",
        SEGMENT_FEATURES,
        rows,
        ["cluster"] + [f"affinity({cluster})" for cluster in range(SEGMENTS)],
        [
            [int(numpy.argmin(row))] + [shortest(d) for d in row]
            for row in distances
        ],
    )


def write_expected(stem: Path, features, rows, names, results):
    """STEM.input.csv and STEM.expected.csv, line by line the same rows."""
    stem.parent.mkdir(parents=True, exist_ok=True)
    with open(f"{stem}.input.csv", "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(features)
        for row in rows.to_numpy(dtype=float):
            writer.writerow([shortest(value) for value in row])
    with open(f"{stem}.expected.csv", "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names)
        writer.writerows(results)


def digits(value):
    return round(float(value), 4)


def shortest(value):
    """The shortest text that reads back as the same number (a float32 stays one)."""
    text = str(value) if isinstance(value, numpy.float32) else repr(float(value))
    return text[:-2] if text.endswith(".0") else text


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--sample", type=Path, required=True)
    parser.add_argument("--rates", type=Path, default=Path("rules/reference/huf-rates.csv"))
    parser.add_argument("--models", type=Path, default=Path("models"))
    parser.add_argument("--fixtures", type=Path, default=Path("Tests/PMMLTests/Fixtures"))
    arguments = parser.parse_args()
    arguments.models.mkdir(parents=True, exist_ok=True)
    profiles = read_profiles(arguments.sample, arguments.rates)
    train_premium(profiles, arguments.models, arguments.fixtures)
    train_segments(profiles, arguments.models, arguments.fixtures)


if __name__ == "__main__":
    main()
