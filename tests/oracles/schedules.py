"""Golden learning rates of schedules by torch and timm: python tests/oracles/schedules.py"""

import json
import pathlib
import re
import sys
import warnings

import timm
import torch
from timm.scheduler.wsd_lr import WSDLRScheduler
from torch.optim import lr_scheduler

GOLDEN = pathlib.Path(__file__).parent.parent / "golden" / "schedule"
# Scores that rise, stall for long, rise by too little to count, and fall.
SCORES = [0.1, 0.3, 0.31, 0.31, 0.31002, 0.3, 0.29, 0.31, 0.3, 0.4, 0.39, 0.38, 0.37, 0.4, 0.3, 0.3, 0.3, 0.3, 0.5, 0.1,
          0.1, 0.1, 0.1, 0.1]


def optimizer():
    return torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0, momentum=0.5)


def by_step(make, steps):
    """Rates and momenta before each step."""
    sgd = optimizer()
    schedule = make(sgd)
    rates, momenta = [], []
    for _ in range(steps):
        rates.append(sgd.param_groups[0]["lr"])
        momenta.append(sgd.param_groups[0]["momentum"])
        sgd.step()
        schedule.step()
    return rates, momenta


def case(text, steps, make, *, warmup=0, steps_per_epoch=1, momentum=False):
    def warmed(sgd):
        if not warmup:
            return make(sgd)
        return lr_scheduler.SequentialLR(
            sgd, [lr_scheduler.LinearLR(sgd, start_factor=0.01, total_iters=warmup), make(sgd)], milestones=[warmup])
    rates, momenta = by_step(warmed, steps)
    result = {"schedule": text, "steps": steps, "steps_per_epoch": steps_per_epoch, "warmup": warmup, "rates": rates}
    if momentum:
        result["momenta"] = momenta
    return result


def plateau(text, **options):
    """The rate after each score."""
    sgd = optimizer()
    schedule = lr_scheduler.ReduceLROnPlateau(sgd, mode="max", **options)
    rates = []
    for score in SCORES:
        schedule.step(score)
        rates.append(sgd.param_groups[0]["lr"])
    return {"schedule": text, "rates": rates}


def wsd(text, steps, **options):
    sgd = optimizer()
    schedule = WSDLRScheduler(sgd, t_initial=steps, t_in_epochs=False, **options)
    rates = []
    for step in range(steps):
        schedule.step_update(step)
        rates.append(sgd.param_groups[0]["lr"])
    return {"schedule": text, "steps": steps, "steps_per_epoch": 1, "warmup": 0, "rates": rates}


def write(name, value):
    versions = {"python": sys.version.split()[0], "torch": torch.__version__, "timm": timm.__version__}
    text = json.dumps({"versions": versions, **value}, indent=1)
    text = re.sub(r"\[\s+([^][{}]*?)\s+\]", lambda row: "[" + re.sub(r"\s+", " ", row[1]) + "]", text)
    (GOLDEN / name).write_text(text + "\n")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    GOLDEN.mkdir(parents=True, exist_ok=True)
    cosine = lambda steps, **options: lambda sgd: lr_scheduler.CosineAnnealingLR(sgd, steps, **options)
    cycle = lambda steps, **options: lambda sgd: lr_scheduler.OneCycleLR(sgd, max_lr=1.0, total_steps=steps, **options)
    write("rates.json", {
        "by_step": [
            case("constant", 5, lambda sgd: lr_scheduler.ConstantLR(sgd, factor=1.0)),
            case("constant", 9, lambda sgd: lr_scheduler.ConstantLR(sgd, factor=1.0), warmup=4),
            case("cosine", 17, cosine(17)),
            case("cosine:end=0.05", 20, cosine(20, eta_min=0.05)),
            case("cosine:end=0.05", 20, cosine(15, eta_min=0.05), warmup=5),
            case("one_cycle", 40, cycle(40), momentum=True),
            case("one_cycle:rise=0.2:divisor=10:end_divisor=100:low_momentum=0.7:high_momentum=0.9", 33,
                 cycle(33, pct_start=0.2, div_factor=10, final_div_factor=100, base_momentum=0.7, max_momentum=0.9),
                 momentum=True),
            case("one_cycle:rise=0:cycle_momentum=false", 6, cycle(6, pct_start=0.0, cycle_momentum=False)),
            case("step:epochs=2:factor=0.5", 20, lambda sgd: lr_scheduler.StepLR(sgd, step_size=6, gamma=0.5),
                 steps_per_epoch=3),
            case("step:epochs=1", 12, lambda sgd: lr_scheduler.StepLR(sgd, step_size=3), steps_per_epoch=3, warmup=2),
            wsd("warmup_stable_decay", 25, decay_t=5),
            wsd("warmup_stable_decay:decay=0.4:exponent=1:end=0.1", 20, decay_t=8, decay_fn="linear", lr_min=0.1),
            wsd("warmup_stable_decay:decay=1:exponent=2", 10, decay_t=10, decay_fn="power", decay_power=2.0),
        ],
        "scores": SCORES,
        "by_score": [
            plateau("plateau:patience=2", patience=2),
            plateau("plateau:factor=0.5:patience=1:cooldown=2:least=0.2", factor=0.5, patience=1, cooldown=2, min_lr=0.2),
            plateau("plateau:patience=0:factor=0.9:threshold=0.05", patience=0, factor=0.9, threshold=0.05),
        ],
    })
