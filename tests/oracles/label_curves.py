"""Golden curves of single labels from scikit-learn: python tests/oracles/label_curves.py

A page draws precision over recall only where recall rises, and a reliability curve of the bins that have pictures.
Masked targets are -1; scikit-learn gets what remains.
"""

import json
import pathlib
import sys

import numpy
import sklearn
from sklearn.calibration import calibration_curve
from sklearn.metrics import precision_recall_curve

GOLDEN = pathlib.Path(__file__).parent.parent / "golden" / "report"


def cases():
    random = numpy.random.default_rng(5)
    scores = random.integers(0, 257, 60) / 256  # exact in float32, and with ties
    yield "tied", (random.random(60) < scores).astype(int), scores
    masked = (random.random(60) < scores).astype(int)
    masked[::4] = -1
    yield "masked", masked, scores
    yield "few values", (random.random(40) < .5).astype(int), random.integers(0, 4, 40) / 4
    yield "all yes", numpy.ones(5, int), numpy.arange(5) / 8


def rising(targets, scores):
    precision, recall, _ = precision_recall_curve(targets, scores)
    points, last = [], 0
    for r, p in zip(recall[::-1], precision[::-1]):
        if r > last:
            points.append((r, p))
            last = r
    return points


def main():
    found = []
    for name, targets, scores in cases():
        known = targets >= 0
        frequency, mean = calibration_curve(targets[known], scores[known], n_bins=15)
        found.append({"name": name, "targets": targets.tolist(), "scores": scores.tolist(),
                      "precision_recall": rising(targets[known], scores[known]),
                      "reliability": list(zip(mean.tolist(), frequency.tolist()))})
    made_by = f"scikit-learn {sklearn.__version__}, numpy {numpy.__version__}, Python {sys.version.split()[0]}"
    (GOLDEN / "label_curves.json").write_text(json.dumps({"made_by": made_by, "cases": found}) + "\n")


main()
