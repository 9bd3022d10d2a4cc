"""Writes tests/golden/loader/mixing.json: batches as torchvision's MixUp and CutMix mix them, each picture with the one
before it; targets, known and unknown, by formula in NumPy. The test makes the same batches anew (generated.py)."""
import json
import pathlib
import unittest.mock

import numpy as np
import torch
import torchvision
import torchvision.transforms.v2 as T

from generated import uniform
from random_numbers import Numbers

OUT = pathlib.Path(__file__).parent.parent / "golden" / "loader" / "mixing.json"
N, K, HEIGHT, WIDTH = 3, 5, 4, 6

images = torch.from_numpy(uniform("images", N * 3 * HEIGHT * WIDTH).astype(np.float32).reshape(N, 3, HEIGHT, WIDTH))
values = (uniform("values", N * K) < 0.5).astype(np.float32).reshape(N, K)
known = (uniform("known", N * K) < 0.7).astype(np.float32).reshape(N, K)
before = np.roll(np.arange(N), 1)


def numbers(array):
    return [round(float(value), 7) for value in np.asarray(array).ravel()]


def targets(weight):
    """Of known labels; of labels that may be unknown, with their masks; of either kind united."""
    yes, sure = values * known, known * known[before] if 0 < weight < 1 else known if weight == 1 else known[before]
    share = lambda y: weight * y + (1 - weight) * y[before]
    both = np.maximum(yes, yes[before])
    united = np.maximum(sure, both)  # a yes outweighs an unknown
    return {"share": numbers(share(values)), "share_known": numbers(sure), "share_masked": numbers(share(yes) * sure),
            "unite": numbers(np.maximum(values, values[before])), "unite_known": numbers(united),
            "unite_masked": numbers(both * united)}


cases = []
for weight in [0.3, 0.75]:
    mixed = T.MixUp(num_classes=K).transform(images, {"labels": None, "lam": weight, "batch_size": N})
    cases.append({"way": "mixup", "weight": weight, "images": numbers(mixed), **targets(weight)})
for left, top, width, height in [(1, 0, 3, 2), (5, 3, 1, 1), (0, 1, 6, 3)]:
    params = {"labels": None, "box": (left, top, left + width, top + height), "batch_size": N}
    mixed = T.CutMix(num_classes=K).transform(images, params)
    cases.append({"way": "cutmix", "box": [left, top, width, height], "images": numbers(mixed),
                  **targets(1 - width * height / (WIDTH * HEIGHT))})

boxes = []
for n in range(40):
    weight, cut = float(uniform(f"box {n}", 1)[0]), T.CutMix(num_classes=K)
    with Numbers(n, 3, 7).in_torch(), unittest.mock.patch.object(cut, "_dist") as beta:
        beta.sample.return_value = weight
        left, top, right, bottom = cut.make_params([torch.zeros(3, 30, 40)])["box"]
    boxes.append({"seed": n, "weight": weight, "box": [left, top, right - left, bottom - top]})

OUT.parent.mkdir(parents=True, exist_ok=True)
versions = {"torchvision": torchvision.__version__, "torch": torch.__version__, "numpy": np.__version__}
OUT.write_text(json.dumps({"made_by": "tests/oracles/mixing.py", "versions": versions, "cases": cases, "boxes": boxes}) + "\n")
print(len(cases), "cases")
