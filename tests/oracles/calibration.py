"""Golden calibrations from scikit-learn and scipy: python tests/oracles/calibration.py

Isotonic: scikit-learn's IsotonicRegression. Platt and temperature: the least log loss, found by scipy to where its
gradient is zero; scikit-learn's own _SigmoidCalibration stops earlier and is compared here, to 1e-4. Scores are float32;
logits are taken of them in float64, clipped to [2^-24, 1 - 2^-24].
"""

import json
import pathlib
import sys

import numpy
import scipy
import sklearn
from scipy.optimize import brentq, minimize
from scipy.special import expit, log_expit
from sklearn.calibration import _SigmoidCalibration
from sklearn.isotonic import IsotonicRegression

EDGE = 2.0**-24
GRID = numpy.linspace(0, 1, 21).astype(numpy.float32)


def logits(scores, kind):
    x = scores.astype(numpy.float64)
    return x if kind == "margin" else numpy.log(numpy.clip(x, EDGE, 1 - EDGE) / (1 - numpy.clip(x, EDGE, 1 - EDGE)))


def both(targets):
    return (targets == 1).any() and (targets == 0).any()


def platt(x, y):
    yes, no = (y == 1).sum(), (y == 0).sum()
    target = numpy.where(y == 1, (yes + 1) / (yes + 2), 1 / (no + 2))

    def loss(w):
        z = w[0] * x + w[1]
        return -(target * log_expit(z) + (1 - target) * log_expit(-z)).sum()

    def gradient(w):
        error = expit(w[0] * x + w[1]) - target
        return numpy.array([(x * error).sum(), error.sum()])

    def hessian(w):
        p = expit(w[0] * x + w[1])
        v = p * (1 - p)
        return numpy.array([[(x * x * v).sum(), (x * v).sum()], [(x * v).sum(), v.sum()]])
    w = minimize(loss, [0.0, numpy.log((yes + 1) / (no + 1))], jac=gradient, hess=hessian, method="trust-exact",
                 options={"gtol": 1e-9}).x
    for _ in range(5):  # to the last bits
        w = w - numpy.linalg.solve(hessian(w), gradient(w))
    assert numpy.abs(gradient(w)).max() < 1e-11 * len(x), gradient(w)
    theirs = _SigmoidCalibration().fit(x, y).predict(x)
    numpy.testing.assert_allclose(expit(w[0] * x + w[1]), theirs, atol=1e-4)
    return w.tolist()


def temperature(x, y):
    """1 / T, where the slope of the log loss is 0, between 1/64 and 64."""
    slope = lambda b: (x * (expit(b * x) - y)).sum()
    if slope(1 / 64) >= 0:
        return 1 / 64
    if slope(64) <= 0:
        return 64.0
    return brentq(slope, 1 / 64, 64, xtol=1e-15, rtol=1e-14)


def isotonic(scores, y):
    return IsotonicRegression(out_of_bounds="clip").fit(scores.astype(numpy.float64), y)


def cases():
    random = numpy.random.default_rng(11)

    def draw(n, k, share, steps=None, unknown=0.0, sharpness=1.0):
        targets = (random.random((n, k)) < share).astype(int)
        margins = sharpness * (1.5 * targets - 1 + random.normal(size=(n, k)))
        scores = expit(margins)
        if steps:
            scores = numpy.round(scores * steps) / steps
        targets[random.random((n, k)) < unknown] = -1
        return scores.astype(numpy.float32), targets, margins.astype(numpy.float32)
    s, t, m = draw(60, 3, .4)
    yield "random", s, t, "probability"
    yield "margins", m, t, "margin"
    yield "too sure", *draw(80, 2, .3, sharpness=6)[:2], "probability"
    yield "not sure enough", *draw(80, 2, .3, sharpness=.2)[:2], "probability"
    yield "tied", *draw(50, 3, .4, steps=5)[:2], "probability"
    yield "masked", *draw(50, 3, .4, unknown=.4)[:2], "probability"
    s, t, _ = draw(30, 4, .5)
    t[:, 0], t[:, 1], t[:, 2] = 0, 1, -1
    yield "one-sided labels", s, t, "probability"
    s, t, _ = draw(30, 2, .5)
    yield "upside down", s, 1 - t, "probability"
    s, t, _ = draw(12, 1, .5)
    yield "without a mistake", numpy.where(t == 1, .75, .25).astype(numpy.float32) + (s / 8 - .0625), t, "probability"


def main():
    result = []
    for name, scores, targets, kind in cases():
        scores = scores.astype(numpy.float32)
        x = logits(scores, kind)
        known = targets >= 0
        columns = []
        for k in range(scores.shape[1]):
            rows = known[:, k]
            columns.append((x[rows, k], targets[rows, k], scores[rows, k]) if both(targets[:, k])
                           else (x[known], targets[known], scores[known]))
        grid = GRID if kind == "probability" else (GRID * 6 - 3).astype(numpy.float32)
        result.append({
            "name": name, "kind": kind, "scores": [[float(s) for s in row] for row in scores],
            "targets": targets.tolist(), "grid": [float(g) for g in grid],
            "platt": [platt(each, y) for each, y, _ in columns],
            "temperature": temperature(x[known], targets[known]),
            "temperature:per_label=true": [temperature(each, y) for each, y, _ in columns],
            "isotonic": [isotonic(s, y).predict(grid).tolist() for _, y, s in columns]})
    golden = {"made_by": f"scikit-learn {sklearn.__version__}, scipy {scipy.__version__}, numpy {numpy.__version__}, "
                         f"Python {sys.version.split()[0]}", "cases": result}
    path = pathlib.Path(__file__).parent.parent / "golden" / "calibration" / "calibration.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(golden, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
