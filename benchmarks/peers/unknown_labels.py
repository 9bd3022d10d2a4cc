#!/usr/bin/env python3
"""What it costs not to know a share of the labels, and what it costs to take them for "no".

    python unknown_labels.py --tagger build/release/examples/tagger --annotations train.json --validation test.json \
        --images DIR --weights efficientnet-lite0.pth --output FOLDER [--share 0.3] [--seeds 1 2 3]

For each seed, every label of every training picture is turned unknown with that probability. `tagger train --preset
linear-probe` is then trained on all labels, on the known ones (`image_labels_unknown`), and with the unknown ones taken
for "no"; and PyTorch on the known ones, masked by hand (linear_probe.py). The validation pictures keep all labels.
"""
import argparse
import json
import os
import random
import subprocess

import numpy as np
import torch

import linear_probe

NUMBERS = ("micro/f1", "macro/f1", "samples/f1")


def turned_unknown(annotations, share, seed):
    """The annotations with some labels unknown, and the same with those labels as "no"."""
    draw = random.Random(seed)
    masked, as_no = [], []
    for sample in annotations["samples"]:
        unknown = [label for label in annotations["labels"] if draw.random() < share]
        yes = [label for label in sample["image_labels"] if label not in unknown]
        as_no.append({"image_name": sample["image_name"], "image_labels": yes})
        masked.append({**as_no[-1], "image_labels_unknown": unknown})
    return ({**annotations, "samples": samples} for samples in (masked, as_no))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
                                     allow_abbrev=False)
    parser.add_argument("--tagger", required=True, help="the program")
    parser.add_argument("--annotations", required=True)
    parser.add_argument("--validation", required=True)
    parser.add_argument("--images", required=True)
    parser.add_argument("--weights", required=True)
    parser.add_argument("--output", required=True, help="a folder for the runs")
    parser.add_argument("--share", type=float, default=0.3)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    os.makedirs(options.output, exist_ok=True)
    with open(options.annotations) as file:
        annotations = json.load(file)
    with open(options.validation) as file:
        validation = json.load(file)
    cache = os.path.join(options.output, "cache")

    def by_tagger(name, content, seed):
        path = os.path.join(options.output, f"{name}-{seed}")
        with open(path + ".json", "w") as file:
            json.dump(content, file)
        subprocess.run([options.tagger, "train", "--preset", "linear-probe", "--annotations", path + ".json",
                        "--validation", options.validation, "--images", os.path.abspath(options.images), "--weights",
                        options.weights, "--threads", str(options.threads), "--seed", str(seed), "--output", path],
                       check=True, env={**os.environ, "TAGGER_CACHE": cache}, stderr=subprocess.DEVNULL,
                       stdout=subprocess.DEVNULL)
        with open(os.path.join(path, "metrics.json")) as file:
            return json.load(file)["metrics"]

    rows = {}
    for seed in options.seeds:
        masked, as_no = turned_unknown(annotations, options.share, seed)
        trained = {"all labels known": by_tagger("known", annotations, seed),
                   "unknown, masked": by_tagger("masked", masked, seed),
                   "unknown taken for no": by_tagger("as-no", as_no, seed)}
        folder, = os.scandir(os.path.join(cache, "features"))
        features = linear_probe.Features(folder.path)
        trained["masked by hand, PyTorch"] = linear_probe.train(features, options.images, masked, validation, seed)
        for name, metrics in trained.items():
            rows.setdefault(name, []).append([metrics[number] for number in NUMBERS])
            print(seed, name, *(f"{metrics[number]:.3f}" for number in NUMBERS), flush=True)

    print(f"\n| {options.share:.0%} of the labels | micro F1 | macro F1 | samples F1 |\n|-|-|-|-|")
    for name, values in rows.items():
        mean, deviation = np.mean(values, axis=0), np.std(values, axis=0, ddof=1) if len(values) > 1 else [0] * 3
        print(f"| {name} | " + " | ".join(f"{m:.3f} ± {d:.3f}" for m, d in zip(mean, deviation)) + " |")


if __name__ == "__main__":
    main()
