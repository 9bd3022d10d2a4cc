#!/usr/bin/env python3
"""The scores of benchmarks/metrics.cpp by scikit-learn, on the same data.

    metrics --pictures 100000 --labels 27 --data DIR
    python metrics.py --labels 27 --data DIR [--passes 1]
"""
import argparse
import os
import time

import numpy as np
from sklearn.metrics import (average_precision_score, f1_score, precision_recall_fscore_support, precision_score,
                             recall_score)


def timed(passes, work):
    best = float("inf")
    for _ in range(passes):
        start = time.perf_counter()
        result = work()
        best = min(best, time.perf_counter() - start)
    return best, result


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--labels", type=int, required=True)
    parser.add_argument("--data", required=True)
    parser.add_argument("--passes", type=int, default=1)
    args = parser.parse_args()
    scores = np.fromfile(os.path.join(args.data, "scores.f32"), np.float32).reshape(-1, args.labels)
    targets = np.fromfile(os.path.join(args.data, "targets.i8"), np.int8).reshape(-1, args.labels)

    def nine():
        """As the tutorial calls it: nine times."""
        predictions = (scores > 0.5).astype(np.int8)
        return [[score(targets, predictions, average=average, zero_division=0)
                 for score in (precision_score, recall_score, f1_score)] for average in ("micro", "macro", "samples")]

    def nine_in_three():
        predictions = (scores > 0.5).astype(np.int8)
        return [precision_recall_fscore_support(targets, predictions, average=average, zero_division=0)[:3]
                for average in ("micro", "macro", "samples")]

    print(f"{len(scores)} pictures, {args.labels} labels")
    for name, work in ("nine scores", nine), ("nine scores in three calls", nine_in_three):
        seconds, values = timed(args.passes, work)
        print(f"{name}: {seconds:.6f} s, macro F1 {values[1][2]:.6f}")
    seconds, value = timed(args.passes, lambda: average_precision_score(targets, scores, average="macro"))
    print(f"mean average precision: {seconds:.6f} s, {value:.6f}")


if __name__ == "__main__":
    main()
