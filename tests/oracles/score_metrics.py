"""Golden metrics of scores, and of what is predicted of them, from scikit-learn: python tests/oracles/score_metrics.py

Targets hold -1 for unknown. Masked values are scikit-learn's on the same data with the unknown entries removed:
flattened for micro, label by label for macro and weighted, picture by picture for samples. Scores are float32, and all
computation is in float64. What scikit-learn does not define (an empty slice, interpolated average precision) is said
here in a line or two.
"""

import json
import math
import pathlib
import sys
import warnings

import numpy
import sklearn
from sklearn import metrics
from sklearn.calibration import calibration_curve

NAN = math.nan
TOP_K, BINS, BETA = 3, 15, 2


def two_classes(targets):
    return 0 < targets.sum() < len(targets)


def average_precision(t, s):
    return metrics.average_precision_score(t, s) if len(t) and t.any() else 0.0


def envelope(t, s):
    precision, recall, _ = metrics.precision_recall_curve(t, s)
    precision, recall = precision[:-1][::-1], recall[:-1][::-1]  # recall ascending, without the point (0, 1)
    return numpy.maximum.accumulate(precision[::-1])[::-1], recall


def interpolated(t, s):
    if not t.any():
        return 0.0
    precision, recall = envelope(t, s)
    return float(numpy.sum(numpy.diff(recall, prepend=0) * precision))


def eleven_point(t, s):
    if not t.any():
        return 0.0
    precision, recall = envelope(t, s)
    return float(numpy.mean([precision[recall >= tenth / 10 - 1e-12][0] for tenth in range(11)]))


def roc_auc(t, s):
    return metrics.roc_auc_score(t, s) if two_classes(t) else NAN


def of_counts(call, empty=0.0):
    return lambda t, p: call(t, p) if len(t) else empty


def balanced_accuracy(t, p):
    return metrics.balanced_accuracy_score(t, p) if len(t) else NAN


def matthews(t, p):
    return metrics.matthews_corrcoef(t, p) if len(t) else 0.0


def jaccard(t, p):
    return metrics.jaccard_score(t, p, zero_division=0)


def specificity(t, p):
    return metrics.recall_score(t, p, pos_label=0, zero_division=0)


def f_beta(t, p):
    return metrics.fbeta_score(t, p, beta=BETA, zero_division=0)


def precision(t, p):
    return metrics.precision_score(t, p, zero_division=0)


def recall(t, p):
    return metrics.recall_score(t, p, zero_division=0)


def f1(t, p):
    return metrics.f1_score(t, p, zero_division=0)


def ranking(call, one_label):
    """Of one picture; scikit-learn takes a single label for another kind of problem."""
    def of_picture(t, s):
        if len(t) == 0:
            return NAN
        return call(t[None], s[None]) if len(t) > 1 else one_label(t[0])
    return of_picture


def one_error(t, s):
    if not t.any():
        return 0.0
    best = s == s.max()
    return 1 - t[best].mean()


def log_loss(t, s):
    edge = 2.0 ** -23
    return metrics.log_loss(t, numpy.clip(s, edge, 1 - edge), labels=[0, 1]) if len(t) else NAN


def brier(t, s):
    return metrics.brier_score_loss(t, s, pos_label=1) if len(t) else NAN


def calibration_error(t, s):
    if len(t) == 0:
        return NAN
    frequency, mean = calibration_curve(t, s, n_bins=BINS)
    count = numpy.bincount(numpy.searchsorted(numpy.linspace(0, 1, BINS + 1)[1:-1], s), minlength=BINS)
    return float(numpy.sum(count[count > 0] * abs(frequency - mean)) / len(t))


def top_k(targets, scores):
    result = numpy.zeros_like(targets)
    for t, s, row in zip(targets, scores, result):
        known = numpy.flatnonzero(t >= 0)
        row[known[numpy.argsort(-s[known], kind="stable")[:TOP_K]]] = 1
    return result


def mean(values, weights=None):
    values = numpy.asarray(values, float)
    known = ~numpy.isnan(values)
    if not known.any():
        return NAN
    if weights is None or numpy.asarray(weights)[known].sum() == 0:
        return float(values[known].mean())
    return float(numpy.average(values[known], weights=numpy.asarray(weights)[known]))


def evaluate(targets, scores, threshold):
    known = targets >= 0
    predictions = (scores > numpy.float32(threshold)).astype(int)
    best = top_k(targets, scores)
    scores = scores.astype(numpy.float64)
    support = (targets == 1).sum(0)
    result = {}

    def slices(call, values):
        return {"micro": [call(targets[known], values[known])],
                "labels": [call(targets[k, i], values[k, i]) for i, k in enumerate(known.T)],
                "samples": [call(targets[i, k], values[i, k]) for i, k in enumerate(known)]}

    def averaged(name, call, values, averages=("micro", "macro", "weighted", "samples")):
        of = slices(call, values)
        numbers = {"micro": of["micro"][0], "macro": mean(of["labels"]), "weighted": mean(of["labels"], support),
                   "samples": mean(of["samples"])}
        result.update({f"{average}/{name}": numbers[average] for average in averages})
        return of["labels"]

    rows = {
        "precision": averaged("precision", of_counts(precision), predictions),
        "recall": averaged("recall", of_counts(recall), predictions),
        "f1": averaged("f1", of_counts(f1), predictions),
        "average_precision": averaged("average_precision", average_precision, scores),
        "roc_auc": averaged("roc_auc", roc_auc, scores),
        "brier": slices(brier, scores)["labels"],
        "expected_calibration_error": slices(calibration_error, scores)["labels"],
    }
    averaged("interpolated_average_precision", interpolated, scores, ["macro"])
    averaged("eleven_point_average_precision", eleven_point, scores, ["macro"])
    averaged("jaccard", of_counts(jaccard), predictions)
    averaged("f_beta", of_counts(f_beta), predictions)
    averaged("specificity", of_counts(specificity), predictions, ["micro", "macro"])
    averaged("balanced_accuracy", balanced_accuracy, predictions, ["micro", "macro"])
    averaged("matthews", matthews, predictions, ["micro", "macro"])
    for name, call in (("precision", precision), ("recall", recall), ("f1", f1)):
        averaged(f"{name}_at_{TOP_K}", of_counts(call), best, ["micro", "macro", "samples"])
    for average in ("macro", "samples"):
        for suffix in ("", f"_at_{TOP_K}"):
            p, r = result[f"{average}/precision{suffix}"], result[f"{average}/recall{suffix}"]
            result[f"{average}/f1_of_means{suffix}"] = 2 * p * r / (p + r) if p + r else 0.0
    of_pictures = {
        "coverage_error": ranking(metrics.coverage_error, lambda t: float(t)),
        "label_ranking_average_precision": ranking(metrics.label_ranking_average_precision_score, lambda t: 1.0),
        "ranking_loss": ranking(metrics.label_ranking_loss, lambda t: 0.0),
        "one_error": ranking(lambda t, s: one_error(t[0], s[0]), lambda t: 0.0),
        "ndcg": ranking(metrics.ndcg_score, lambda t: float(t)),
    }
    for name, call in of_pictures.items():
        result[name] = mean([call(targets[i, k], scores[i, k]) for i, k in enumerate(known)])
    flat = targets[known], predictions[known]
    result["hamming_loss"] = metrics.hamming_loss(*flat) if known.any() else NAN
    result["subset_accuracy"] = mean([float((t[k] == p[k]).all()) if k.any() else NAN
                                      for t, p, k in zip(targets, predictions, known)])
    for name, call in (("log_loss", log_loss), ("brier", brier), ("expected_calibration_error", calibration_error)):
        result[name] = call(targets[known], scores[known])
    if known.all():
        check_whole(targets, scores, predictions, result)
    return result, rows


def check_whole(targets, scores, predictions, result):
    """scikit-learn's own averages agree, which is what makes the slice by slice ones an oracle."""
    if min(targets.shape) < 2 or not all(two_classes(column) for column in targets.T):
        return
    for average in ("micro", "macro", "weighted"):
        numpy.testing.assert_allclose(
            [result[f"{average}/average_precision"], result[f"{average}/roc_auc"], result[f"{average}/jaccard"]],
            [metrics.average_precision_score(targets, scores, average=average),
             metrics.roc_auc_score(targets, scores, average=average),
             metrics.jaccard_score(targets, predictions, average=average, zero_division=0)], rtol=1e-13)
    numpy.testing.assert_allclose(
        [result[name] for name in ("coverage_error", "label_ranking_average_precision", "ranking_loss", "ndcg",
                                   "hamming_loss", "subset_accuracy")],
        [metrics.coverage_error(targets, scores), metrics.label_ranking_average_precision_score(targets, scores),
         metrics.label_ranking_loss(targets, scores), metrics.ndcg_score(targets, scores),
         metrics.hamming_loss(targets, predictions), metrics.accuracy_score(targets, predictions)], rtol=1e-13)


def cases():
    random = numpy.random.default_rng(21)

    def draw(n, k, share, steps=0):
        targets = (random.random((n, k)) < share).astype(int)
        scores = random.random((n, k)) * .7 + targets * .3
        return targets, (numpy.round(scores * steps) / steps if steps else scores)

    yield "random", *draw(9, 5, .4)
    yield "rare", *draw(60, 12, .06)
    yield "long", *draw(150, 3, .5)
    yield "tied", *draw(40, 6, .4, 4)
    yield "tied, rare", *draw(40, 6, .1, 2)
    targets, scores = draw(8, 5, .4)
    yield "all scores the same", targets, numpy.full_like(scores, .5)
    yield "zeros and ones", targets, (scores > .5) * 1.0
    yield "no positives", numpy.zeros((6, 4), int), scores[:6, :4]
    yield "all positives", numpy.ones((6, 4), int), scores[:6, :4]
    yield "one label", *draw(12, 1, .5)
    yield "one picture", *draw(1, 7, .5)
    targets, scores = draw(20, 6, .4)
    targets[:, 1], targets[:, 3], targets[4:7], targets[9] = 0, 1, 0, 1
    yield "columns and rows of one kind", targets, scores
    targets, scores = draw(40, 8, .3, 20)
    targets[random.random(targets.shape) < .3] = -1
    yield "masked", targets, scores
    targets, scores = draw(12, 5, .5)
    targets[3], targets[:, 2] = -1, -1
    targets[5, :4] = -1
    yield "masked rows and columns", targets, scores
    yield "all unknown", numpy.full((3, 2), -1), scores[:3, :2]


def main():
    warnings.simplefilter("ignore")
    number = lambda value: None if math.isnan(value) else float(value)
    result = []
    for name, targets, scores in cases():
        scores = scores.astype(numpy.float32)
        at = []
        for threshold in (.5, .3):
            numbers, rows = evaluate(targets, scores, threshold)
            at.append({"threshold": threshold, "metrics": {key: number(value) for key, value in numbers.items()},
                       "labels": {key: [number(value) for value in values] for key, values in rows.items()}})
        result.append({"name": name, "targets": targets.tolist(), "at": at,
                       "scores": [[float(str(value)) for value in row] for row in scores]})
    golden = {"made_by": f"scikit-learn {sklearn.__version__}, numpy {numpy.__version__}, Python {sys.version.split()[0]}",
              "cases": result}
    path = pathlib.Path(__file__).parent.parent / "golden" / "metrics" / "score_metrics.json"
    path.write_text(json.dumps(golden, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
