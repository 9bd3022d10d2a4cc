"""Golden values of timm's stochastic depth: python tests/oracles/drop_path.py

The rate of each block, and logits in training, in float64, with masks drawn from torch's generator.
"""

import timm
import torch
from timm.models._efficientnet_blocks import ConvBnAct

import convolutional_networks
import networks
import transformers

RATE = 0.3
DEEP = ("resnet18", "resnet50", "resnet101d", "mobilenetv3_large_100", "tf_efficientnet_lite0",
        *convolutional_networks.SMALL, *transformers.SMALL)
TRAINED, SEED, PICTURES = (*convolutional_networks.SMALL, *transformers.SMALL), 5, 4


def rate(block):
    """What timm's block makes of its drop-path layers: a block without a shortcut makes nothing of them."""
    layers = [getattr(block, name) for name in ("drop_path", "drop_path1", "drop_path2") if hasattr(block, name)]
    rates = {getattr(layer, "drop_prob", 0) for layer in layers}
    assert len(rates) == 1, rates
    return round(rates.pop(), 9) if getattr(block, "has_skip", True) else 0


def rates(name):
    with torch.device("meta"):
        network = timm.create_model(name, drop_path_rate=RATE)
    return [rate(block) for block in network.modules()
            if (hasattr(block, "drop_path") or hasattr(block, "drop_path1")) and not isinstance(block, ConvBnAct)]


def trained(name):
    if name in transformers.SMALL:
        shape, gain = transformers.shape(name), 1
        network = transformers.create(name, shape[-2], drop_path_rate=RATE)
    else:
        shape, gain = convolutional_networks.shape(name), convolutional_networks.GAINS.get(name, 1)
        network = timm.create_model(name, num_classes=networks.LABELS, drop_path_rate=RATE)
    network = networks.fill(network, gain=gain).train().double()
    shape = (PICTURES, *shape[1:])
    torch.manual_seed(SEED)
    logits = network(networks.images(shape).double()).detach()
    return {"pictures": list(shape), "gain": gain, "logits": [[float(value) for value in row] for row in logits]}


if __name__ == "__main__":
    networks.write("drop_path.json", {"rate": RATE, "seed": SEED, "rates": {name: rates(name) for name in DEEP},
                                      "training": {name: trained(name) for name in TRAINED}})
