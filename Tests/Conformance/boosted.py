#!/usr/bin/env python3
"""Trains a boosted model on made-up data and writes it as PMML, with rows: what
`explain bench explanations` is measured on.

usage: boosted.py DIR --trees 100 --depth 4 --fields 10 [--rows 1000] [--seed 1]

Needs numpy and xgboost. The data have a known pattern: a sum of steps and products of some fields.
"""
import argparse
import json
import os

import numpy
import xgboost


def node(tree, predicate):
    if "leaf" in tree:
        return f'<Node score="{tree["leaf"]!r}">{predicate}</Node>'
    children = {child["nodeid"]: child for child in tree["children"]}
    field, cut = tree["split"], tree["split_condition"]

    def test(operator):
        return f'<SimplePredicate field="{field}" operator="{operator}" value="{cut!r}"/>'

    return (
        f"<Node>{predicate}{node(children[tree['yes']], test('lessThan'))}"
        f"{node(children[tree['no']], test('greaterOrEqual'))}</Node>")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder")
    parser.add_argument("--trees", type=int, default=100)
    parser.add_argument("--depth", type=int, default=4)
    parser.add_argument("--fields", type=int, default=10)
    parser.add_argument("--rows", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    random = numpy.random.default_rng(options.seed)
    rows = random.normal(size=(options.rows * 4, options.fields)).round(3)
    score = rows[:, 0] + (rows[:, 1] > 0.3) * 1.5 - rows[:, 2] * rows[:, 3]
    for field in range(4, options.fields):
        score = score + rows[:, field] / (field - 1)
    label = (score + random.normal(size=len(score)) > 0.5).astype(int)
    names = [f"x{field}" for field in range(options.fields)]
    data = xgboost.DMatrix(rows, label=label, feature_names=names)
    booster = xgboost.train(
        {"max_depth": options.depth, "eta": 0.1, "objective": "binary:logistic", "base_score": 0.5,
         "seed": options.seed}, data, options.trees)
    trees = [json.loads(text) for text in booster.get_dump(dump_format="json")]
    schema = "".join(f'<MiningField name="{name}"/>' for name in names)
    segments = "".join(
        '<Segment><True/><TreeModel functionName="regression" x-mathContext="float"><MiningSchema>'
        f"{schema}</MiningSchema>{node(tree, '<True/>')}</TreeModel></Segment>" for tree in trees)
    fields = "".join(
        f'<DataField name="{name}" optype="continuous" dataType="float"/>' for name in names)
    text = (
        '<PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4"><Header/><DataDictionary>'
        f'{fields}<DataField name="y" optype="categorical" dataType="string"><Value value="0"/>'
        '<Value value="1"/></DataField></DataDictionary><MiningModel '
        'functionName="classification" x-mathContext="float"><MiningSchema><MiningField name="y" '
        f'usageType="target"/>{schema}</MiningSchema><Segmentation '
        'multipleModelMethod="modelChain"><Segment><True/><MiningModel functionName="regression" '
        f'x-mathContext="float"><MiningSchema>{schema}</MiningSchema><Output><OutputField '
        'name="raw" optype="continuous" dataType="float" isFinalResult="false"/></Output>'
        f'<Segmentation multipleModelMethod="sum">{segments}</Segmentation></MiningModel></Segment>'
        '<Segment><True/><RegressionModel functionName="classification" '
        'normalizationMethod="logit" x-mathContext="float"><MiningSchema><MiningField name="y" '
        'usageType="target"/><MiningField name="raw"/></MiningSchema><RegressionTable '
        'intercept="0" targetCategory="1"><NumericPredictor name="raw" coefficient="1"/>'
        '</RegressionTable><RegressionTable intercept="0" targetCategory="0"/></RegressionModel>'
        "</Segment></Segmentation></MiningModel></PMML>")
    os.makedirs(options.folder, exist_ok=True)
    stem = f"boosted-{options.trees}-{options.depth}-{options.fields}"
    with open(os.path.join(options.folder, stem + ".pmml"), "w") as file:
        file.write(text)
    with open(os.path.join(options.folder, stem + ".csv"), "w") as file:
        file.write(",".join(names) + "\n")
        for row in rows[: options.rows]:
            file.write(",".join(repr(float(value)) for value in row) + "\n")
    scores = booster.predict(xgboost.DMatrix(rows[: options.rows], feature_names=names))
    with open(os.path.join(options.folder, stem + ".expected.csv"), "w") as file:
        file.write("probability(1)\n" + "".join(f"{value!r}\n" for value in scores.tolist()))


if __name__ == "__main__":
    main()
