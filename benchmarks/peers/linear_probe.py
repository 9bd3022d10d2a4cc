#!/usr/bin/env python3
"""`tagger train --preset linear-probe` in PyTorch, on the features that it has kept.

    python linear_probe.py --features ~/.cache/tagger/features/tf_efficientnet_lite0-... \
        --annotations train.json --validation test.json --images DIR --seed 1

Labels that `image_labels_unknown` lists are left out of the loss by a mask; of the others it is the mean.
Needs torch and scikit-learn.
"""
import argparse
import json
import os

import numpy as np
import torch
from sklearn.metrics import f1_score
from torch import nn


class Features:
    """The rows of pictures, by path."""

    def __init__(self, folder):
        with open(os.path.join(folder, "key.json")) as file:
            shape = json.load(file)["shape"]
        with open(os.path.join(folder, "pictures.jsonl")) as file:  # path, bytes, modified, why it cannot be read
            readable = [path for path, _, _, reason in map(json.loads, file) if not reason]
        self.rows = {path: row for row, path in enumerate(readable)}
        self.values = np.memmap(os.path.join(folder, "features.bin"), np.float32, "r").reshape(-1, *shape)

    def of(self, images, annotations):
        """Features, yes as 1 and else 0, and 1 where the label is known, of the samples that can be read."""
        paths = [os.path.abspath(os.path.join(images, sample["image_name"])) for sample in annotations["samples"]]
        samples = [(self.rows[path], sample) for path, sample in zip(paths, annotations["samples"]) if path in self.rows]

        def listed(key):
            return torch.tensor([[float(label in sample.get(key, ())) for label in annotations["labels"]]
                                 for _, sample in samples])

        features = torch.from_numpy(np.array(self.values[[row for row, _ in samples]]))
        return features, listed("image_labels"), 1 - listed("image_labels_unknown")


def f1s(logits, targets):
    predictions = (logits.sigmoid() > 0.5).numpy()
    return {f"{average}/f1": float(f1_score(targets.numpy(), predictions, average=average, zero_division=0))
            for average in ("micro", "macro", "samples")}


def train(features, images, annotations, validation, seed, epochs=30, learning_rate=3e-3, batch_size=32, dropout=0.2):
    """F1s of the epoch with the best macro F1."""
    torch.manual_seed(seed)
    inputs, targets, known = features.of(images, annotations)
    test_inputs, test_targets, _ = features.of(images, validation)
    head = nn.Sequential(nn.Dropout(dropout), nn.Linear(inputs.shape[1], targets.shape[1]))
    optimizer = torch.optim.Adam(head.parameters(), lr=learning_rate)
    best = {"macro/f1": -1.0}
    for _ in range(epochs):
        head.train()
        for batch in torch.randperm(len(inputs)).split(batch_size):
            if len(batch) < batch_size:
                break
            costs = nn.functional.binary_cross_entropy_with_logits(head(inputs[batch]), targets[batch], reduction="none")
            loss = (costs * known[batch]).sum() / known[batch].sum()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        head.eval()
        with torch.no_grad():
            best = max(best, f1s(head(test_inputs), test_targets), key=lambda scores: scores["macro/f1"])
    return best


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
                                     allow_abbrev=False)
    parser.add_argument("--features", required=True)
    parser.add_argument("--annotations", required=True)
    parser.add_argument("--validation", required=True)
    parser.add_argument("--images", required=True)
    parser.add_argument("--seed", type=int, default=2020)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    annotations, validation = (json.load(open(path)) for path in (options.annotations, options.validation))
    result = train(Features(options.features), options.images, annotations, validation, options.seed)
    print(json.dumps({"metrics": result}))


if __name__ == "__main__":
    main()
