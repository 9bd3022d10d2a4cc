"""How others name the tensors of our networks: python tests/oracles/weight_layouts.py

Writes tests/golden/weights/layouts.json: for each layout the names and shapes of a tiny network of that source, and of
which of them timm's tensors consist, one after the other along the first axis. That this is right is proved here: timm's
network with the tensors so made gives the same logits, or timm's own conversion makes the same tensors. Needs
transformers 4.57 besides the other oracles.
"""

import json
import pathlib
import re

import timm
import torch
import torchvision
import transformers
from timm.models import convnext, swin_transformer, vision_transformer
from torchvision.models.convnext import CNBlockConfig

GOLDEN = pathlib.Path(__file__).parent.parent / "golden" / "weights" / "layouts.json"
CLASSES = 3


def shuffle(network):
    """Random values in every parameter and buffer of floats, so that no two tensors are alike."""
    torch.manual_seed(7)
    with torch.no_grad():
        for value in network.state_dict().values():
            if value.is_floating_point():
                value.uniform_(-0.5, 0.5)
    return network.eval()


def timm_vit(**options):
    return vision_transformer.VisionTransformer(
        img_size=32, patch_size=16, embed_dim=8, depth=2, num_heads=2, mlp_ratio=2, num_classes=CLASSES, **options)


def timm_swin():
    return swin_transformer.SwinTransformer(
        img_size=64, window_size=2, embed_dim=4, depths=(1, 2, 1, 1), num_heads=(1, 2, 2, 2), mlp_ratio=2,
        num_classes=CLASSES)


def timm_convnext(**options):
    return convnext.ConvNeXt(depths=(1, 2, 1, 1), dims=(4, 8, 8, 8), num_classes=CLASSES, **options)


def torchvision_vit():
    network = torchvision.models.VisionTransformer(32, 16, 2, 2, 8, 16, num_classes=CLASSES)

    def source(name):
        name = re.sub(r"^blocks\.(\d+)\.", r"encoder.layers.encoder_layer_\1.", name)
        for ours, theirs in (("cls_token", "class_token"), ("pos_embed", "encoder.pos_embedding"),
                             ("patch_embed.proj", "conv_proj"), ("norm1", "ln_1"), ("norm2", "ln_2"),
                             ("attn.qkv.", "self_attention.in_proj_"), ("attn.proj", "self_attention.out_proj"),
                             ("mlp.fc1", "mlp.0"), ("mlp.fc2", "mlp.3")):
            name = name.replace(ours, theirs)
        return [re.sub(r"^norm\.", "encoder.ln.", re.sub(r"^head\.", "heads.head.", name))]

    return network, timm_vit(), source, lambda network, images: network(images)


def torchvision_convnext():
    network = torchvision.models.ConvNeXt(
        [CNBlockConfig(4, 8, 1), CNBlockConfig(8, 8, 2), CNBlockConfig(8, 8, 1), CNBlockConfig(8, None, 1)],
        num_classes=CLASSES)

    def source(name):
        name = re.sub(r"^stages\.(\d+)\.blocks\.", lambda m: f"features.{2 * int(m[1]) + 1}.", name)
        name = re.sub(r"^stages\.(\d+)\.downsample\.", lambda m: f"features.{2 * int(m[1])}.", name)
        name = name.replace("stem.", "features.0.").replace("head.norm", "classifier.0").replace("head.fc", "classifier.2")
        for ours, theirs in (("gamma", "layer_scale"), ("conv_dw", "block.0"), ("mlp.fc1", "block.3"),
                             ("mlp.fc2", "block.5"), (".norm.", ".block.2.")):
            name = name.replace(ours, theirs)
        return [name]

    return network, timm_convnext(), source, lambda network, images: network(images)


def torchvision_swin():
    network = torchvision.models.SwinTransformer([4, 4], 4, [1, 2, 1, 1], [1, 2, 2, 2], [2, 2], 2.0,
                                                 num_classes=CLASSES)

    def source(name):
        name = re.sub(r"^layers\.(\d+)\.blocks\.", lambda m: f"features.{2 * int(m[1]) + 1}.", name)
        name = re.sub(r"^layers\.(\d+)\.downsample\.", lambda m: f"features.{2 * int(m[1])}.", name)
        name = name.replace("patch_embed.proj", "features.0.0").replace("patch_embed.norm", "features.0.2")
        return [name.replace("head.fc", "head").replace("mlp.fc1", "mlp.0").replace("mlp.fc2", "mlp.3")]

    return network, timm_swin(), source, lambda network, images: network(images)


def split_qkv(name, attention):
    return [name.replace("attn.qkv", f"{attention}.{each}") for each in ("query", "key", "value")]


def transformers_vit():
    network = transformers.ViTForImageClassification(transformers.ViTConfig(
        hidden_size=8, num_hidden_layers=2, num_attention_heads=2, intermediate_size=16, image_size=32, patch_size=16,
        layer_norm_eps=1e-6, num_labels=CLASSES))

    def source(name):
        name = re.sub(r"^blocks\.(\d+)\.", r"vit.encoder.layer.\1.", name)
        name = re.sub(r"^norm\.", "vit.layernorm.", re.sub(r"^head\.", "classifier.", name))
        for ours, theirs in (("cls_token", "vit.embeddings.cls_token"), ("pos_embed", "vit.embeddings.position_embeddings"),
                             ("patch_embed.proj", "vit.embeddings.patch_embeddings.projection"),
                             ("norm1", "layernorm_before"), ("norm2", "layernorm_after"),
                             ("attn.proj", "attention.output.dense"), ("mlp.fc1", "intermediate.dense"),
                             ("mlp.fc2", "output.dense")):
            name = name.replace(ours, theirs)
        return split_qkv(name, "attention.attention") if "attn.qkv" in name else [name]

    return network, timm_vit(), source, lambda network, images: network(images).logits


def transformers_dinov2():
    network = transformers.Dinov2Model(transformers.Dinov2Config(
        hidden_size=8, num_hidden_layers=2, num_attention_heads=2, mlp_ratio=2, image_size=32, patch_size=16,
        layer_norm_eps=1e-6))

    def source(name):
        name = re.sub(r"^blocks\.(\d+)\.", r"encoder.layer.\1.", name)
        name = re.sub(r"^norm\.", "layernorm.", re.sub(r"ls(\d)\.gamma", r"layer_scale\1.lambda1", name))
        for ours, theirs in (("cls_token", "embeddings.cls_token"), ("pos_embed", "embeddings.position_embeddings"),
                             ("patch_embed.proj", "embeddings.patch_embeddings.projection"),
                             ("attn.proj", "attention.output.dense")):
            name = name.replace(ours, theirs)
        return split_qkv(name, "attention.attention") if "attn.qkv" in name else [name]

    ours = timm_vit(init_values=1.0)
    ours.reset_classifier(0)
    return network, ours, source, lambda network, images: network(images).last_hidden_state[:, 0]


def entry(network, ours, source, logits):
    theirs = shuffle(network).state_dict()
    parts = {name: source(name) for name in ours.state_dict()}
    made = {name: torch.cat([theirs[each] for each in parts[name]]).reshape(value.shape)
            for name, value in ours.state_dict().items()}
    ours.load_state_dict(made)
    images = torch.rand(2, 3, *((64, 64) if hasattr(ours, "layers") else (32, 32)))
    with torch.no_grad():
        torch.testing.assert_close(ours.eval()(images), logits(network, images), rtol=1e-5, atol=1e-6)
    return {"names": {name: list(value.shape) for name, value in theirs.items()}, "parts": parts}


def entry_by_timm(theirs, ours, convert):
    """Each tensor of timm's conversion is found again among theirs by its values."""
    torch.manual_seed(7)
    theirs = {name: torch.rand(shape) for name, shape in theirs.items()}
    made = convert(dict(theirs), ours)
    ours.load_state_dict(made)
    parts = {}
    for name, value in made.items():
        same = [each for each, other in theirs.items() if torch.equal(other.flatten(), value.flatten())]
        assert len(same) == 1, (name, same)
        parts[name] = same
    return {"names": {name: list(value.shape) for name, value in theirs.items()}, "parts": parts}


def facebook_convnext(use_grn):
    """Names and shapes as https://github.com/facebookresearch/ConvNeXt and ConvNeXt-V2 have them."""
    names = {}
    dims = (3, 4, 8, 8, 8)
    for stage, depth in enumerate((1, 2, 1, 1)):
        old, dim = dims[stage:stage + 2]
        conv, norm, size = ("0", "1", 4) if stage == 0 else ("1", "0", 2)
        names[f"downsample_layers.{stage}.{conv}.weight"] = (dim, old, size, size)
        names[f"downsample_layers.{stage}.{conv}.bias"] = (dim,)
        for each in ("weight", "bias"):
            names[f"downsample_layers.{stage}.{norm}.{each}"] = (dim,) if stage == 0 else (old,)
        for block in range(depth):
            start = f"stages.{stage}.{block}."
            names |= {f"{start}dwconv.weight": (dim, 1, 7, 7), f"{start}dwconv.bias": (dim,),
                      f"{start}norm.weight": (dim,), f"{start}norm.bias": (dim,),
                      f"{start}pwconv1.weight": (4 * dim, dim), f"{start}pwconv1.bias": (4 * dim,),
                      f"{start}pwconv2.weight": (dim, 4 * dim), f"{start}pwconv2.bias": (dim,)}
            names |= ({f"{start}grn.gamma": (1, 1, 1, 4 * dim), f"{start}grn.beta": (1, 1, 1, 4 * dim)} if use_grn else
                      {f"{start}gamma": (dim,)})
    names |= {"norm.weight": (8,), "norm.bias": (8,), "head.weight": (CLASSES, 8), "head.bias": (CLASSES,)}
    ours = timm_convnext(use_grn=use_grn, ls_init_value=None) if use_grn else timm_convnext()
    return entry_by_timm(names, ours, convnext.checkpoint_filter_fn)


def microsoft_swin():
    """Names and shapes as https://github.com/microsoft/Swin-Transformer has them: a stage ends in its downsampling."""
    ours = timm_swin()
    names = {}
    for name, value in ours.state_dict().items():
        name = re.sub(r"^layers\.(\d)\.downsample", lambda m: f"layers.{int(m[1]) - 1}.downsample", name)
        names[name.replace("head.fc", "head")] = tuple(value.shape)
        if name.endswith("relative_position_bias_table"):
            names[name.replace("bias_table", "index")] = (4, 4)
    names["layers.1.blocks.1.attn_mask"] = (4, 4, 4)
    return entry_by_timm(names, ours, swin_transformer.checkpoint_filter_fn)


def main():
    layouts = {
        "torchvision's ViT": entry(*torchvision_vit()),
        "torchvision's ConvNeXt": entry(*torchvision_convnext()),
        "torchvision's Swin": entry(*torchvision_swin()),
        "Hugging Face's ViT": entry(*transformers_vit()),
        "Hugging Face's DINOv2": entry(*transformers_dinov2()),
        "Facebook's ConvNeXt": facebook_convnext(use_grn=False),
        "Facebook's ConvNeXt V2": facebook_convnext(use_grn=True),
        "Microsoft's Swin": microsoft_swin(),
    }
    versions = {each.__name__: each.__version__ for each in (torch, torchvision, timm, transformers)}
    text = json.dumps({"versions": versions, "layouts": layouts}, indent=1)
    text = re.sub(r"\[\s+([^][{}]*?)\s+\]", lambda row: "[" + re.sub(r"\s+", " ", row[1]) + "]", text)
    GOLDEN.write_text(text + "\n")
    for name, each in layouts.items():
        print(f"{name}: {len(each['names'])} tensors, {len(each['parts'])} of ours")


if __name__ == "__main__":
    main()
