"""Golden values of timm's transformers: python tests/oracles/transformers.py

Logits and gradients; what fresh weights are like; rows of the catalogue; weights made for one size loaded at another.
"""

import timm
import torch
from timm.layers import resample_abs_pos_embed, resize_rel_pos_bias_table
from timm.models import eva, swin_transformer, vision_transformer

import convolutional_networks
import generated
import networks

# The name, and the weights that its row of the catalogue is about.
WEIGHTS = {
    "vit_tiny_patch16_224": "augreg_in21k_ft_in1k", "vit_small_patch16_224": "augreg_in21k_ft_in1k",
    "vit_base_patch16_224": "augreg2_in21k_ft_in1k", "vit_base_patch32_224": "augreg_in21k_ft_in1k",
    "vit_large_patch16_224": "augreg_in21k_ft_in1k", "vit_base_patch16_clip_224": "laion2b_ft_in12k_in1k",
    "vit_small_patch14_dinov2": "lvd142m", "vit_base_patch14_dinov2": "lvd142m",
    "vit_small_patch14_reg4_dinov2": "lvd142m", "vit_base_patch14_reg4_dinov2": "lvd142m",
    "eva02_tiny_patch14_336": "mim_in22k_ft_in1k", "eva02_small_patch14_336": "mim_in22k_ft_in1k",
    "eva02_base_patch14_448": "mim_in22k_ft_in22k_in1k", "eva02_large_patch14_448": "mim_m38m_ft_in22k_in1k",
    "vit_small_patch16_dinov3": "lvd1689m", "vit_base_patch16_dinov3": "lvd1689m",
    "swin_tiny_patch4_window7_224": "ms_in1k", "swin_small_patch4_window7_224": "ms_in22k_ft_in1k",
    "swin_base_patch4_window7_224": "ms_in22k_ft_in1k", "swinv2_tiny_window8_256": "ms_in1k",
    "swinv2_base_window8_256": "ms_in1k"}
# What SmilingWolf's taggers make of timm's.
WD = {"wd_vit_base_patch16_448": ("vit_base_patch16_224", {"class_token": False, "global_pool": "avg", "fc_norm": False,
                                                          "act_layer": "gelu_tanh"}),
      "wd_vit_large_patch14_448": ("vit_large_patch16_224", {
          "class_token": False, "global_pool": "avg", "fc_norm": False, "act_layer": "gelu_tanh", "patch_size": 14}),
      "wd_eva02_large_patch14_448": ("eva02_large_patch14_448", {"ref_feat_shape": (32, 32)}),
      "wd_swinv2_base_window14_448": ("swinv2_base_window8_256", {"window_size": 14, "act_layer": "gelu_tanh"})}
# One of each family.
SMALL = ("vit_tiny_patch16_224", "vit_small_patch14_reg4_dinov2", "eva02_tiny_patch14_336", "vit_small_patch16_dinov3",
         "swin_tiny_patch4_window7_224", "swinv2_tiny_window8_256")
FILTERS = {"vit": vision_transformer.checkpoint_filter_fn, "eva": eva.checkpoint_filter_fn,
           "swi": swin_transformer.checkpoint_filter_fn}
# Made for pictures of one side, loaded for those of another: up and down, and what it does to windows of 7.
RESAMPLED = (("vit_tiny_patch16_224", 64, 96), ("vit_tiny_patch16_224", 112, 64),
             ("vit_small_patch14_reg4_dinov2", 56, 98), ("eva02_tiny_patch14_336", 56, 84),
             ("swin_tiny_patch4_window7_224", 96, 128), ("swin_tiny_patch4_window7_224", 128, 64))


def shape(name):
    """Small; for Swin maps of 24, 12, 6 and 3 pixels, which are padded to windows, and windows of 7, 7, 6 and 3."""
    if name.startswith("swin"):
        return (2, 3, 96, 96)
    if name.endswith("dinov3"):  # takes any multiple of 16
        return (2, 3, 64, 48)
    side = 32 if "large" in name else 64
    return (2, 3, side, side) if "patch14" not in name else (2, 3, side // 8 * 7, side // 8 * 7)


def create(name, side, **options):
    base, arguments = WD.get(name, (name, {}))
    if not name.endswith("dinov3"):
        arguments = arguments | {"img_size": side}
    return timm.create_model(base, num_classes=networks.LABELS, **arguments, **options)


def logits(name):
    pictures = shape(name)
    return {"pictures": list(pictures)} | networks.entry(networks.fill(create(name, pictures[-2])), pictures)


def gradients(name):
    """Norms of some gradients of the mean of squared logits, without dropout, in float64."""
    network = networks.fill(create(name, shape(name)[-2])).double()
    network(networks.images(shape(name)).double()).square().mean().backward()
    return {key: float(parameter.grad.norm()) for key, parameter in list(network.named_parameters())[::7]}


def resampled(name, side, other):
    """Logits at `other` of weights that were made for `side`."""
    network = create(name, other).eval()
    network.load_state_dict(FILTERS[name[:3]](networks.fill(create(name, side)).state_dict(), network))
    return {"name": name, "side": side, "other": other} | networks.entry(network, (2, 3, other, other))


def functions():
    """Samples of what timm makes of (1, prefix + 49, 5) and of (169, 3)."""
    positions = torch.from_numpy(generated.tensor("images", (1, 1 + 49, 5)))
    table = torch.from_numpy(generated.tensor("images", (169, 3)))
    return {"positions": {str(side): networks.sample(resample_abs_pos_embed(positions, [side, side], num_prefix_tokens=1))
                          for side in (4, 11)},
            "offsets": {str(window): networks.sample(
                resize_rel_pos_bias_table(table, (window, window), ((2 * window - 1)**2, 3))) for window in (3, 8, 12)}}


if __name__ == "__main__":
    torch.manual_seed(0)
    networks.write("transformers.json", {
        "networks": {name: logits(name) for name in (*WEIGHTS, *WD)},
        "gradients": {name: gradients(name) for name in SMALL},
        "fresh": {name: convolutional_networks.fresh(name) for name in SMALL},
        "rows": {name: convolutional_networks.row(name, tag) for name, tag in WEIGHTS.items()},
        "resampled": [resampled(*each) for each in RESAMPLED],
        "functions": functions()})
