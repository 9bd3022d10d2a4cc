"""What others make of one small example: python tests/oracles/metric_definitions.py

Five pictures, three labels: scores are tied, one lies on the threshold, a label and a picture have no yes. Writes
tests/golden/metrics/definitions.json. The table in docs/metric.md shows these numbers beside ours; a test holds it to
both.
"""

import json
import math
import pathlib
import warnings

import numpy
import sklearn
import timm
import torch
import torchmetrics
from sklearn import metrics
from timm.task.evaluator import MultiLabelClassificationEvaluator
from torchmetrics.functional import classification as tm

TARGETS = numpy.array([[1, 0, 0], [1, 1, 0], [0, 1, 0], [0, 0, 0], [1, 0, 0]])
SCORES = numpy.array([[.9, .4, .2], [.6, .8, .3], [.6, .5, .1], [.7, .2, .4], [.3, .4, .6]], numpy.float32)


def scikit_learn():
    t, s, p = TARGETS, SCORES, SCORES > .5
    f1 = {f"{average}/f1": metrics.f1_score(t, p, average=average, zero_division=0)
          for average in ("micro", "macro", "samples")}
    return f1 | {
        "macro/average_precision": metrics.average_precision_score(t, s, average="macro"),
        "macro/roc_auc": metrics.roc_auc_score(t, s, average="macro"),
        "hamming_loss": metrics.hamming_loss(t, p),
        "subset_accuracy": metrics.accuracy_score(t, p),
        "coverage_error": metrics.coverage_error(t, s),
        "label_ranking_average_precision": metrics.label_ranking_average_precision_score(t, s),
        "ranking_loss": metrics.label_ranking_loss(t, s),
        "ndcg": metrics.ndcg_score(t, s),
    }


def torch_metrics():
    t, s = torch.tensor(TARGETS), torch.tensor(SCORES)
    return {
        "micro/f1": tm.multilabel_f1_score(s, t, 3, average="micro"),
        "macro/f1": tm.multilabel_f1_score(s, t, 3, average="macro"),
        "macro/average_precision": tm.multilabel_average_precision(s, t, 3, average="macro"),
        "macro/roc_auc": tm.multilabel_auroc(s, t, 3, average="macro"),
        "hamming_loss": tm.multilabel_hamming_distance(s, t, 3, average="micro"),
        "subset_accuracy": tm.multilabel_exact_match(s, t, 3),
        "coverage_error": tm.multilabel_coverage_error(s, t, 3),
        "label_ranking_average_precision": tm.multilabel_ranking_average_precision(s, t, 3),
        "ranking_loss": tm.multilabel_ranking_loss(s, t, 3),
        "expected_calibration_error": tm.binary_calibration_error(s.flatten(), t.flatten(), n_bins=15),
    }


def timm_task():
    evaluator = MultiLabelClassificationEvaluator()
    evaluator.update(torch.tensor(SCORES).logit(), torch.tensor(TARGETS))
    numbers = evaluator.compute()
    return {"micro/f1": numbers["micro_f1"] / 100, "macro/f1": numbers["macro_f1"] / 100,
            "samples/f1": numbers["sample_f1"] / 100, "macro/average_precision": numbers["map"] / 100}


def published_code():
    """What ML-GCN's engine and ASL's helper_functions.py compute: precision at each yes in the order of argsort, so
    that ties go by chance; CF1 is the F1 of the mean precision and recall over labels, OF1 the micro F1."""
    def average_precision(scores, targets):
        order = (-scores).argsort(kind="stable")
        hit = targets[order] == 1
        count = numpy.cumsum(hit)
        return float(numpy.sum(count * hit / numpy.arange(1, len(hit) + 1)) / (count[-1] + 1e-8))
    predicted = SCORES > .5
    hit, made, there = (predicted * TARGETS).sum(0), predicted.sum(0), TARGETS.sum(0)
    precision = numpy.where(made > 0, hit / numpy.maximum(made, 1), 0).mean()
    recall = numpy.where(there > 0, hit / numpy.maximum(there, 1), 0).mean()
    return {"macro/average_precision": numpy.mean([average_precision(s, t) for s, t in zip(SCORES.T, TARGETS.T)]),
            "macro/f1_of_means": 2 * precision * recall / (precision + recall),
            "micro/f1": 2 * hit.sum() / (made.sum() + there.sum())}


def main():
    warnings.simplefilter("ignore")
    number = lambda value: None if math.isnan(float(value)) else float(value)
    golden = {
        "made_by": f"scikit-learn {sklearn.__version__}, torchmetrics {torchmetrics.__version__}, "
                   f"timm {timm.__version__}, torch {torch.__version__}",
        "targets": TARGETS.tolist(), "scores": [[float(str(value)) for value in row] for row in SCORES],
    }
    for name, call in (("scikit-learn", scikit_learn), ("torchmetrics", torch_metrics), ("timm", timm_task),
                       ("ML-GCN, ASL", published_code)):
        golden[name] = {key: number(value) for key, value in call().items()}
    path = pathlib.Path(__file__).parent.parent / "golden" / "metrics" / "definitions.json"
    path.write_text(json.dumps(golden, indent=1) + "\n")


if __name__ == "__main__":
    main()
