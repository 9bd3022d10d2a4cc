"""Writes tests/golden/image/transforms.json: what Pillow's, torchvision's and timm's transforms of PIL images make of
pictures that the test makes anew; each result as the CRC-32 of its bytes, for nothing but equality passes. Where a
transform is random, torchvision draws from our random numbers."""
import json
import os
import pathlib
import random
import zlib

os.environ["ATEN_CPU_CAPABILITY"] = "default"  # RandAugment's strengths are torch.linspace: one rounding, not a vector's

import numpy as np
import PIL
import timm
import timm.data
import torch
import torchvision
import torchvision.transforms as T
import torchvision.transforms.functional as F
from PIL import Image, ImageDraw
from torchvision.transforms.autoaugment import _apply_op

from random_numbers import Numbers

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



# Everything below came later; the cases above keep their random numbers.
MODES = {"nearest": T.InterpolationMode.NEAREST, "bilinear": T.InterpolationMode.BILINEAR,
         "bicubic": T.InterpolationMode.BICUBIC}
for name in ["nearest", "bicubic"]:
    for width, height, to_width, to_height in sizes + [(0, 0, 0, 0)] * 50:
        k = (random.choice(["noise", "edges", "smooth"]), width, height)
        if not width:
            k = key(200)
            to_width = random.choice([k[1], 1, random.randint(1, 40), random.randint(1, 300)])
            to_height = random.choice([k[2], 1, random.randint(1, 40), random.randint(1, 300)])
        resized = T.Resize((to_height, to_width), MODES[name])(picture(*k))
        add("resize", k, resized, to_width=to_width, to_height=to_height, interpolation=name)
for n in range(30):
    k, name, size = key(90), random.choice(list(MODES)), random.randint(1, 90)
    add("resize_shorter_side", k, T.Resize(size, MODES[name])(picture(*k)), size=size, interpolation=name)
for n in range(30):
    k, size = key(60), [random.randint(1, 60), random.randint(1, 60)]
    add("center_crop", k, T.CenterCrop(size)(picture(*k)), to_height=size[0], to_width=size[1])
for n in range(10):
    k, fill = key(60), random.choice([[255, 255, 255], [1, 2, 3]])
    square = Image.new("RGB", (max(k[1:]), max(k[1:])), tuple(fill))
    square.paste(picture(*k), ((square.width - k[1]) // 2, (square.width - k[2]) // 2))
    add("pad_to_square", k, square, fill=fill)
for n in range(5):
    k = key(90)
    add("flip_vertically", k, F.vflip(picture(*k)))
for n in range(40):
    k, angle = key(90), random.choice([0.0, 90.0, -90.0, 180.0, 270.0, 360.0, random.uniform(-400, 400)])
    fill = random.choice([[0, 0, 0], [7, 250, 99]])
    add("rotate", k, F.rotate(picture(*k), angle, fill=fill), angle=angle, fill=fill)
for factor in [0.0, 1.0, 2.5] + [random.uniform(0, 2) for _ in range(17)]:
    k = key(90)
    add("sharpness", k, F.adjust_sharpness(picture(*k), factor), factor=factor)
for bits in range(1, 9):
    k = key(90)
    add("posterize", k, F.posterize(picture(*k), bits), bits=bits)
for threshold in [0.0, 255.0, 256.0, 178.5] + [random.uniform(0, 256) for _ in range(6)]:
    k = key(90)
    add("solarize", k, F.solarize(picture(*k), threshold), threshold=threshold)
for n in range(20):
    k, low, high = key(90), random.randint(0, 120), random.randint(121, 255)
    squeezed = picture(*k).point(lambda v: low + v * (high - low) // 255)
    add("auto_contrast", k, F.autocontrast(squeezed), low=low, high=high)
    add("equalize", k, F.equalize(squeezed), low=low, high=high)

for crop_mode in ["squash", "center"]:
    for n in range(12):
        k, name, size = key(120), random.choice(list(MODES)), random.randint(8, 64)
        crop_pct = random.choice([1.0, 0.875, 0.95, 0.8])
        transform = timm.data.create_transform((3, size, size), is_training=False, interpolation=name,
                                               crop_pct=crop_pct, crop_mode=crop_mode)
        add("evaluation", k, transform(picture(*k)).numpy(), size=size, interpolation=name, crop_pct=crop_pct,
            crop_mode=crop_mode, mean=timm.data.IMAGENET_DEFAULT_MEAN, std=timm.data.IMAGENET_DEFAULT_STD,
            channels="rgb")
for n in range(6):  # the WD taggers' pictures
    k, size = key(120), random.randint(8, 64)
    square = Image.new("RGB", (max(k[1:]), max(k[1:])), (255, 255, 255))
    square.paste(picture(*k), ((square.width - k[1]) // 2, (square.width - k[2]) // 2))
    transform = timm.data.create_transform((3, size, size), is_training=False, interpolation="bicubic", crop_pct=1.0,
                                           crop_mode="center", mean=(0.5,) * 3, std=(0.5,) * 3)
    add("evaluation", k, transform(square)[[2, 1, 0]].numpy(), size=size, interpolation="bicubic", crop_pct=1.0,
        crop_mode="pad", mean=[0.5] * 3, std=[0.5] * 3, channels="bgr")

for n in range(60):
    k = (random.choice(["noise", "edges", "smooth"]), random.randint(10, 90), random.randint(10, 90))
    name, size = random.choice(list(MODES)), [random.randint(1, 60), random.randint(1, 60)]
    scale = random.choice([(0.08, 1.0), (0.7, 1.0), (1.0, 1.0)])
    ratio = random.choice([(3 / 4, 4 / 3), (0.1, 0.3), (5.0, 9.0)])
    with Numbers(n, 3, 7).in_torch(torch.float64):
        cropped = T.RandomResizedCrop(size, scale, ratio, MODES[name])(picture(*k))
    add("random_resized_crop", k, cropped, seed=n, to_height=size[0], to_width=size[1], scale=scale, ratio=ratio,
        interpolation=name)
for n in range(60):
    k, color = key(90), random.choice([[0, 0, 0], [124, 116, 104]])
    scale, ratio = random.choice([(0.02, 0.33), (0.5, 1.0)]), random.choice([(0.3, 3.3), (0.1, 0.2)])
    pixels = torch.from_numpy(np.array(picture(*k))).permute(2, 0, 1)
    with Numbers(n, 3, 7).in_torch(torch.float64):
        erased = T.RandomErasing(0.8, scale, ratio, color)(pixels)
    add("random_erasing", k, erased.permute(1, 2, 0).numpy(), seed=n, scale=scale, ratio=ratio, color=color)
for n in range(30):  # CutoutPIL of ASL and ML-Decoder
    side, share, numbers = random.randint(1, 90), random.choice([0.5, 0.25, 1.0, 0.1]), Numbers(n, 3, 7)
    k = ("noise", side, side)
    cut = int(share * side + 0.5) // 2
    y, x = numbers.below(side), numbers.below(side)
    y1, y2, x1, x2 = (int(np.clip(v, 0, side)) for v in (y - cut, y + cut, x - cut, x + cut))
    image = picture(*k)
    ImageDraw.Draw(image).rectangle([x1, y1, x2, y2], fill=tuple(numbers.below(256) for _ in range(3)))
    add("cutout", k, image, seed=n, share=share)
for name in T.RandAugment()._augmentation_space(31, (1, 1)):
    for n in range(8):
        k, bin = (random.choice(["noise", "edges", "smooth"]), random.randint(1, 60), random.randint(1, 60)), \
            random.choice([0, 9, 30, random.randint(0, 30)])
        strengths, signed = T.RandAugment()._augmentation_space(31, (k[2], k[1]))[name]
        strength = float(strengths[bin]) if strengths.ndim else 0.0
        sign = random.choice([1, -1]) if signed else 1
        fill = random.choice([[0, 0, 0], [7, 250, 99]])
        add("augment", k, _apply_op(picture(*k), name, sign * strength, MODES["nearest"], fill), name=name, bin=bin,
            signed=signed, sign=sign, strength=strength, fill=fill)
for n in range(60):
    k, count = key(90), random.choice([2, 2, 5])
    magnitude, bins = random.choice([(9, 31), (9, 31), (0, 31), (30, 31), (4, 10)])
    with Numbers(n, 3, 7).in_torch():
        augmented = T.RandAugment(count, magnitude, bins)(picture(*k))
    add("rand_augment", k, augmented, seed=n, operations=count, magnitude=magnitude, bins=bins)

OUT.parent.mkdir(parents=True, exist_ok=True)
versions = {"Pillow": PIL.__version__, "torchvision": torchvision.__version__, "torch": torch.__version__,
            "timm": timm.__version__}
lines = ",\n".join("  " + json.dumps(case) for case in cases)
OUT.write_text(f'{{"made_by": "tests/oracles/transforms.py", "versions": {json.dumps(versions)}, "cases": [\n{lines}\n]}}\n')
print(len(cases), "cases")
