"""Golden steps of optimizers: python tests/oracles/optimizers.py

Five steps of torch's and timm's optimizers on gradients by generated.py, at a learning rate that changes from step to
step; a matrix, and a bias that learns half as fast and does not decay.
"""

import json
import pathlib
import re
import sys

import timm
import timm.optim
import timm.utils
import torch

import generated

GOLDEN = pathlib.Path(__file__).parent.parent / "golden" / "optimizer"
SHAPES = {"weight": (3, 4), "bias": (5,)}
RATE = {"weight": 1.0, "bias": 0.5}

# What ours is called on a command line, and theirs.
OPTIMIZERS = {
    "adam": (torch.optim.Adam, {}),
    "adam:weight_decay=0.1": (torch.optim.Adam, {"weight_decay": 0.1}),
    "adam:beta1=0.8:beta2=0.95:epsilon=0.0001": (torch.optim.Adam, {"betas": (0.8, 0.95), "eps": 1e-4}),
    "adamw": (torch.optim.AdamW, {"weight_decay": 0.01}),
    "adamw:weight_decay=0.3": (torch.optim.AdamW, {"weight_decay": 0.3}),
    "sgd:momentum=0": (torch.optim.SGD, {}),
    "sgd": (torch.optim.SGD, {"momentum": 0.9}),
    "sgd:nesterov=true:weight_decay=0.1": (torch.optim.SGD, {"momentum": 0.9, "nesterov": True, "weight_decay": 0.1}),
    "lion": (timm.optim.Lion, {}),
    "lion:beta1=0.95:beta2=0.98:weight_decay=0.2": (timm.optim.Lion, {"betas": (0.95, 0.98), "weight_decay": 0.2}),
    "lamb": (timm.optim.Lamb, {"weight_decay": 0.01}),
    "lamb:weight_decay=0.1:max_gradient_norm=0.05": (timm.optim.Lamb, {"weight_decay": 0.1, "max_grad_norm": 0.05}),
    "lamb:max_gradient_norm=0": (timm.optim.Lamb, {"weight_decay": 0.01, "max_grad_norm": None}),
}


def gradient(step, name):
    return torch.from_numpy(generated.tensor(f"gradient.{step}.{name}", SHAPES[name])) * (10 / 4**step)


def rate(step):
    return 0.02 / (step + 1)


def steps(make, options):
    parameters = {name: torch.from_numpy(generated.tensor(name, shape)).requires_grad_() for name, shape in SHAPES.items()}
    optimizer = make([{"params": [parameters["weight"]]}, {"params": [parameters["bias"]], "weight_decay": 0}],
                     lr=rate(0), **options)
    for step in range(5):
        for group, name in zip(optimizer.param_groups, SHAPES):
            parameters[name].grad = gradient(step, name)
            group["lr"] = rate(step) * RATE[name]
        optimizer.step()
    return {name: parameter.detach().flatten().tolist() for name, parameter in parameters.items()}


def clipped():
    """torch's clip_grad_norm_ at two limits, one of which is not reached."""
    result = {}
    for limit in (0.5, 100.0):
        parameters = [torch.zeros(SHAPES[name], requires_grad=True) for name in SHAPES]
        for parameter, name in zip(parameters, SHAPES):
            parameter.grad = gradient(0, name)
        torch.nn.utils.clip_grad_norm_(parameters, limit)
        result[str(limit)] = {name: parameter.grad.flatten().tolist() for parameter, name in zip(parameters, SHAPES)}
    return result


def averages():
    """timm's averages of the weights and buffers of a module that changes five times."""
    result = {}
    for name, make, warmup in (("0.9", timm.utils.ModelEmaV2, False), ("0.9 warmup", timm.utils.ModelEmaV3, True)):
        module = torch.nn.BatchNorm1d(3)

        def change(step):
            with torch.no_grad():
                for key, value in module.state_dict().items():
                    value.copy_(torch.from_numpy(generated.tensor(f"average.{step}.{key}", tuple(value.shape))) + step)

        change(0)
        average = make(module, decay=0.9, **({"use_warmup": True} if warmup else {}))
        for step in range(1, 6):
            change(step)
            average.update(module, **({"step": step} if warmup else {}))
        result[name] = {key: value.double().flatten().tolist() for key, value in average.module.state_dict().items()
                        if value.is_floating_point()}
    return result


def layers(network):
    """Scales of learning rates by timm's layer-wise decay, and which parameters decay."""
    groups = timm.optim.param_groups_layer_decay(network, weight_decay=1.0, layer_decay=0.5, no_weight_decay_list=())
    by_parameter = {parameter: (group["lr_scale"], group["weight_decay"] > 0) for group in groups
                    for parameter in group["params"]}
    return [[name, parameter.ndim, *by_parameter[parameter]] for name, parameter in network.named_parameters()]


NETWORKS = {
    "resnet18": {},
    "tf_efficientnet_lite0": {},
    "vit_tiny_patch16_224": {"depth": 3},
    "convnext_atto": {"depths": (1, 1, 2, 1)},
    "swin_tiny_patch4_window7_224": {"depths": (1, 1, 2, 1)},
}


def write(name, value):
    versions = {"python": sys.version.split()[0], "torch": torch.__version__, "timm": timm.__version__}
    text = json.dumps({"versions": versions, **value}, indent=1)
    text = re.sub(r"\[\s+([^][{}]*?)\s+\]", lambda row: "[" + re.sub(r"\s+", " ", row[1]) + "]", text)
    (GOLDEN / name).write_text(text + "\n")


if __name__ == "__main__":
    GOLDEN.mkdir(parents=True, exist_ok=True)
    write("steps.json", {"steps": {name: steps(*each) for name, each in OPTIMIZERS.items()}, "clipped": clipped(),
                         "averages": averages()})
    write("layers.json", {"layer_decay": 0.5, "networks": {
        name: layers(timm.create_model(name, num_classes=2, **options)) for name, options in NETWORKS.items()}})
