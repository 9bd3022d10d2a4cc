"""Golden logits and gradients of every head: python tests/oracles/heads.py

ML-Decoder by timm; the others from the papers, in float64, of torch's own transformer parts where there are any. Weights
and features by generated.py, so that the golden file holds outputs alone. No dropout anywhere.
"""

import json
import math
import pathlib
import re
import sys

import numpy
import timm
import torch
from timm.layers.ml_decoder import MLDecoder
from torch import nn
from torch.nn import functional

import generated

GOLDEN = pathlib.Path(__file__).parent.parent / "golden" / "heads"
PICTURES, CHANNELS, ROWS, COLUMNS, LABELS = 3, 32, 4, 6, 7
VECTORS, HIDDEN = 5, 12  # of the label graph


def places(values):
    return values.flatten(2).transpose(1, 2)


class Linear(nn.Module):
    def __init__(self, pooling):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(LABELS, CHANNELS))
        self.bias = nn.Parameter(torch.zeros(LABELS))
        self.pooling = pooling
        if pooling == "gem":
            self.p = nn.Parameter(torch.full((1,), 3.0))

    def forward(self, values):
        if self.pooling == "max":
            pooled = functional.adaptive_max_pool2d(values, 1)
        elif self.pooling == "gem":
            pooled = functional.adaptive_avg_pool2d(values.clamp(min=1e-6) ** self.p, 1) ** (1 / self.p)
        else:
            pooled = functional.adaptive_avg_pool2d(values, 1)
        return functional.linear(pooled.flatten(1), self.weight, self.bias)


class Csra(nn.Module):
    TEMPERATURES = {1: [1], 2: [1, None], 4: [1, 2, 4, None], 6: [1, 2, 3, 4, 5, None], 8: [1, 2, 3, 4, 5, 6, 7, None]}

    def __init__(self, heads, weight_of_attention):
        super().__init__()
        self.temperatures, self.weight_of_attention = self.TEMPERATURES[heads], weight_of_attention
        self.multi_head = nn.ModuleList(
            nn.ModuleDict({"head": nn.Conv2d(CHANNELS, LABELS, 1, bias=False)}) for _ in range(heads))

    def forward(self, values):
        x = values.flatten(2)
        logits = 0
        for head, temperature in zip(self.multi_head, self.temperatures):
            weight = functional.normalize(head["head"].weight.flatten(1), dim=1)
            scores = torch.einsum("kd,ndl->nkl", weight, x)
            if temperature is None:
                feature = x[:, None].expand(-1, LABELS, -1, -1).gather(
                    3, scores.argmax(2)[:, :, None, None].expand(-1, -1, CHANNELS, 1))[..., 0]
            else:  # as the paper has it: features weighed by attention, then classified
                feature = torch.einsum("nkl,ndl->nkd", torch.softmax(temperature * scores, 2), x)
            feature = x.mean(2)[:, None] + self.weight_of_attention * feature
            logits = logits + torch.einsum("kd,nkd->nk", weight, feature)
        return logits


class Stack(nn.Module):
    """Layers one after the other: torch's TransformerDecoder has come to ask for what timm's layer does not have."""

    def __init__(self, layers):
        super().__init__()
        self.layers = layers

    def forward(self, target, memory):
        for layer in self.layers:
            target = layer(target, memory)
        return target


class MlDecoder(nn.Module):
    """timm's, whose parameters the authors' code has one level deeper."""

    def __init__(self, groups, width):
        super().__init__()
        self.decoder = MLDecoder(LABELS, num_of_groups=groups, decoder_embedding=width, initial_num_features=CHANNELS)
        self.decoder.decoder = Stack(self.decoder.decoder.layers)

    def forward(self, values):
        return self.decoder(values)

    @staticmethod
    def key(name):
        return name.replace("decoder.decoder.", "decoder.")


class Query2Label(nn.Module):
    HEADS = 4

    def __init__(self, width, encoders, decoders, self_attention):
        super().__init__()
        hidden = 4 * width
        attention = lambda: nn.MultiheadAttention(width, self.HEADS, batch_first=True)
        feed_forward = lambda: {"linear1": nn.Linear(width, hidden), "linear2": nn.Linear(hidden, width)}
        norms = lambda *names: {name: nn.LayerNorm(width) for name in names}
        encoder = lambda: nn.ModuleDict({"self_attn": attention(), **feed_forward(), **norms("norm1", "norm2")})
        decoder = lambda: nn.ModuleDict(
            {"multihead_attn": attention(), **feed_forward(), **norms("norm2", "norm3"),
             **({"self_attn": attention(), **norms("norm1")} if self_attention else {})})
        stack = lambda make, count: nn.ModuleList(make() for _ in range(count))
        self.transformer = nn.ModuleDict({
            "encoder": nn.ModuleDict({"layers": stack(encoder, encoders)}),
            "decoder": nn.ModuleDict({"layers": stack(decoder, decoders), "norm": nn.LayerNorm(width)})})
        if width != CHANNELS:
            self.input_proj = nn.Conv2d(CHANNELS, width, 1)
        self.query_embed = nn.Embedding(LABELS, width)
        self.fc = nn.ParameterDict({"W": torch.zeros(1, LABELS, width), "b": torch.zeros(1, LABELS)})
        self.width, self.placed = width, True

    def positions(self):
        """Element by element, as DETR's paper words it: sines and cosines of row and column, each in half of the width."""
        half = self.width // 2
        table = numpy.zeros((ROWS, COLUMNS, self.width))
        for row in range(ROWS):
            for column in range(COLUMNS):
                for part, (place, count) in enumerate(((row, ROWS), (column, COLUMNS))):
                    at = (place + 1) / (count + 1e-6) * 2 * math.pi
                    for i in range(half):
                        angle = at / 10000 ** (2 * (i // 2) / half)
                        table[row, column, part * half + i] = math.cos(angle) if i % 2 else math.sin(angle)
        return torch.from_numpy(table.reshape(1, ROWS * COLUMNS, self.width))

    def forward(self, values):
        x = places(self.input_proj(values) if hasattr(self, "input_proj") else values)
        position = self.positions() if self.placed else torch.zeros(1, 1, self.width, dtype=torch.float64)
        add = lambda layer, norm, x, more: layer[norm](x + more)
        transform = lambda layer, x: layer["linear2"](functional.relu(layer["linear1"](x)))
        for layer in self.transformer["encoder"]["layers"]:
            x = add(layer, "norm1", x, layer["self_attn"](x + position, x + position, x)[0])
            x = add(layer, "norm2", x, transform(layer, x))
        queries = self.query_embed.weight[None].expand(len(x), -1, -1)
        h = torch.zeros_like(queries)
        for layer in self.transformer["decoder"]["layers"]:
            if "self_attn" in layer:
                h = add(layer, "norm1", h, layer["self_attn"](h + queries, h + queries, h)[0])
            h = add(layer, "norm2", h, layer["multihead_attn"](h + queries, x + position, x)[0])
            h = add(layer, "norm3", h, transform(layer, h))
        h = self.transformer["decoder"]["norm"](h)
        return torch.stack([h[:, k] @ self.fc["W"][0, k] + self.fc["b"][0, k] for k in range(LABELS)], 1)


def annotations():
    """Tri-state labels in which some labels go together, one is rare and one never occurs: 1 yes, 0 no, -1 unknown."""
    count = 60
    u = generated.uniform("annotations", count * LABELS).reshape(count, LABELS)
    yes = u < numpy.array([0.5, 0.1, 0.3, 0.2, 0.6, 0.05, 0])
    yes[:, 1] |= yes[:, 0] & (u[:, 1] < 0.7)
    yes[:, 3] |= yes[:, 2] & (u[:, 3] < 0.5)
    unknown = generated.uniform("unknown", count * LABELS).reshape(count, LABELS) < 0.15
    return numpy.where(unknown, -1, yes.astype(int))


def label_graph(targets, threshold=0.4, share=0.2):
    """Equations 6 to 8 of the paper, where unknown labels are no evidence, and the normalisation of equation 3."""
    joined = numpy.zeros((LABELS, LABELS))
    for i in range(LABELS):
        for j in range(LABELS):
            known = targets[(targets[:, i] == 1) & (targets[:, j] != -1), j]
            joined[i, j] = i != j and len(known) > 0 and known.mean() >= threshold
    weighed = numpy.eye(LABELS) * (1 - share)
    for i in range(LABELS):
        if joined[i].sum() > 0:
            weighed[i] += share * joined[i] / joined[i].sum()
    scale = numpy.diag(weighed.sum(1) ** -0.5)
    return scale @ weighed @ scale


class MlGcn(nn.Module):
    def __init__(self, graph):
        super().__init__()
        self.vectors = nn.Parameter(torch.zeros(LABELS, VECTORS))
        self.gc1 = nn.ParameterDict({"weight": torch.zeros(VECTORS, HIDDEN)})
        self.gc2 = nn.ParameterDict({"weight": torch.zeros(HIDDEN, CHANNELS)})
        self.graph = torch.from_numpy(graph)

    def forward(self, values):
        hidden = functional.leaky_relu(self.graph @ self.vectors @ self.gc1["weight"], 0.2)
        classifier = self.graph @ hidden @ self.gc2["weight"]
        return functional.adaptive_max_pool2d(values, 1).flatten(1) @ classifier.T


def entry(head):
    key = getattr(head, "key", lambda name: name)
    with torch.no_grad():
        for name, parameter in head.named_parameters():
            if key(name) != "p":  # an exponent begins where it begins
                parameter.copy_(torch.from_numpy(generated.tensor(key(name), tuple(parameter.shape))))
    head = head.double().eval()
    values = torch.from_numpy(generated.tensor("images", (PICTURES, CHANNELS, ROWS, COLUMNS))).double()
    targets = generated.uniform("targets", PICTURES * LABELS).reshape(PICTURES, LABELS) < 0.4
    logits = head(values)
    loss = nn.BCEWithLogitsLoss()(logits, torch.from_numpy(targets).double())
    loss.backward()
    print(f"{loss.item():.4f}", "spread of logits", f"{logits.std().item():.3g}")
    return {"logits": logits.tolist(), "loss": loss.item(), "gradients": {
        key(name): sample(parameter.grad) for name, parameter in head.named_parameters() if parameter.requires_grad}}


def sample(values):
    """A tensor in short: its norm, and five elements from all over it."""
    flat = values.flatten()
    return {"norm": float(flat.norm()), "values": [float(flat[i * (len(flat) - 1) // 4]) for i in range(5)]}


def miil_names():
    """What the files of ML-Decoder call the tensors of its TResNet-M, by timm's names, as timm itself translates them."""
    ours = timm.create_model("tresnet_m", num_classes=LABELS).state_dict()
    names = {}
    for name in ours:
        if name.startswith("head.") or name.endswith("num_batches_tracked"):
            continue
        halving = re.match(r"body\.layer(2\.0\.conv1|[34]\.0\.conv2)\.", name)  # two modules: this, then the blur
        names[name] = re.sub(r"(conv\d|downsample\.\d)\.(conv|bn)\.", lambda match: (
            f"{match[1]}.{'0.' if halving else ''}{'0' if match[2] == 'conv' else '1'}."), name)
    translated = timm.models.tresnet.checkpoint_filter_fn({theirs: -ours[name] for name, theirs in names.items()}, None)
    assert set(translated) == set(names)
    for name, value in translated.items():
        expected = ours[name].abs() + 1e-5 if name.endswith("bn.weight") else -ours[name]
        assert torch.equal(value, expected), name
    return names


def main():
    GOLDEN.mkdir(parents=True, exist_ok=True)
    targets = annotations()
    graph = label_graph(targets)
    cases = {
        "linear:pooling=average": Linear("average"),
        "linear:pooling=max": Linear("max"),
        "linear:pooling=gem": Linear("gem"),
        "csra": Csra(1, 0.1),
        **{f"csra:heads={heads}:lambda=0.4": Csra(heads, 0.4) for heads in (2, 4, 6, 8)},
        "ml_decoder:width=24": MlDecoder(-1, 24),
        "ml_decoder:groups=3:width=24": MlDecoder(3, 24),
        "query2label": Query2Label(CHANNELS, 1, 2, False),
        "query2label:width=24:encoder_layers=0:decoder_layers=3:self_attention=true": Query2Label(24, 0, 3, True),
        "ml_gcn:vector_size=5:hidden=12": MlGcn(graph),
    }
    result = {name: entry(head) for name, head in cases.items()}
    on_tokens = {}  # which know their places by themselves
    for name in (name for name in cases if name.startswith("query2label")):
        cases[name].placed = False
        on_tokens[name] = entry(cases[name])["logits"]
    versions = {"python": sys.version.split()[0], "torch": torch.__version__, "timm": timm.__version__}
    text = json.dumps({"versions": versions, "heads": result, "on_tokens": on_tokens,
                       "label_graph": {"targets": targets.tolist(), "values": graph.tolist()},
                       "miil_tresnet_m": miil_names()}, indent=1)
    text = re.sub(r"\[\s+([^][{}]*?)\s+\]", lambda row: "[" + re.sub(r"\s+", " ", row[1]) + "]", text)
    (GOLDEN / "heads.json").write_text(text + "\n")
    print("joined:", (graph > 0).sum() - LABELS, "edges;", len(text), "bytes")


if __name__ == "__main__":
    main()
