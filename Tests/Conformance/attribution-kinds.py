#!/usr/bin/env python3
"""Attributions of kinds of models whose trainers give none, compared with shap's enumeration.

    Tests/Conformance/attribution-kinds.py [EXPLAIN]

EXPLAIN is the built executable (default: .build/release/explain). Trains support vector machines, a neural
network and nearest neighbours with scikit-learn on numbers made up here, writes them as PMML, attributes rows
and compares with shap.explainers.Exact over the same background: exact values lie within 1e-9, sampled
ones have to be held by their intervals, nine of ten. Integrated gradients are compared with sums over 20,000
points. Needs Python with scikit-learn and shap. Skipped, and said so, where they are not.
"""
import csv, os, subprocess, sys, tempfile, warnings

warnings.filterwarnings("ignore")
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
try:
    import numpy as np
    import shap
    from sklearn.neighbors import KNeighborsRegressor
    from sklearn.neural_network import MLPClassifier, MLPRegressor
    from sklearn.svm import SVC, SVR
except ImportError as error:
    print("SKIPPED: %s" % error, file=sys.stderr)
    sys.exit(0)


def document(count, body, target):
    fields = "".join('<DataField name="x%d" optype="continuous" dataType="double"/>' % i
                     for i in range(count))
    return ('<PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4"><Header/><DataDictionary>%s%s'
            '</DataDictionary>%s</PMML>' % (fields, target, body))


NUMBER = '<DataField name="y" optype="continuous" dataType="double"/>'
CLASSES = ('<DataField name="y" optype="categorical" dataType="string"><Value value="0"/>'
           '<Value value="1"/></DataField>')


def schema(count):
    return '<MiningSchema>%s<MiningField name="y" usageType="target"/></MiningSchema>' % "".join(
        '<MiningField name="x%d"/>' % i for i in range(count))


def numbers(values):
    return " ".join(repr(float(value)) for value in values)


def machine(model, count, classifies):
    kernel = ('<LinearKernelType/>' if model.kernel == "linear"
              else '<RadialBasisKernelType gamma="%r"/>' % float(model._gamma))
    vectors = "".join('<VectorInstance id="%d"><Array type="real" n="%d">%s</Array></VectorInstance>'
                      % (i, count, numbers(vector))
                      for i, vector in enumerate(model.support_vectors_))
    fields = "".join('<FieldRef field="x%d"/>' % i for i in range(count))
    names = "".join('<SupportVector vectorId="%d"/>' % i for i in range(len(model.support_vectors_)))
    weights = "".join('<Coefficient value="%r"/>' % float(value) for value in model.dual_coef_[0])
    attributes = ('functionName="classification" maxWins="true"' if classifies
                  else 'functionName="regression"')
    classes = 'targetCategory="1" alternateTargetCategory="0"' if classifies else ""
    return document(count, (
        '<SupportVectorMachineModel %s>%s%s<VectorDictionary><VectorFields>%s</VectorFields>%s'
        '</VectorDictionary><SupportVectorMachine %s><SupportVectors>%s</SupportVectors>'
        '<Coefficients absoluteValue="%r">%s</Coefficients></SupportVectorMachine>'
        '</SupportVectorMachineModel>') % (
            attributes, schema(count), kernel, fields, vectors, classes, names,
            float(model.intercept_[0]), weights), CLASSES if classifies else NUMBER)


def network(model, count, classifies):
    inputs = "".join(
        '<NeuralInput id="x%d"><DerivedField optype="continuous" dataType="double">'
        '<FieldRef field="x%d"/></DerivedField></NeuralInput>' % (i, i) for i in range(count))
    names = ["x%d" % i for i in range(count)]
    layers = ""
    for place, (weights, biases) in enumerate(zip(model.coefs_, model.intercepts_)):
        last = place == len(model.coefs_) - 1
        function = (("logistic" if classifies else "identity") if last
                    else {"relu": "rectifier"}.get(model.activation, model.activation))
        neurons = "".join(
            '<Neuron id="%d.%d" bias="%r">%s</Neuron>' % (place, j, float(bias), "".join(
                '<Con from="%s" weight="%r"/>' % (name, float(weights[i, j]))
                for i, name in enumerate(names)))
            for j, bias in enumerate(biases))
        layers += '<NeuralLayer activationFunction="%s">%s</NeuralLayer>' % (function, neurons)
        names = ["%d.%d" % (place, j) for j in range(len(biases))]
    if classifies:
        layers += ('<NeuralLayer activationFunction="identity"><Neuron id="no" bias="1"><Con from="%s" '
                   'weight="-1"/></Neuron><Neuron id="yes"><Con from="%s" weight="1"/></Neuron>'
                   '</NeuralLayer>' % (names[0], names[0]))
        outputs = "".join(
            '<NeuralOutput outputNeuron="%s"><DerivedField optype="categorical" dataType="string">'
            '<NormDiscrete field="y" value="%d"/></DerivedField></NeuralOutput>' % (name, value)
            for value, name in enumerate(["no", "yes"]))
    else:
        outputs = ('<NeuralOutput outputNeuron="%s"><DerivedField optype="continuous" dataType="double">'
                   '<FieldRef field="y"/></DerivedField></NeuralOutput>' % names[0])
    return document(count, (
        '<NeuralNetwork functionName="%s" activationFunction="identity">%s<NeuralInputs>%s</NeuralInputs>'
        '%s<NeuralOutputs>%s</NeuralOutputs></NeuralNetwork>') % (
            "classification" if classifies else "regression", schema(count), inputs, layers, outputs),
        CLASSES if classifies else NUMBER)


def neighbors(model, count, data, goals):
    rows = "".join("<row>%s<y>%r</y></row>" % ("".join(
        "<x%d>%r</x%d>" % (i, float(value), i) for i, value in enumerate(row)), float(goal))
        for row, goal in zip(data, goals))
    fields = "".join('<InstanceField field="x%d" column="x%d"/>' % (i, i) for i in range(count))
    inputs = "".join('<KNNInput field="x%d"/>' % i for i in range(count))
    return document(count, (
        '<NearestNeighborModel functionName="regression" numberOfNeighbors="%d" '
        'continuousScoringMethod="average">%s<TrainingInstances><InstanceFields>%s'
        '<InstanceField field="y" column="y"/></InstanceFields><InlineTable>%s</InlineTable>'
        '</TrainingInstances><ComparisonMeasure kind="distance"><squaredEuclidean/></ComparisonMeasure>'
        '<KNNInputs>%s</KNNInputs></NearestNeighborModel>') % (
            model.n_neighbors, schema(count), fields, rows, inputs), NUMBER)


def logit(model):
    def value(rows):
        for weights, biases in zip(model.coefs_[:-1], model.intercepts_[:-1]):
            rows = rows @ weights + biases
            rows = np.tanh(rows) if model.activation == "tanh" else np.maximum(rows, 0)
        return (rows @ model.coefs_[-1] + model.intercepts_[-1])[:, 0]
    return value


def integrated(model, background, row, steps=20_000):
    """Sums of gradients of a network of one hidden layer of tanh, along the way from the mean."""
    start = background.mean(axis=0)
    parts = (np.arange(steps) + 0.5)[:, None] / steps
    hidden = np.tanh((start + parts * (row - start)) @ model.coefs_[0] + model.intercepts_[0])
    slopes = ((1 - hidden ** 2) * model.coefs_[1][:, 0]) @ model.coefs_[0].T
    return (row - start) * slopes.mean(axis=0)


def attribute(explain, folder, text, background, rows, options=()):
    names = ["x%d" % i for i in range(rows.shape[1])]
    paths = {}
    for name, table in (("rows", rows), ("background", background)):
        paths[name] = os.path.join(folder, name + ".csv")
        with open(paths[name], "w") as file:
            file.write(",".join(names) + "\n")
            for row in table:
                file.write(",".join(repr(float(value)) for value in row) + "\n")
    model = os.path.join(folder, "model.pmml")
    with open(model, "w") as file:
        file.write(text)
    run = subprocess.run(
        [explain, "score", model, "--input", paths["rows"], "--attributions", "--background",
         paths["background"], *options], capture_output=True, text=True)
    if run.returncode != 0:
        raise SystemExit(run.stderr)
    table = list(csv.DictReader(run.stdout.splitlines()))
    values = np.array([[float(row["attribution(%s)" % name]) for name in names] for row in table])
    errors = None
    if "attribution_error(x0)" in table[0]:
        errors = np.array(
            [[float(row["attribution_error(%s)" % name]) for name in names] for row in table])
    return run.stderr.strip(), values, errors


def main():
    explain = sys.argv[1] if len(sys.argv) > 1 else os.path.join(ROOT, ".build/release/explain")
    random = np.random.RandomState(7)
    faults = 0

    def data(count, rows):
        table = random.normal(0, 1, (rows, count))
        goals = np.sin(table[:, 0]) + table[:, 1] * table[:, 2] + 0.5 * table[:, 3]
        return table, goals

    few, goals = data(8, 200)
    labels = (goals > 0).astype(int)
    many, far = data(14, 120)
    tanh = MLPClassifier((6,), activation="tanh", max_iter=400, random_state=1).fit(few, labels)
    relu = MLPClassifier((8, 6), activation="relu", max_iter=400, random_state=1).fit(few, labels)
    radial = SVC(kernel="rbf").fit(few, labels)
    linear = SVR(kernel="linear").fit(few, goals)
    near = KNeighborsRegressor(3).fit(few, goals)
    cases = [
        ("SVC, radial basis", machine(radial, 8, True), radial.decision_function, few),
        ("SVR, linear", machine(linear, 8, False), linear.predict, few),
        ("MLPClassifier, tanh", network(tanh, 8, True), logit(tanh), few),
        ("MLPClassifier, relu", network(relu, 8, True), logit(relu), few),
        ("KNeighborsRegressor", neighbors(near, 8, few, goals), near.predict, few),
    ]
    far_near = KNeighborsRegressor(3).fit(many, far)
    cases.append(("KNeighborsRegressor, 14 fields",
                  neighbors(far_near, 14, many, far), far_near.predict, many))
    with tempfile.TemporaryDirectory() as folder:
        for name, text, function, table in cases:
            background, rows = table[:12], table[50:50 + (10 if table is few else 2)]
            rows = rows + 0.1
            note, values, errors = attribute(explain, folder, text, background, rows)
            masker = shap.maskers.Independent(background, max_samples=len(background))
            exact = shap.explainers.Exact(function, masker)(rows).values
            off = np.abs(values - exact)
            if errors is None:
                fault = not off.max() <= 1e-9
                said = "%.1e" % off.max()
            else:
                held = float((off <= errors + 1e-12).mean())
                fault = held < 0.9
                said = "%.0f %% within their intervals, of %.2g on average" % (
                    100 * held, errors.mean())
            faults += fault
            print("%-32s %s: %s%s" % (name, note.split(": ")[-1], said, "  WRONG" if fault else ""))
        wide = MLPRegressor(hidden_layer_sizes=(7,), activation="tanh", max_iter=400, random_state=1).fit(many, far)
        rows = many[50:55] + 0.1
        note, values, _ = attribute(explain, folder, network(wide, 14, False), many[:12], rows)
        off = max(np.abs(values[i] - integrated(wide, many[:12], row)).max()
                  for i, row in enumerate(rows))
        fault = not off <= 1e-6
        faults += fault
        print("%-32s %s: %.1e%s" % (
            "MLPRegressor, 14 fields", note.split(": ")[-1], off, "  WRONG" if fault else ""))
    print(f"{faults} faults")
    return 1 if faults else 0


sys.exit(main())
