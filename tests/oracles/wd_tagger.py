"""A folder as SmilingWolf's WD taggers are published, small, and its scores: python tests/oracles/wd_tagger.py

config.json is what timm writes for wd-vit-tagger-v3's network (vit_base_patch16_224 without class token, averaged
tokens, the tanh approximation of GELU); the network in model.safetensors is the same of 2 blocks, 16 wide, for pictures
of 64 pixels. scores.json: what timm makes of picture.png the way the taggers' example for timm does it (white border,
timm's transform, channels to blue, green, red, sigmoid).
"""

import csv
import json
import pathlib

import generated
import numpy
import PIL.Image
import safetensors.torch
import timm
import torch
from timm.data import create_transform, resolve_data_config
from timm.models._hub import save_config_for_hf

FOLDER = pathlib.Path(__file__).parent.parent / "golden" / "weights" / "wd_tagger"
SIZE = 64
TAGS = (("general", 9), ("sensitive", 9), ("questionable", 9), ("explicit", 9), ("1girl", 0), ("long_hair", 0),
        ("comma, quote\" and all", 0), (":3", 0), ("сова", 0), ("hatsune_miku", 4), ("saber_(fate)", 4))
ARGS = {"act_layer": "gelu_tanh", "class_token": False, "fc_norm": False, "global_pool": "avg", "img_size": SIZE}


def network():
    model = timm.create_model(
        "vit_base_patch16_224", num_classes=len(TAGS), embed_dim=16, depth=2, num_heads=2,
        pretrained_cfg_overlay={"input_size": (3, SIZE, SIZE), "crop_pct": 1.0, "mean": (0.5,) * 3, "std": (0.5,) * 3,
                                "interpolation": "bicubic", "crop_mode": "center"}, **ARGS)
    state = {name: torch.from_numpy(generated.tensor(name, tuple(value.shape)))
             for name, value in model.state_dict().items()}
    state["head.weight"] *= 3  # spread the scores
    model.load_state_dict(state, strict=True)
    return model.eval()


def picture():
    """Smooth colours, broader than high, nothing symmetrical and no channel like another."""
    y, x = numpy.mgrid[0:57, 0:90] / 57.0
    channels = (128 + 127 * numpy.sin(5 * x + y), 255 * x / x.max(), 255 * (1 - y) ** 2)
    return PIL.Image.fromarray(numpy.stack(channels, -1).astype(numpy.uint8))


def scores(model, image):
    side = max(image.size)
    canvas = PIL.Image.new("RGB", (side, side), (255, 255, 255))
    canvas.paste(image, ((side - image.width) // 2, (side - image.height) // 2))
    transform = create_transform(**resolve_data_config(model.pretrained_cfg, model=model))
    pixels = transform(canvas).unsqueeze(0)[:, [2, 1, 0]]
    with torch.no_grad():
        return torch.sigmoid(model(pixels))[0].tolist()


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    model = network()
    save_config_for_hf(model, FOLDER / "config.json", model_config={"model_args": ARGS})
    config = json.loads((FOLDER / "config.json").read_text())
    for key in ("embed_dim", "depth", "num_heads"):  # as if it were the whole network
        config["model_args"].pop(key, None)
    config["num_features"] = 768
    (FOLDER / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    safetensors.torch.save_file(model.state_dict(), FOLDER / "model.safetensors", {"format": "pt"})
    with open(FOLDER / "selected_tags.csv", "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("tag_id", "name", "category", "count"))
        writer.writerows((9999999 - i, name, category, 1000 - i) for i, (name, category) in enumerate(TAGS))
    image = picture()
    image.save(FOLDER / "picture.png")
    found = scores(model, image)
    rgb = scores(model, PIL.Image.merge("RGB", image.split()[::-1]))
    assert max(abs(a - b) for a, b in zip(found, rgb)) > 0.01, "the order of channels must matter"
    versions = {"timm": timm.__version__, "torch": torch.__version__, "Pillow": PIL.__version__}
    (FOLDER / "scores.json").write_text(json.dumps({"versions": versions, "scores": found}, indent=1) + "\n")
    print([round(score, 3) for score in found])


if __name__ == "__main__":
    main()
