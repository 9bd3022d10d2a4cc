#!/usr/bin/env python3
"""The published recipe in Python, to hold tagger against: multi-label tagging of NUS-WIDE with PyTorch.

Without --tuned it works as the tutorial was written: pictures through Pillow and torchvision's transforms in a DataLoader,
BCELoss on a sigmoid, Adam, scikit-learn's nine metrics of every training batch to TensorBoard, the whole test set every
200 iterations. --tuned is what somebody who knows PyTorch makes of it: threads set, freed memory kept by malloc,
channels_last, bfloat16 autocast, no metrics of training batches.

    python tutorial.py --annotations train.json --validation test.json --images DIR --network resnet18 --size 64 \
        --weights RUN/model.safetensors --epochs 3 --seed 1 --json result.json

--weights takes the file that `tagger train --epochs 0` leaves, so that both sides start from the same numbers.
Needs torch, torchvision, scikit-learn, Pillow, tensorboard, safetensors, and timm for tf_efficientnet_lite*.
"""
import argparse
import ctypes
import json
import os
import sys
import tempfile
import time

import numpy as np
import torch
import torchvision
from PIL import Image, ImageFile
from sklearn.metrics import f1_score, precision_score, recall_score
from torch import nn
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms

IMAGENET = ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
TENSORFLOW = ([127 / 255] * 3, [128 / 255] * 3)  # of the EfficientNet-Lite weights


class Pictures(Dataset):
    """Annotated pictures; None for one that cannot be read."""

    def __init__(self, images, annotations, transform, limit=None):
        with open(annotations) as file:
            content = json.load(file)
        self.labels = content["labels"]
        self.samples = content["samples"][:limit]
        self.targets = [np.array([label in sample["image_labels"] for label in self.labels], dtype=float)
                        for sample in self.samples]
        self.images = images
        self.transform = transform

    def __len__(self):
        return len(self.samples)

    def __getitem__(self, index):
        path = os.path.join(self.images, self.samples[index]["image_name"])
        try:
            picture = over_white(Image.open(path))
        except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
            print(f"{path}: {error}", file=sys.stderr)
            return None
        return self.transform(picture), self.targets[index]


def over_white(picture):
    """RGB; what is transparent becomes white. The tutorial's photographs are RGB to begin with."""
    if picture.mode == "RGB" and "transparency" not in picture.info:
        return picture.convert("RGB")
    picture = picture.convert("RGBA")
    white = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(white, picture).convert("RGB")


def collate(items):
    items = [item for item in items if item is not None]
    if not items:
        return None
    return torch.utils.data.default_collate(items)


class Network(nn.Module):
    """A backbone with Dropout and Linear in place of its classifier, and a sigmoid."""

    def __init__(self, name, labels, dropout, frozen):
        super().__init__()
        self.lite = name.startswith("tf_efficientnet_lite")
        if self.lite:
            import timm
            self.base_model = timm.create_model(name, num_classes=labels, drop_rate=dropout)
            head = self.base_model.classifier
        else:
            self.base_model = getattr(torchvision.models, name)()
            head = nn.Sequential(nn.Dropout(dropout), nn.Linear(self.base_model.fc.in_features, labels))
            self.base_model.fc = head
        self.sigm = nn.Sigmoid()
        self.frozen = frozen
        if frozen:
            self.base_model.requires_grad_(False)
            head.requires_grad_(True)

    def train(self, mode=True):
        super().train(mode)
        if mode and self.frozen:  # batch normalisation goes by what it has learnt
            for module in self.base_model.modules():
                if isinstance(module, nn.BatchNorm2d):
                    module.eval()
        return self

    def forward(self, pictures):
        return self.sigm(self.base_model(pictures).float())

    def load(self, path):
        """All but a classifier of other labels. Fails on any other missing, unexpected or mis-shaped weight."""
        if path.endswith(".safetensors"):
            from safetensors.torch import load_file
            state = load_file(path)
        else:
            state = torch.load(path, weights_only=True)
        if not self.lite:
            state = {key.replace("fc.", "fc.1.", 1) if key.startswith("fc.") else key: value
                     for key, value in state.items()}
        own = self.base_model.state_dict()
        head = {key for key in own if key.startswith(("fc.", "classifier."))}
        state.update({key: own[key] for key in head if key not in state or state[key].shape != own[key].shape})
        state.update({key: own[key] for key in own if key.endswith("num_batches_tracked") and key not in state})
        self.base_model.load_state_dict(state)


def calculate_metrics(scores, targets, threshold=0.5):
    predictions = np.array(scores > threshold, dtype=float)
    return {f"{average}/{name}": float(score(y_true=targets, y_pred=predictions, average=average, zero_division=0))
            for average in ("micro", "macro", "samples")
            for name, score in (("precision", precision_score), ("recall", recall_score), ("f1", f1_score))}


def keep_freed_memory():
    """glibc's mallopt: no mmap for large blocks, no return of memory to the system."""
    libc = ctypes.CDLL("libc.so.6")
    libc.mallopt(-4, 0)  # M_MMAP_MAX
    libc.mallopt(-1, 2**31 - 1)  # M_TRIM_THRESHOLD


def test(model, loader, autocast, memory_format, device):
    model.eval()
    scores, targets = [], []
    with torch.no_grad():
        for batch in loader:
            if batch is None:
                continue
            pictures = batch[0].contiguous(memory_format=memory_format).to(device)
            with autocast():
                scores.append(model(pictures).cpu().numpy())
            targets.append(batch[1].cpu().numpy())
    model.train()
    return calculate_metrics(np.concatenate(scores), np.concatenate(targets))


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0], allow_abbrev=False)
    parser.add_argument("--annotations", required=True)
    parser.add_argument("--validation", required=True)
    parser.add_argument("--images", required=True)
    parser.add_argument("--network", default="resnext50_32x4d", help="a ResNet of torchvision's, or tf_efficientnet_lite0...4")
    parser.add_argument("--weights", help="initial weights, .safetensors or .pth; without: random ones")
    parser.add_argument("--freeze-backbone", action="store_true", help="train the classifier alone")
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("--epochs", type=int, default=35)
    parser.add_argument("--steps", type=int, help="stop after this many, to measure the speed")
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--learning-rate", type=float, default=1e-4)
    parser.add_argument("--dropout", type=float, default=0.2)
    parser.add_argument("--test-frequency", type=int, default=200, help="iterations; 0: after the last epoch alone")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--threads", type=int, default=os.cpu_count(), help="of the tuned run")
    parser.add_argument("--seed", type=int, default=2020)
    parser.add_argument("--limit", type=int, help="take the first pictures only")
    parser.add_argument("--no-augmentation", action="store_true")
    parser.add_argument("--tuned", action="store_true")
    parser.add_argument("--device", default="cpu", help="cpu, cuda or cuda:N")
    parser.add_argument("--precision", choices=("float32", "bfloat16"), help="default: bfloat16 when tuned")
    parser.add_argument("--json", help="write the result here, too")
    return parser.parse_args()


def main():
    options = parse_arguments()
    precision = options.precision or ("bfloat16" if options.tuned else "float32")
    torch.manual_seed(options.seed)
    np.random.seed(options.seed)
    memory_format = torch.channels_last if options.tuned else torch.contiguous_format
    if options.tuned:
        keep_freed_memory()
        torch.set_num_threads(options.threads)

    device = torch.device(options.device)
    torch.backends.cudnn.allow_tf32 = False  # float32 is to be float32
    torch.backends.cudnn.benchmark = options.tuned

    def autocast():
        return torch.autocast(device.type, dtype=torch.bfloat16, enabled=precision == "bfloat16")

    mean, std = TENSORFLOW if options.network.startswith("tf_efficientnet_lite") else IMAGENET
    plain = [transforms.Resize((options.size, options.size)), transforms.ToTensor(), transforms.Normalize(mean, std)]
    augmented = [plain[0], transforms.RandomHorizontalFlip(), transforms.ColorJitter(),
                 transforms.RandomAffine(degrees=20, translate=(0.2, 0.2), scale=(0.5, 1.5),
                                         fill=tuple(int(value * 255) for value in mean)), *plain[1:]]
    train_set = Pictures(options.images, options.annotations,
                         transforms.Compose(plain if options.no_augmentation else augmented), options.limit)
    test_set = Pictures(options.images, options.validation, transforms.Compose(plain), options.limit)
    assert train_set.labels == test_set.labels, "the two files have other labels, or another order of them"
    loading = {"num_workers": options.workers, "collate_fn": collate,
               "persistent_workers": options.tuned and options.workers > 0,
               "pin_memory": options.tuned and device.type == "cuda"}
    train_loader = DataLoader(train_set, batch_size=options.batch_size, shuffle=True, drop_last=True, **loading)
    test_loader = DataLoader(test_set, batch_size=options.batch_size, **loading)

    model = Network(options.network, len(train_set.labels), options.dropout, options.freeze_backbone)
    if options.weights:
        model.load(options.weights)
    model.to(device, memory_format=memory_format)
    model.train()
    optimizer = torch.optim.Adam([p for p in model.parameters() if p.requires_grad], lr=options.learning_rate,
                                 fused=options.tuned and device.type == "cuda" or None)
    criterion = nn.BCELoss()

    logger = None
    if not options.tuned:
        from torch.utils.tensorboard import SummaryWriter
        folder = tempfile.TemporaryDirectory()
        logger = SummaryWriter(folder.name)

    step = 0
    testing = 0.0
    marks = []  # the time at the end of each training step, evaluation taken out
    begin = time.perf_counter()
    result = None
    for epoch in range(1, options.epochs + 1):
        losses = []
        for batch in train_loader:
            if batch is None:
                continue
            pictures = batch[0].contiguous(memory_format=memory_format).to(device, non_blocking=True)
            targets = batch[1].to(device, torch.float32)
            optimizer.zero_grad()
            with autocast():
                scores = model(pictures)
            loss = criterion(scores, targets)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            if logger:
                logger.add_scalar("train_loss", losses[-1], step)
                with torch.no_grad():
                    for name, value in calculate_metrics(scores.cpu().numpy(), targets.cpu().numpy()).items():
                        logger.add_scalar("train/" + name, value, step)
            step += 1
            marks.append((time.perf_counter() - begin - testing, len(pictures)))
            if options.test_frequency and step % options.test_frequency == 0:
                start = time.perf_counter()
                result = test(model, test_loader, autocast, memory_format, device)
                testing += time.perf_counter() - start
                if logger:
                    for name, value in result.items():
                        logger.add_scalar("test/" + name, value, step)
                print(f"epoch {epoch} iteration {step}: micro f1 {result['micro/f1']:.3f} macro f1 "
                      f"{result['macro/f1']:.3f} samples f1 {result['samples/f1']:.3f}", file=sys.stderr)
            if options.steps and step == options.steps:
                break
        print(f"epoch {epoch}: mean loss {np.mean(losses):.4f}", file=sys.stderr)
        if options.steps and step == options.steps:
            break
    if not options.steps:
        start = time.perf_counter()
        result = test(model, test_loader, autocast, memory_format, device)
        testing += time.perf_counter() - start

    warm = min(3, len(marks) - 1)  # steps in which memory is first allocated and kernels are chosen
    pictures = sum(count for _, count in marks[warm + 1:])
    seconds = marks[-1][0] - marks[warm][0]
    outcome = {"program": "tutorial.py" + (" --tuned" if options.tuned else ""), "network": options.network,
               "size": options.size, "batch_size": options.batch_size, "precision": precision, "device": options.device,
               "threads": torch.get_num_threads(), "workers": options.workers, "seed": options.seed,
               "frozen": options.freeze_backbone, "steps": step,
               "images_per_second": pictures / seconds if seconds > 0 else None,
               "train_seconds": marks[-1][0], "test_seconds": testing, "metrics": result,
               "versions": {"torch": torch.__version__, "torchvision": torchvision.__version__}}
    text = json.dumps(outcome, indent=1)
    print(text)
    if options.json:
        with open(options.json, "w") as file:
            file.write(text + "\n")


if __name__ == "__main__":
    Image.MAX_IMAGE_PIXELS = 178_956_970 // 2  # twice this is refused, as tagger does
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    main()
