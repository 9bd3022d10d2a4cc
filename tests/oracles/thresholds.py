"""Golden thresholds by trying every cut: python tests/oracles/thresholds.py

A cut is a float32 t; what is predicted is score > t. Of a label's known scores s1 > s2 > ... > sm (each but once) the
cuts are s1 (nothing), halfway between neighbours, and the float below sm (everything). Each rule is written down here
as what it is the best of, over all cuts and pictures, without sorting or running sums; fractions are exact.
"""

import json
import pathlib
import sys
from fractions import Fraction

import numpy

F = numpy.float32


def cuts(scores):
    values = sorted({F(s) for s in scores}, reverse=True)
    middle = [F((float(a) + float(b)) / 2) for a, b in zip(values, values[1:])]
    middle = [m if m < a else b for m, a, b in zip(middle, values, values[1:])]
    return [values[0], *middle, numpy.nextafter(values[-1], F(-numpy.inf))]


def counts(scores, targets, cut):
    predicted = scores > cut
    return int((predicted & (targets == 1)).sum()), int((predicted & (targets == 0)).sum()), int((targets == 1).sum())


def f_beta(tp, fp, support, beta):
    beta = Fraction(beta)
    return 0 if tp == 0 else (1 + beta**2) * tp / (beta**2 * support + tp + fp)


def best(scores, targets, value):
    """The highest threshold of the highest value: max() keeps the first, and cuts() descend."""
    return max(cuts(scores), key=lambda cut: value(*counts(scores, targets, cut)))



def max_f1(beta=1):
    return lambda s, t: best(s, t, lambda tp, fp, n: f_beta(tp, fp, n, beta))


def precision(least):
    def rule(s, t):
        good = [cut for cut in cuts(s) if sum(counts(s, t, cut)[:2]) > 0
                and Fraction(counts(s, t, cut)[0], sum(counts(s, t, cut)[:2])) >= Fraction(least)]
        return min(good) if good else cuts(s)[0]
    return rule


def recall(least):
    return lambda s, t: max(cut for cut in cuts(s)
                            if Fraction(counts(s, t, cut)[0], counts(s, t, cut)[2]) >= Fraction(least))


def break_even(s, t):
    return best(s, t, lambda tp, fp, n: -abs(tp + fp - n))


def cost(positive, negative):
    return lambda s, t: best(s, t, lambda tp, fp, n: -(Fraction(positive) * fp + Fraction(negative) * (n - tp)))


BY_LABEL = {
    "max_f1": max_f1(), "max_f1:beta=2": max_f1(2), "max_f1:beta=0.5": max_f1("0.5"),
    "precision": precision("0.9"), "precision:at_least=0.75": precision("0.75"),
    "precision:at_least=0.07": precision("0.07"), "precision:at_least=1": precision(1),
    "recall": recall("0.9"), "recall:at_least=0.5": recall("0.5"), "recall:at_least=0": recall(0),
    "recall:at_least=1": recall(1), "break_even": break_even,
    "cost": cost(1, 1), "cost:false_positive=3": cost(3, 1), "cost:false_positive=0.25:false_negative=2": cost("0.25", 2),
}
SHRINK = 4


def both(targets):
    return (targets == 1).any() and (targets == 0).any()


def by_label(rule, scores, targets, fallback, shrink):
    known = targets >= 0
    common = rule(scores[known], targets[known]) if both(targets) else F(fallback)
    result = []
    for k in range(scores.shape[1]):
        s, t = scores[known[:, k], k], targets[known[:, k], k]
        threshold = rule(s, t) if both(t) else common
        if both(t) and shrink:
            n = int((t == 1).sum())
            threshold = F((n * float(threshold) + shrink * float(common)) / (n + shrink))
        result.append(threshold)
    return result


def global_f1(scores, targets, average, beta, fallback):
    known = targets >= 0
    if not both(targets):
        return fallback
    if average == "micro":
        return max_f1(beta)(scores[known], targets[known])

    def macro(cut):
        columns = [counts(scores[known[:, k], k], targets[known[:, k], k], cut) for k in range(scores.shape[1])]
        return sum(f_beta(*column, beta) for column in columns)
    return max(cuts(scores[known]), key=macro)


def conformal(scores, targets, alpha):
    """The highest score t such that predicting score >= t keeps the risk; the threshold is the float below."""
    rows = [i for i in range(len(scores)) if (targets[i] == 1).any()]
    def risk(t):
        missed = [Fraction(int(((targets[i] == 1) & (scores[i] < t)).sum()), int((targets[i] == 1).sum())) for i in rows]
        return (sum(missed) + 1) / (len(rows) + 1)
    good = [t for t in scores[targets == 1] if risk(t) <= Fraction(alpha)]
    return float(numpy.nextafter(max(good), F(-numpy.inf))) if good else None


def decide(scores, thresholds, groups, top_k):
    predicted = [k for k in range(len(scores)) if scores[k] > thresholds[k]]
    rank = lambda k: (-scores[k], k)
    for group in groups:
        within = sorted((k for k in group if k in predicted), key=rank)
        predicted = [k for k in predicted if k not in within[1:]]
    if top_k:
        predicted = sorted(predicted, key=rank)[:top_k]
    return [int(k in predicted) for k in range(len(scores))]


def cases():
    random = numpy.random.default_rng(7)
    def draw(n, k, share, steps=None, unknown=0.0):
        targets = (random.random((n, k)) < share).astype(int)
        scores = 1 / (1 + numpy.exp(-(1.5 * targets - 1 + random.normal(size=(n, k)))))
        if steps:
            scores = numpy.round(scores * steps) / steps
        targets[random.random((n, k)) < unknown] = -1
        return scores.astype(F), targets
    yield "random", *draw(40, 5, .3), .5
    yield "rare", *draw(60, 6, .05), .5
    yield "tied", *draw(50, 4, .4, steps=5), .5
    yield "masked", *draw(50, 5, .4, unknown=.4), .5
    yield "tied and masked", *draw(30, 5, .3, steps=4, unknown=.3), .5
    scores, targets = draw(20, 5, .4)
    targets[:, 0], targets[:, 1], targets[:, 2] = 0, 1, -1
    targets[:, 3], targets[0, 3] = 0, 1
    yield "one-sided labels", scores, targets, .5
    yield "no yes", draw(6, 3, .5)[0], numpy.zeros((6, 3), int), .25
    yield "no no", draw(6, 3, .5)[0], numpy.ones((6, 3), int), .25
    yield "all unknown", draw(6, 3, .5)[0], numpy.full((6, 3), -1), .25
    yield "all equal", numpy.full((6, 2), .5, F), (random.random((6, 2)) < .5).astype(int), .5
    near = numpy.nextafter(F(.3), F(1))
    yield "neighbouring floats", numpy.array([[.3], [near], [numpy.nextafter(near, F(1))], [.3]], F), \
        numpy.array([[0], [1], [1], [0]]), .5
    yield "zeros and ones", numpy.array([[0], [1], [1], [0], [0]], F), numpy.array([[0], [1], [1], [1], [0]]), .5
    yield "one picture", numpy.array([[.25, .75]], F), numpy.array([[1, 0]]), .5


def main():
    result = []
    for name, scores, targets, fallback in cases():
        case = {"name": name, "fallback": fallback, "scores": [[float(s) for s in row] for row in scores],
                "targets": targets.tolist(), "by_label": {}, "global": {}}
        for text, rule in BY_LABEL.items():
            case["by_label"][text] = [float(t) for t in by_label(rule, scores, targets, fallback, 0)]
            shrunk = f"{text}:shrink={SHRINK}"
            case["by_label"][shrunk] = [float(t) for t in by_label(rule, scores, targets, fallback, SHRINK)]
        for average in ("micro", "macro"):
            for beta in (1, 2):
                case["global"][f"global_f1:average={average}:beta={beta}"] = float(
                    global_f1(scores, targets, average, beta, fallback))
        for alpha in ("0.05", "0.1", "0.3", "0"):
            case["global"][f"conformal:alpha={alpha}"] = conformal(scores, targets, alpha)
        result.append(case)
    random = numpy.random.default_rng(8)
    decisions = []
    for groups, top_k in (([], 0), ([], 2), ([[0, 3, 5]], 0), ([[1, 2], [4, 0, 3]], 0), ([[5, 1, 2]], 2), ([[0, 1, 2]], 1)):
        thresholds = [float(F(t)) for t in random.random(6) * .6]
        scores = (numpy.round(random.random((20, 6)) * 6) / 6).astype(F)
        decisions.append({"exclusive": groups, "top_k": top_k, "thresholds": thresholds,
                          "scores": [[float(s) for s in row] for row in scores],
                          "predicted": [decide(row, numpy.array(thresholds, F), groups, top_k) for row in scores]})
    golden = {"made_by": f"tests/oracles/thresholds.py, numpy {numpy.__version__}, Python {sys.version.split()[0]}",
              "cases": result, "decisions": decisions}
    path = pathlib.Path(__file__).parent.parent / "golden" / "threshold" / "thresholds.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(golden, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
