#!/usr/bin/env python3
"""Training steps of ResNeXt50 on a GPU in PyTorch, without a loader, to hold benchmarks/training --device cuda against.

The same batch again and again, in page-locked memory: copied, both passes, fused Adam, the loss read at each step.

    python step.py --precision bfloat16 --batch-size 32
"""
import argparse
import time

import torch
import torchvision

parser = argparse.ArgumentParser(description=__doc__.split("\n")[0], allow_abbrev=False)
parser.add_argument("--size", type=int, default=256)
parser.add_argument("--batch-size", type=int, default=32)
parser.add_argument("--steps", type=int, default=60)
parser.add_argument("--precision", choices=("float32", "bfloat16"), default="bfloat16")
parser.add_argument("--deterministic", action="store_true", help="algorithms that give the same bits each time")
options = parser.parse_args()

torch.backends.cudnn.allow_tf32 = False  # float32 is to be float32
torch.backends.cudnn.deterministic = options.deterministic
torch.backends.cudnn.benchmark = not options.deterministic
shape = (options.batch_size, 3, options.size, options.size)
pictures = torch.randn(shape).contiguous(memory_format=torch.channels_last).pin_memory()
targets = (torch.rand(options.batch_size, 27) < 0.1).float().pin_memory()
model = torchvision.models.resnext50_32x4d(num_classes=27).cuda().to(memory_format=torch.channels_last).train()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-4, fused=True)
warm = 10
for step in range(warm + options.steps):
    if step == warm:
        torch.cuda.synchronize()
        begin = time.perf_counter()
    optimizer.zero_grad()
    with torch.autocast("cuda", dtype=torch.bfloat16, enabled=options.precision == "bfloat16"):
        logits = model(pictures.cuda(non_blocking=True))
    loss = torch.nn.functional.binary_cross_entropy_with_logits(logits.float(), targets.cuda(non_blocking=True))
    loss.backward()
    optimizer.step()
    loss.item()
torch.cuda.synchronize()
print(f"{options.precision}, batch {options.batch_size}: "
      f"{options.batch_size * options.steps / (time.perf_counter() - begin):.0f} images/s")
