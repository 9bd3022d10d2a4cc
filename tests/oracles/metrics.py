"""Golden precision, recall and F1 from scikit-learn: python tests/oracles/metrics.py

Masked cases hold -1 for unknown. Their values are scikit-learn's on the same data with the unknown entries removed:
flattened for micro, label by label for macro and weighted, picture by picture for samples.
"""

import json
import math
import pathlib
import sys

import numpy
import sklearn
from sklearn.metrics import precision_recall_fscore_support
from sklearn.utils.extmath import _nanaverage

METRICS = ("precision", "recall", "f1")
ZERO_DIVISION = {"zero": 0.0, "one": 1.0, "nan": math.nan}


def of_one(targets, predictions, zero_division):
    """(precision, recall, f1, support) of a vector; scikit-learn takes none that is empty."""
    if len(targets) == 0:
        return (zero_division,) * 3 + (0,)
    return [each[0] for each in precision_recall_fscore_support(
        targets, predictions, labels=[1], average=None, zero_division=zero_division)]


def masked(targets, predictions, zero_division):
    known = targets >= 0
    rows = lambda t, p, k: numpy.array([of_one(t[i][k[i]], p[i][k[i]], zero_division) for i in range(len(t))], float)
    labels = rows(targets.T, predictions.T, known.T)
    samples = rows(targets, predictions, known)
    result = {}
    micro = of_one(targets[known], predictions[known], zero_division)
    for i, metric in enumerate(METRICS):
        result["micro/" + metric] = micro[i]
        result["macro/" + metric] = _nanaverage(labels[:, i])
        result["weighted/" + metric] = _nanaverage(labels[:, i], labels[:, 3])
        result["samples/" + metric] = _nanaverage(samples[:, i])
    return result, labels


def whole(targets, predictions, zero_division):
    labels = None
    if targets.shape[1] == 1:  # scikit-learn takes one column for single-label data: give it another and leave it out
        targets, predictions = (numpy.hstack([each, numpy.zeros_like(each)]) for each in (targets, predictions))
        labels = [0]
    call = lambda average: precision_recall_fscore_support(
        targets, predictions, labels=labels, average=average, zero_division=zero_division)
    result = {f"{average}/{metric}": value
              for average in ("micro", "macro", "weighted", "samples")
              for metric, value in zip(METRICS, call(average))}
    return result, numpy.array(call(None), float).T


def cases():
    random = numpy.random.default_rng(20)
    draw = lambda n, k, share: (random.random((n, k)) < share).astype(int)
    yield "random", draw(7, 5, .4), draw(7, 5, .4)
    yield "rare", draw(40, 27, .06), draw(40, 27, .06)
    yield "long", draw(150, 3, .5), draw(150, 3, .3)
    yield "one label", draw(9, 1, .5), draw(9, 1, .5)
    yield "one sample", draw(1, 6, .5), draw(1, 6, .5)
    yield "one of each, right", numpy.ones((1, 1), int), numpy.ones((1, 1), int)
    yield "one of each, empty", numpy.zeros((1, 1), int), numpy.zeros((1, 1), int)
    yield "no positives", numpy.zeros((5, 4), int), draw(5, 4, .5)
    yield "no predictions", draw(5, 4, .5), numpy.zeros((5, 4), int)
    yield "all zero", numpy.zeros((5, 4), int), numpy.zeros((5, 4), int)
    yield "all one", numpy.ones((5, 4), int), numpy.ones((5, 4), int)
    yield "all wrong", numpy.ones((5, 4), int), numpy.zeros((5, 4), int)
    targets, predictions = draw(12, 5, .5), draw(12, 5, .5)
    targets[:, 1] = 0
    predictions[:, 2] = 0
    targets[:, 3] = predictions[:, 3] = 0
    targets[4:7], predictions[6:9] = 0, 0
    yield "empty columns and rows", targets, predictions
    targets, predictions = draw(30, 8, .3), draw(30, 8, .3)
    targets[random.random(targets.shape) < .3] = -1
    yield "masked", targets, predictions
    targets, predictions = draw(10, 4, .5), draw(10, 4, .5)
    targets[3], targets[:, 2] = -1, -1
    yield "masked row and column", targets, predictions
    yield "all unknown", numpy.full((3, 2), -1), draw(3, 2, .5)


def main():
    result = []
    for name, targets, predictions in cases():
        for rule, zero_division in ZERO_DIVISION.items():
            compute = masked if (targets < 0).any() else whole
            metrics, labels = compute(targets, predictions, zero_division)
            if compute is whole:  # the two ways agree, which is what makes the masked one an oracle
                again, rows = masked(targets, predictions, zero_division)
                numpy.testing.assert_allclose([again[key] for key in metrics], list(metrics.values()), rtol=1e-14)
                numpy.testing.assert_allclose(rows, labels, rtol=1e-14)
            number = lambda value: None if math.isnan(value) else float(value)
            result.append({
                "name": name, "zero_division": rule, "targets": targets.tolist(), "predictions": predictions.tolist(),
                "metrics": {key: number(value) for key, value in metrics.items()},
                "labels": [[number(value) for value in row] for row in labels]})
    golden = {"made_by": f"scikit-learn {sklearn.__version__}, numpy {numpy.__version__}, Python {sys.version.split()[0]}",
              "cases": result}
    path = pathlib.Path(__file__).parent.parent / "golden" / "metrics" / "metrics.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(golden, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
