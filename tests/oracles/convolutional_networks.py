"""Golden values of timm's convolutional networks: python tests/oracles/convolutional_networks.py

Logits, as networks.py has them of the first networks; gradients; what fresh weights are like; rows of the catalogue.
"""

import torch
import timm

import networks

# The name, and the weights that its row of the catalogue is about.
WEIGHTS = {
    "resnet18d": "ra2_in1k", "resnet34d": "ra2_in1k", "resnet50d": "ra2_in1k", "resnet101d": "ra2_in1k",
    "convnext_tiny": "in12k_ft_in1k", "convnext_small": "in12k_ft_in1k", "convnext_base": "fb_in22k_ft_in1k",
    "convnext_large": "fb_in22k_ft_in1k", "convnextv2_atto": "fcmae_ft_in1k", "convnextv2_nano": "fcmae_ft_in22k_in1k",
    "convnextv2_tiny": "fcmae_ft_in22k_in1k", "convnextv2_base": "fcmae_ft_in22k_in1k",
    "mobilenetv3_large_100": "ra_in1k", "mobilenetv3_small_100": "lamb_in1k", "tresnet_m": "miil_in21k_ft_in1k",
    "tresnet_l": "miil_in1k", "tresnet_v2_l": "miil_in21k_ft_in1k", "efficientnet_b0": "ra_in1k",
    "efficientnet_b1": "ft_in1k", "efficientnet_b2": "ra_in1k", "efficientnet_b3": "ra2_in1k"}
# What SmilingWolf's tagger makes of timm's.
WD = {"wd_convnext_base_448": ("convnext_base", {"act_layer": "gelu_tanh"})}
# Gates and soft activations make less of every signal: more weight keeps pictures apart.
GAINS = {"mobilenetv3_large_100": 1.2, "mobilenetv3_small_100": 1.3, "efficientnet_b0": 1.4, "efficientnet_b1": 1.35,
         "efficientnet_b2": 1.35, "efficientnet_b3": 1.35}
# One of each way to compute, and to draw fresh weights.
SMALL = ("resnet18d", "convnext_tiny", "convnextv2_atto", "mobilenetv3_small_100", "tresnet_m", "efficientnet_b0")


def shape(name):
    """Odd sides where the network takes them: an odd pixel is where paddings and poolings differ."""
    return (2, 3, 96, 76) if name.startswith("tresnet") else networks.SHAPE


def seeded(name):
    base, arguments = WD.get(name, (name, {}))
    network = timm.create_model(base, num_classes=networks.LABELS, **arguments)
    return networks.fill(network, gain=GAINS.get(name, 1))


def logits(name):
    return {"pictures": list(shape(name)), "gain": GAINS.get(name, 1)} | networks.entry(seeded(name), shape(name))


def gradients(name):
    """Norms of some gradients of the mean of squared logits, in training and in float64."""
    network = seeded(name).train().double()
    network(networks.images(shape(name)).double()).square().mean().backward()
    return {key: float(parameter.grad.norm()) for key, parameter in list(network.named_parameters())[::7]}


def fresh(name):
    """Mean and deviation of some tensors that are large enough to have them, or constant."""
    result = {}
    classifier = timm.get_pretrained_cfg_value(name, "classifier") + "."
    for key, value in list(timm.create_model(name).state_dict().items())[::5]:
        mean, deviation = float(value.double().mean()), float(value.double().std(unbiased=False))
        if not key.startswith(classifier) and (value.numel() >= 20000 or deviation == 0):
            result[key] = [float(f"{mean:.3g}"), float(f"{deviation:.3g}")]
    return result


def row(name, tag):
    row = timm.get_pretrained_cfg(f"{name}.{tag}")
    network = timm.create_model(name)
    return {"features": network.num_features, "pooled_features": network.head_hidden_size,
            "input_size": row.input_size[-1], "mean": row.mean, "std": row.std, "interpolation": row.interpolation,
            "crop": row.crop_pct, "first_conv": row.first_conv, "classifier": row.classifier,
            "source": row.hf_hub_id, "license": row.license}


if __name__ == "__main__":
    torch.manual_seed(0)
    networks.write("convolutional.json", {
        "networks": {name: logits(name) for name in (*WEIGHTS, *WD)},
        "gradients": {name: gradients(name) for name in SMALL},
        "fresh": {name: fresh(name) for name in SMALL},
        "rows": {name: row(name, tag) for name, tag in WEIGHTS.items()}
                | {name: row(name, "tv_in1k") for name in networks.RESNETS}})
