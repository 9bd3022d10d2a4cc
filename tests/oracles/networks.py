"""Golden logits of every backbone, and one training step: python tests/oracles/networks.py

Networks by torchvision and timm, EfficientNet-Lite by the PyPI package efficientnet_lite_pytorch besides; weights and
pictures by generated.py, so that the golden files hold outputs alone.
"""

import json
import pathlib
import re
import sys

import efficientnet_lite_pytorch
import numpy
import timm
import torch
import torchvision

import generated

LABELS = 7
GOLDEN = pathlib.Path(__file__).parent.parent / "golden" / "networks"
RESNETS = ("resnet18", "resnet34", "resnet50", "resnet101", "resnet152", "resnext50_32x4d", "resnext101_32x8d",
           "wide_resnet50_2")
# Even and odd sides, which TensorFlow's padding treats differently, at every stride: 96, 48, 24, ... and 75, 38, 19, ...
SHAPE = (2, 3, 96, 75)


def images(shape):
    return torch.from_numpy(generated.tensor("images", shape))


def fill(network, name_of=lambda name: name, gain=1):
    """`gain` multiplies the weights of convolutions, where activations would vanish otherwise."""
    state = {name: torch.from_numpy(generated.tensor(name_of(name), tuple(value.shape))) * (gain if value.dim() == 4 else 1)
             for name, value in network.state_dict().items()}
    network.load_state_dict(state, strict=True)
    return network.eval()


def resnet(name):
    network = getattr(torchvision.models, name)()
    network.fc = torch.nn.Linear(network.fc.in_features, LABELS)
    return fill(network)


def lite(name):
    return fill(timm.create_model(name, num_classes=LABELS))


def lite_of_pypi(index, timm_names):
    """The same weights in the network of PyPI's package, whose names it gives to ours in order of blocks."""
    blocks = sorted({tuple(map(int, re.match(r"blocks\.(\d+)\.(\d+)\.", name).groups()))
                     for name in timm_names if name.startswith("blocks.")})

    def ours(name):
        match = re.match(r"_blocks\.(\d+)\._([a-z_0-9]+?)\.(.*)", name)
        if not match:
            for theirs, our in (("_conv_stem", "conv_stem"), ("_bn0", "bn1"), ("_conv_head", "conv_head"),
                                ("_bn1", "bn2"), ("_fc", "classifier")):
                if name.startswith(theirs + "."):
                    return our + name[len(theirs):]
        stage, block = blocks[int(match[1])]
        first = {"depthwise_conv": "conv_dw", "bn1": "bn1", "project_conv": "conv_pw", "bn2": "bn2"}
        other = {"expand_conv": "conv_pw", "bn0": "bn1", "depthwise_conv": "conv_dw", "bn1": "bn2",
                 "project_conv": "conv_pwl", "bn2": "bn3"}
        return f"blocks.{stage}.{block}.{(other if stage else first)[match[2]]}.{match[3]}"

    network = efficientnet_lite_pytorch.EfficientNet.from_name(
        f"efficientnet-lite{index}", num_classes=LABELS, image_size=SHAPE[2:])
    return fill(network, ours)


def entry(network, shape=SHAPE):
    with torch.no_grad():
        logits = network(images(shape)).numpy()
    parameters = sum(parameter.numel() for parameter in network.parameters())
    return {"parameters": parameters, "tensors": len(network.state_dict()),
            "logits": [[float(value) for value in row] for row in logits]}


def logits():
    result = {}
    for name in RESNETS:
        result[name] = entry(resnet(name))
    for index in range(5):
        name = f"tf_efficientnet_lite{index}"
        network = lite(name)
        result[name] = entry(network)
        theirs = entry(lite_of_pypi(index, network.state_dict()))
        difference = relative(theirs["logits"], result[name]["logits"])
        print(f"{name}: timm and efficientnet_lite_pytorch differ by {difference:.1e}")
        assert difference < 1e-5 and theirs["parameters"] == result[name]["parameters"]
    for name, each in result.items():
        values = numpy.array(each["logits"])
        print(f"{name:24} spread of logits {values.std():.3g}, between pictures {numpy.abs(values[0] - values[1]).max():.3g}")
    return result


def relative(found, expected):
    found, expected = numpy.array(found), numpy.array(expected)
    return float(numpy.abs(found - expected).max() / numpy.abs(expected).max())


def sample(values):
    """A tensor in short: its norm, and five elements from all over it."""
    flat = values.detach().double().flatten()
    return {"norm": float(flat.norm()), "values": [float(flat[i * (len(flat) - 1) // 4]) for i in range(5)]}


def step(dtype):
    """One step of the recipe, without dropout: gradients, statistics of batch norm, and what Adam adds to the weights.

    In float64, because in float32 rounding decides on which side of a ReLU a value falls, and 50 layers of batch norm
    over few pixels make percents of it.
    """
    network = resnet("resnext50_32x4d").train().to(dtype)
    shape = (4, 3, 64, 75)
    targets = (generated.uniform("targets", shape[0] * LABELS) < 0.4).reshape(shape[0], LABELS)
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-4)
    loss = torch.nn.BCEWithLogitsLoss()(network(images(shape).to(dtype)), torch.from_numpy(targets).to(dtype))
    loss.backward()
    before = {name: parameter.detach().clone() for name, parameter in network.named_parameters()}
    optimizer.step()
    short = lambda tensors: {name: sample(value) for name, value in tensors if keep(name)}
    return {"loss": loss.item(),
            "gradients": short((name, parameter.grad) for name, parameter in network.named_parameters()),
            "updates": short((name, parameter - before[name]) for name, parameter in network.named_parameters()),
            "buffers": short((name, buffer) for name, buffer in network.named_buffers()
                             if name.endswith(("mean", "var")))}


def keep(name):
    """Stem, classifier, the first block and some more of the second of each stage."""
    return not name.startswith("layer") or re.match(r"layer\d\.0\.|layer\d\.1\.(conv2|bn2)", name) is not None


def write(name, value):
    versions = {"python": sys.version.split()[0], "torch": torch.__version__, "torchvision": torchvision.__version__,
                "timm": timm.__version__, "efficientnet_lite_pytorch": "0.1.0"}
    text = json.dumps({"versions": versions, **value}, indent=1)
    text = re.sub(r"\[\s+([^][{}]*?)\s+\]", lambda row: "[" + re.sub(r"\s+", " ", row[1]) + "]", text)
    (GOLDEN / name).write_text(text + "\n")


if __name__ == "__main__":
    GOLDEN.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(0)
    write("logits.json", {"networks": logits()})
    exact, rounded = step(torch.float64), step(torch.float32)
    norms = numpy.array([[each["gradients"][name]["norm"] for name in exact["gradients"]] for each in (exact, rounded)])
    print(f"norms of gradients in float32 are off by up to {numpy.abs(norms[1] / norms[0] - 1).max():.1e}, "
          f"the loss by {abs(rounded['loss'] / exact['loss'] - 1):.1e}")
    write("step.json", {"step": exact})
