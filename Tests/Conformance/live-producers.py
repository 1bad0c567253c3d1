#!/usr/bin/env python3
"""Round trips from live producers: trains small models, exports them to PMML, scores in both, compares.

    Tests/Conformance/live-producers.py [EXPLAIN] [--only TEXT] [--keep FOLDER]

EXPLAIN is the built executable (default: .build/release/explain). Labels have to be equal; probabilities
and numbers within 1e-9, or 1e-6 where the producer computes in single precision.
Needs Python with scikit-learn, pandas and sklearn2pmml, and Java; XGBoost and LightGBM models are trained
where those are there. Skipped, and said so, where they are not. `live-producers.sh` installs them.
"""
import argparse, contextlib, csv, io, os, re, shutil, subprocess, sys, tempfile, warnings

warnings.filterwarnings("ignore")
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
try:
    import numpy as np
    import pandas as pd
    import sklearn
    from sklearn2pmml import sklearn2pmml, make_pmml_pipeline
except ImportError as error:
    print("SKIPPED: %s; live-producers.sh installs what is needed" % error, file=sys.stderr)
    sys.exit(0)
if not shutil.which("java"):
    print("SKIPPED: sklearn2pmml needs java", file=sys.stderr)
    sys.exit(0)

from sklearn.cluster import KMeans, MiniBatchKMeans
from sklearn.compose import ColumnTransformer
from sklearn.decomposition import PCA
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.ensemble import (AdaBoostRegressor, BaggingClassifier, BaggingRegressor,
                              ExtraTreesClassifier, ExtraTreesRegressor, GradientBoostingClassifier,
                              GradientBoostingRegressor, HistGradientBoostingClassifier,
                              HistGradientBoostingRegressor, IsolationForest, RandomForestClassifier,
                              RandomForestRegressor, StackingClassifier, StackingRegressor,
                              VotingClassifier, VotingRegressor)
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.feature_selection import SelectKBest
from sklearn.impute import SimpleImputer
from sklearn.linear_model import (ElasticNet, GammaRegressor, HuberRegressor, Lasso, LinearRegression,
                                  LogisticRegression, PoissonRegressor, Ridge, RidgeClassifier,
                                  SGDClassifier)
from sklearn.naive_bayes import BernoulliNB, GaussianNB, MultinomialNB
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import (Binarizer, FunctionTransformer, KBinsDiscretizer, MinMaxScaler,
                                   OneHotEncoder, OrdinalEncoder, PolynomialFeatures, PowerTransformer,
                                   RobustScaler, StandardScaler)
from sklearn.svm import LinearSVC, LinearSVR, NuSVC, OneClassSVM, SVC, SVR
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor


def numbers(seed=1, rows=300, missing=False):
    random = np.random.RandomState(seed)
    frame = pd.DataFrame({
        "age": random.randint(18, 90, rows).astype(float), "income": random.lognormal(8, 1, rows),
        "score": random.normal(0, 2, rows), "rate": random.uniform(0, 1, rows)})
    if missing:
        for name in ("income", "score"):
            frame.loc[random.uniform(size=rows) < 0.15, name] = np.nan
    return frame


def rounded():
    """Beside trees, sklearn2pmml declares every field as float: for the other models too."""
    return numbers().astype(np.float32).astype(float)


def mixed(seed=2, rows=300, missing=False):
    random = np.random.RandomState(seed)
    frame = numbers(seed, rows, missing)
    frame["city"] = random.choice(["Buda", "Pest", "Győr", "Vác"], rows)
    frame["kind"] = random.choice(["A", "B", "C"], rows, p=[0.6, 0.3, 0.1])
    return frame


def value(frame):
    """A number that rests on all columns."""
    total = 0.03 * frame["age"] + np.log(frame["income"].fillna(3000)) + frame["score"].fillna(0.5) ** 2
    total = total + 2 * frame["rate"]
    if "city" in frame:
        total = total + frame["city"].map({"Buda": 1.5, "Pest": -1, "Győr": 0, "Vác": 3})
    return total + np.random.RandomState(7).normal(0, 0.3, len(frame))


def two(frame):
    y = value(frame)
    return pd.Series(np.where(y > y.median(), "yes", "no"), name="y")


def three(frame):
    y = value(frame)
    return pd.Series(np.select([y < y.quantile(0.33), y < y.quantile(0.66)], ["low", "mid"], "top"), name="y")


def integers(frame):
    return pd.Series((three(frame).map({"low": 0, "mid": 1, "top": 2})), name="y").astype(int)


def real(frame):
    return pd.Series(value(frame), name="y").astype(float)


def positive(frame):
    return pd.Series(np.round(np.abs(value(frame))) + 1, name="y")


def scaled(model):
    return make_pipeline(StandardScaler(), model)


def encoded(model):
    columns = ColumnTransformer([
        ("n", StandardScaler(), ["age", "income", "score", "rate"]),
        ("c", OneHotEncoder(sparse_output=False), ["city", "kind"])])
    return make_pipeline(columns, model)


def imputed(model):
    columns = ColumnTransformer([
        ("n", make_pipeline(SimpleImputer(strategy="median"), RobustScaler()), ["income", "score"]),
        ("p", make_pipeline(MinMaxScaler(), PolynomialFeatures(2, include_bias=False)), ["age", "rate"]),
        ("c", OneHotEncoder(sparse_output=False), ["city"])])
    return make_pipeline(columns, model)


def binned(model):
    columns = ColumnTransformer([
        ("b", KBinsDiscretizer(4, encode="onehot-dense", strategy="quantile"), ["age", "income"]),
        ("t", Binarizer(threshold=0.5), ["rate"]),
        ("o", OrdinalEncoder(), ["kind"]), ("s", "passthrough", ["score"])])
    return make_pipeline(columns, model)


def sentences(rows=200):
    random = np.random.RandomState(3)
    words = "loan bank money transfer pay fee cash card river fish water boat swim lake sun tree".split()
    texts, labels = [], []
    for _ in range(rows):
        label = random.randint(2)
        weights = np.array([3.0 if (place < 8) == (label == 0) else 1.0 for place in range(16)])
        texts.append(" ".join(random.choice(words, random.randint(4, 12), p=weights / weights.sum())))
        labels.append("nature" if label else "money")
    return pd.DataFrame({"text": texts}), pd.Series(labels, name="y")


T, F = "double", "float"
R = dict(random_state=0)
CASES = [
    ("tree classifier", numbers, three, lambda: DecisionTreeClassifier(max_depth=6, **R), T),
    ("tree regressor", numbers, real, lambda: DecisionTreeRegressor(max_depth=6, **R), T),
    ("tree, integer classes", numbers, integers, lambda: DecisionTreeClassifier(max_depth=5, **R), T),
    ("random forest classifier", mixed, three, lambda: encoded(RandomForestClassifier(25, max_depth=7, **R)), T),
    ("random forest regressor", mixed, real, lambda: encoded(RandomForestRegressor(25, max_depth=7, **R)), T),
    ("extra trees classifier", numbers, two, lambda: ExtraTreesClassifier(25, max_depth=7, **R), T),
    ("extra trees regressor", numbers, real, lambda: ExtraTreesRegressor(25, max_depth=7, **R), T),
    ("gradient boosting, 2 classes", mixed, two, lambda: encoded(GradientBoostingClassifier(n_estimators=30, **R)), T),
    ("gradient boosting, 3 classes", numbers, three, lambda: GradientBoostingClassifier(n_estimators=30, **R), T),
    ("gradient boosting regressor", numbers, real, lambda: GradientBoostingRegressor(n_estimators=30, **R), T),
    ("hist. boosting classifier", numbers, two, lambda: HistGradientBoostingClassifier(max_iter=30, **R), T),
    ("hist. boosting, missing", lambda: numbers(missing=True), real, lambda: HistGradientBoostingRegressor(max_iter=30, **R), T),
    ("linear regression", mixed, real, lambda: encoded(LinearRegression()), T),
    ("ridge", numbers, real, lambda: scaled(Ridge()), T),
    ("lasso", numbers, real, lambda: scaled(Lasso(0.05)), T),
    ("elastic net", mixed, real, lambda: encoded(ElasticNet(0.05)), T),
    ("Huber regression", numbers, real, lambda: scaled(HuberRegressor()), T),
    ("Poisson regression", numbers, positive, lambda: scaled(PoissonRegressor()), T),
    ("gamma regression", numbers, positive, lambda: scaled(GammaRegressor()), T),
    ("logistic, 2 classes", mixed, two, lambda: encoded(LogisticRegression(max_iter=500)), T),
    ("logistic, 3 classes", mixed, three, lambda: encoded(LogisticRegression(max_iter=500)), T),
    ("ridge classifier", numbers, two, lambda: scaled(RidgeClassifier()), T),
    ("SGD, logistic loss", numbers, two, lambda: scaled(SGDClassifier(loss="log_loss", **R)), T),
    ("linear discriminant", numbers, three, lambda: LinearDiscriminantAnalysis(), T),
    ("SVC, RBF, 2 classes", numbers, two, lambda: scaled(SVC(gamma=0.2)), T),
    ("SVC, RBF, 3 classes", numbers, three, lambda: scaled(SVC(gamma=0.2)), T),
    ("SVC, polynomial", numbers, two, lambda: scaled(SVC(kernel="poly", degree=2, coef0=1)), T),
    ("nu-SVC, sigmoid", numbers, two, lambda: scaled(NuSVC(nu=0.6, kernel="sigmoid", gamma=0.1)), T),
    ("SVR", numbers, real, lambda: scaled(SVR()), T),
    ("linear SVC", numbers, three, lambda: scaled(LinearSVC(**R)), T),
    ("linear SVR", numbers, real, lambda: scaled(LinearSVR(max_iter=5000, **R)), T),
    ("one-class SVM", numbers, None, lambda: scaled(OneClassSVM(nu=0.1)), T),
    # Of three classes two may tie; scikit-learn then takes the first, PMML the most frequent one.
    ("nearest neighbours classifier", numbers, two, lambda: scaled(KNeighborsClassifier(5)), T),
    ("nearest neighbours regressor", numbers, real, lambda: scaled(KNeighborsRegressor(5, metric="manhattan")), T),
    ("nearest neighbours by distance", numbers, real, lambda: scaled(KNeighborsRegressor(4, weights="distance")), T),
    ("MLP classifier", mixed, three, lambda: encoded(MLPClassifier((12, 6), max_iter=200, **R)), T),
    ("MLP, 2 classes, tanh", numbers, two, lambda: scaled(MLPClassifier((8,), "tanh", max_iter=200, **R)), T),
    ("MLP regressor, logistic", numbers, real, lambda: scaled(MLPRegressor(hidden_layer_sizes=(8,), activation="logistic", max_iter=300, **R)), T),
    ("Gaussian naive Bayes", numbers, three, lambda: GaussianNB(), T),
    ("k-means", numbers, None, lambda: scaled(KMeans(4, n_init=3, **R)), T),
    ("mini-batch k-means", numbers, None, lambda: scaled(MiniBatchKMeans(3, n_init=3, **R)), T),
    ("isolation forest", numbers, None, lambda: IsolationForest(n_estimators=20, **R), T),
    ("AdaBoost regressor", numbers, real, lambda: AdaBoostRegressor(n_estimators=10, **R), T),
    ("bagging classifier", numbers, two, lambda: BaggingClassifier(n_estimators=10, **R), T),
    ("bagging regressor", numbers, real, lambda: BaggingRegressor(LinearRegression(), n_estimators=10, **R), T),
    ("voting classifier, soft", rounded, three, lambda: VotingClassifier(
        [("t", DecisionTreeClassifier(max_depth=4, **R)), ("g", GaussianNB())], voting="soft"), T),
    ("voting classifier, hard", rounded, three, lambda: VotingClassifier(
        [("t", DecisionTreeClassifier(max_depth=4, **R)), ("g", GaussianNB()),
         ("l", LogisticRegression(max_iter=3000))]), T),
    ("voting regressor", rounded, real, lambda: VotingRegressor(
        [("t", DecisionTreeRegressor(max_depth=4, **R)), ("l", LinearRegression())]), T),
    ("stacking classifier", rounded, two, lambda: StackingClassifier(
        [("t", DecisionTreeClassifier(max_depth=4, **R)), ("g", GaussianNB())], LogisticRegression()), T),
    ("stacking regressor", rounded, real, lambda: StackingRegressor(
        [("t", DecisionTreeRegressor(max_depth=4, **R)), ("l", LinearRegression())], Ridge()), T),
    ("imputed, polynomial, missing", lambda: mixed(missing=True), real, lambda: imputed(LinearRegression()), T),
    ("imputed logistic, missing", lambda: mixed(missing=True), two, lambda: imputed(LogisticRegression(max_iter=500)), T),
    ("bins, ordinals", mixed, three, lambda: binned(LogisticRegression(max_iter=500)), T),
    ("principal components", numbers, real, lambda: make_pipeline(StandardScaler(), PCA(3), LinearRegression()), T),
    ("selected features", numbers, two, lambda: make_pipeline(StandardScaler(), SelectKBest(k=2), LogisticRegression()), T),
]


def libraries():
    try:
        import xgboost
        CASES.extend([
            ("XGBoost, 2 classes", numbers, integers_two, lambda: xgboost.XGBClassifier(n_estimators=25, max_depth=4), F),
            ("XGBoost, 3 classes", numbers, integers, lambda: xgboost.XGBClassifier(n_estimators=15, max_depth=4), F),
            ("XGBoost regressor", lambda: numbers(missing=True), real, lambda: xgboost.XGBRegressor(n_estimators=25, max_depth=4), F),
            ("XGBoost, Poisson", numbers, positive, lambda: xgboost.XGBRegressor(objective="count:poisson", n_estimators=15), F),
        ])
    except ImportError:
        print("xgboost is not there: left out", file=sys.stderr)
    try:
        import lightgbm
        CASES.extend([
            ("LightGBM, 2 classes", numbers, two, lambda: lightgbm.LGBMClassifier(n_estimators=25, verbose=-1), T),
            ("LightGBM, 3 classes", numbers, three, lambda: lightgbm.LGBMClassifier(n_estimators=15, verbose=-1), T),
            ("LightGBM regressor", lambda: numbers(missing=True), real, lambda: lightgbm.LGBMRegressor(n_estimators=25, verbose=-1), T),
        ])
    except ImportError:
        print("lightgbm is not there: left out", file=sys.stderr)


def integers_two(frame):
    return pd.Series((two(frame) == "yes").astype(int), name="y")


def text_cases():
    from sklearn2pmml.feature_extraction.text import Splitter
    frame, labels = sentences()
    for name, vectorizer in (("counts of words", CountVectorizer), ("TF-IDF of words", TfidfVectorizer)):
        def make(vectorizer=vectorizer):
            options = dict(tokenizer=Splitter(), token_pattern=None)
            if vectorizer is TfidfVectorizer:
                options["norm"] = None
            return make_pipeline(ColumnTransformer([("t", vectorizer(**options), "text")]),
                                 LogisticRegression(max_iter=500))
        yield name, frame, labels, make, T


def expectations(model, frame, labels):
    """Columns that the PMML should give, by name, or by place for those without one."""
    final = model.steps[-1][1] if isinstance(model, Pipeline) else model
    wanted = {}
    if labels is None:
        if isinstance(final, IsolationForest):
            wanted["decisionFunction"] = model.decision_function(frame)
            wanted["rawAnomalyScore"] = None
        elif isinstance(final, OneClassSVM):
            wanted["decisionFunction"] = model.decision_function(frame)
        else:
            wanted["cluster"] = [str(label) for label in model.predict(frame)]
        return wanted
    predictions = model.predict(frame)
    wanted["y"] = predictions
    if hasattr(model, "predict_proba") and not (
            isinstance(final, VotingClassifier) and final.voting == "hard"):
        shares = model.predict_proba(frame)
        for place, label in enumerate(final.classes_):
            wanted["probability(%s)" % label] = shares[:, place]
    return wanted


def relative(a, b):
    return abs(a - b) / max(1.0, abs(a), abs(b))


def compare(wanted, rows):
    """The greatest difference of numbers, the number of wrong labels, and what is missing."""
    worst, wrong, notes = 0.0, 0, []
    neighbours = "neighbor(1)" in rows[0]
    for name, values in wanted.items():
        # Nearest neighbours are exported without probabilities.
        if values is None or (neighbours and name != "y"):
            continue
        column = name
        if column not in rows[0]:
            notes.append("no column %s among %s" % (name, sorted(rows[0])))
            wrong += 1
            continue
        for row, value in zip(rows, values):
            got = row[column]
            if isinstance(value, (float, np.floating)):
                if got == "" or not relative(float(got), float(value)) <= 1e300:
                    wrong += 1
                else:
                    worst = max(worst, relative(float(got), float(value)))
            elif got != str(value):
                wrong += 1
                if len(notes) < 2:
                    notes.append("%s: %s instead of %s" % (name, got, value))
    return worst, wrong, notes


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("explain", nargs="?", default=os.path.join(ROOT, ".build/release/explain"))
    parser.add_argument("--only", default="")
    parser.add_argument("--keep")
    options = parser.parse_args()
    explain = os.path.abspath(options.explain)
    libraries()
    folder = options.keep or tempfile.mkdtemp()
    os.makedirs(folder, exist_ok=True)
    cases = [(name, make_frame(), None, make_labels, make, kind)
             for name, make_frame, make_labels, make, kind in CASES]
    cases += [(name, frame, labels, None, make, kind) for name, frame, labels, make, kind in text_cases()]
    faults = exported = 0
    print("%-32s %5s %7s %10s" % ("model", "rows", "labels", "numbers"))
    for name, frame, labels, make_labels, make, kind in cases:
        if options.only not in name:
            continue
        if make_labels:
            labels = make_labels(frame)
        base = os.path.join(folder, re.sub("[^a-zA-Z0-9]+", "-", name).strip("-"))
        try:
            model = make()
            # Scored are rows that the model has not seen: a neighbour at no distance has no weight.
            trained = len(frame) * 2 // 3
            model.fit(frame[:trained], None if labels is None else labels[:trained])
            pipeline = make_pmml_pipeline(
                model, active_fields=list(frame.columns),
                target_fields=None if labels is None else ["y"])
            # The converter writes to standard output.
            sys.stdout.flush()
            null = os.open(os.devnull, os.O_WRONLY)
            streams = [os.dup(1), os.dup(2)]
            os.dup2(null, 1)
            os.dup2(null, 2)
            try:
                with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                    sklearn2pmml(pipeline, base + ".pmml")
            finally:
                os.dup2(streams[0], 1)
                os.dup2(streams[1], 2)
                for descriptor in streams + [null]:
                    os.close(descriptor)
        except Exception as error:  # the producer's own limits are not ours
            text = (str(error).strip().splitlines() or [type(error).__name__])[-1]
            print("%-32s not exported: %s" % (name, text[:80]))
            continue
        exported += 1
        frame = frame[trained:]
        frame.to_csv(base + ".csv", index=False, float_format="%.17g")
        run = subprocess.run([explain, "score", base + ".pmml", "--input", base + ".csv"],
                             capture_output=True, text=True)
        if run.returncode != 0:
            faults += 1
            print("%-32s REFUSED: %s" % (name, run.stderr.strip().splitlines()[:3]))
            continue
        rows = list(csv.DictReader(io.StringIO(run.stdout)))
        if len(rows) != len(frame):
            faults += 1
            print("%-32s WRONG: %d rows of %d" % (name, len(rows), len(frame)))
            continue
        limit = 1e-6 if kind == F else 1e-9
        worst, wrong, notes = compare(expectations(model, frame, labels), rows)
        is_wrong = wrong > 0 or worst > limit
        faults += is_wrong
        print("%-32s %5d %7d %10.1e%s" % (
            name, len(rows), wrong, worst, "  WRONG %s" % "; ".join(notes) if is_wrong else ""), flush=True)
    print("%d models exported, %d wrong" % (exported, faults))
    if not options.keep:
        shutil.rmtree(folder)
    return 1 if faults else 0


sys.exit(main())
