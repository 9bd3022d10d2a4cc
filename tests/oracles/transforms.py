"""Writes tests/golden/image/transforms.json: what Pillow's resize and torchvision's affine, colour and normalising
transforms of PIL images make of pictures that the test makes anew; each result as the CRC-32 of its bytes, for nothing
but equality passes."""
import json
import pathlib
import random
import zlib

import numpy as np
import PIL
import torch
import torchvision
import torchvision.transforms as T
import torchvision.transforms.functional as F
from PIL import Image

OUT = pathlib.Path(__file__).parent.parent / "golden" / "image" / "transforms.json"
random.seed(2020)


def picture(kind, width, height):
    """The same pictures as make_picture in tests/image/golden.hpp."""
    i = np.arange(width * height * 3, dtype=np.uint64)
    if kind == "noise":
        values = (i * np.uint64(2654435761) % np.uint64(1 << 32)) >> np.uint64(24)
    elif kind == "edges":
        values = ((i * np.uint64(2654435761) % np.uint64(1 << 32)) >> np.uint64(31)) * np.uint64(255)
    else:
        y, x, c = i // np.uint64(3 * width), i // np.uint64(3) % np.uint64(width), i % np.uint64(3)
        values = (x * (c + np.uint64(1)) + y * (np.uint64(3) - c) + x * y // np.uint64(7)) % np.uint64(256)
    return Image.fromarray(values.astype(np.uint8).reshape(height, width, 3))


def crc(array):
    return zlib.crc32(np.ascontiguousarray(array).tobytes())


cases = []


def add(operation, image_key, result, **parameters):
    kind, width, height = image_key
    cases.append({"operation": operation, "kind": kind, "width": width, "height": height, **parameters,
                  "crc32": crc(result)})


def key(most):
    side = lambda: random.choice([1, 2, 3, random.randint(4, most), random.randint(4, most)])
    return random.choice(["noise", "edges", "smooth"]), side(), side()


sizes = [(500, 375, 256, 256), (375, 500, 256, 256), (500, 376, 256, 256), (64, 64, 256, 256), (256, 256, 256, 256),
         (1000, 9, 10, 9), (9, 1000, 9, 10), (1, 1, 17, 23), (640, 427, 64, 64), (33, 47, 32, 48)]
for width, height, to_width, to_height in sizes + [(0, 0, 0, 0)] * 110:
    k = (random.choice(["noise", "edges", "smooth"]), width, height)
    if not width:
        k = key(200)
        to_width = random.choice([k[1], 1, random.randint(1, 40), random.randint(1, 300)])
        to_height = random.choice([k[2], 1, random.randint(1, 40), random.randint(1, 300)])
    resized = T.Resize((to_height, to_width))(picture(*k))
    add("resize", k, resized, to_width=to_width, to_height=to_height)
for n in range(120):
    k = key(90)
    image = picture(*k)
    angle = random.choice([0.0, 90.0, random.uniform(-20, 20), random.uniform(-20, 20), random.uniform(-180, 180)])
    translate = [random.randint(-k[1], k[1]) // 3, random.randint(-k[2], k[2]) // 3]
    scale = random.choice([1.0, random.uniform(0.5, 1.5), random.uniform(0.1, 4)])
    shear = random.choice([[0.0, 0.0], [0.0, 0.0], [random.uniform(-40, 40), random.uniform(-40, 40)]])
    fill = random.choice([[0, 0, 0], [123, 116, 103], [7, 250, 99]])
    add("affine", k, F.affine(image, angle, translate, scale, shear, fill=fill), angle=angle, translate=translate,
        scale=scale, shear=shear, fill=fill)
for name, function in {"brightness": F.adjust_brightness, "contrast": F.adjust_contrast,
                       "saturation": F.adjust_saturation, "hue": F.adjust_hue}.items():
    edges = [-0.5, 0.0, 0.5] if name == "hue" else [0.0, 1.0, 2.5]
    for factor in edges + [random.uniform(-0.5, 0.5) if name == "hue" else random.uniform(0, 2) for _ in range(17)]:
        k = key(90)
        add(name, k, function(picture(*k), factor), factor=factor)
for n in range(5):
    k = key(90)
    add("flip", k, F.hflip(picture(*k)))
for mean, std in [([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]), ([0.5] * 3, [0.5] * 3), ([127 / 255] * 3, [128 / 255] * 3)]:
    k = ("noise", 40, 30)
    planes = T.Normalize(mean, std)(T.ToTensor()(picture(*k)))
    add("normalize", k, planes.numpy(), mean=mean, std=std, layout="planar")
    add("normalize", k, planes.permute(1, 2, 0).numpy(), mean=mean, std=std, layout="interleaved")

OUT.parent.mkdir(parents=True, exist_ok=True)
versions = {"Pillow": PIL.__version__, "torchvision": torchvision.__version__, "torch": torch.__version__}
lines = ",\n".join("  " + json.dumps(case) for case in cases)
OUT.write_text(f'{{"made_by": "tests/oracles/transforms.py", "versions": {json.dumps(versions)}, "cases": [\n{lines}\n]}}\n')
print(len(cases), "cases")
