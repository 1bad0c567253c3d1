#!/bin/sh
# Scores the PMML corpus through the command line and checks every answer.
#
#   Tests/Conformance/pmml-corpus.sh [EXPLAIN] [OPTIONS OF THE CHECKER...]
#
# EXPLAIN is the built executable (default: .build/debug/explain). Only the kinds of model that are
# scored are checked; answers that are disputed, or rest on one engine alone that
# differs from the specification, are left out.
# Models with verification rows of their own have to give what those say.
# Skipped, and said so, where the corpus is not there.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
explain=${1:-$root/.build/debug/explain}
[ $# -gt 0 ] && shift
shared=${RATIONALE_SHARED:-$root/../shared}
corpus=$shared/pmml-corpus
if [ ! -f "$corpus/manifest.csv" ]; then
  echo "SKIPPED: no PMML corpus at $corpus; set RATIONALE_SHARED to run it" >&2
  exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 - "$corpus/manifest.csv" "$work/manifest.csv" <<'PYTHON'
import csv, sys
kinds = """TreeModel MiningModel RegressionModel ClusteringModel GeneralRegressionModel
NeuralNetwork SupportVectorMachineModel NaiveBayesModel NearestNeighborModel Scorecard
RuleSetModel AnomalyDetectionModel AssociationModel BayesianNetworkModel GaussianProcessModel
BaselineModel TimeSeriesModel""".split()
# It has no version.
refused = """dmg-jpmml-evaluator-ContrastMatrixTest""".split()
rows = list(csv.DictReader(open(sys.argv[1], encoding="utf-8")))
with open(sys.argv[2], "w", encoding="utf-8", newline="") as out:
    writer = csv.DictWriter(out, rows[0].keys())
    writer.writeheader()
    for row in rows:
        if row["model"] in kinds and row["truth"] not in ("disputed", "pmml4s"):
            if row["id"] in refused:
                row["expect"] = "error"
            writer.writerow(row)
PYTHON
for model in $(grep -l "<ModelVerification" "$corpus"/cases/*/model.pmml); do
  "$explain" inspect --verify "$model" >"$work/verified" || exit 1
done
python3 "$corpus/check_pmml_corpus.py" --corpus "$corpus" --manifest "$work/manifest.csv" \
  --cmd "'$explain' score {model} --input {input}" -v "$@"
