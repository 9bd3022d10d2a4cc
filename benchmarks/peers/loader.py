#!/usr/bin/env python3
"""Images per second of torchvision's pipeline on the pictures of benchmarks/loader.cpp: Pillow and the tutorial's
training transforms, in the calling process (0 workers) or in a DataLoader's.

    python loader.py --images DIR [--workers 0] [--passes 3] [--size 256]
"""
import argparse
import os
import time

import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms

MEAN, STD = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]


class Pictures(Dataset):
    def __init__(self, folder, size):
        self.paths = sorted(os.path.join(folder, name) for name in os.listdir(folder))
        self.transform = transforms.Compose([
            transforms.Resize((size, size)), transforms.RandomHorizontalFlip(), transforms.ColorJitter(),
            transforms.RandomAffine(degrees=20, translate=(.2, .2), scale=(.5, 1.5),
                                    fill=tuple(int(m * 255) for m in MEAN)),
            transforms.ToTensor(), transforms.Normalize(MEAN, STD)])

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        return self.transform(Image.open(self.paths[index]).convert("RGB"))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", required=True)
    parser.add_argument("--workers", type=int, default=0)
    parser.add_argument("--passes", type=int, default=3)
    parser.add_argument("--size", type=int, default=256)
    args = parser.parse_args()
    torch.set_num_threads(1)
    dataset, best = Pictures(args.images, args.size), 0
    for _ in range(args.passes):
        start = time.perf_counter()
        for _ in DataLoader(dataset, batch_size=32, shuffle=True, num_workers=args.workers):
            pass
        best = max(best, len(dataset) / (time.perf_counter() - start))
    print(f"torchvision, {args.workers} workers: {best:.1f} images/s")


if __name__ == "__main__":
    main()
