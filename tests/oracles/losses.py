"""Golden values and gradients of every loss: python tests/oracles/losses.py

The definitions below are the papers', label by label in float64, with autograd for the gradients. Where torch,
torchvision or timm (in float64) has the loss, the script first checks that it gives the same number. Two training
sets: one calls labels unknown, the other lists labels and leaves the rest open. Losses with a memory go through four
epochs of three batches.
"""

import json
import math
import pathlib

import numpy
import timm
import timm.loss
import torch
import torch.nn.functional as F
import torchvision
from torchvision.ops import sigmoid_focal_loss

PICTURES, LABELS, BATCH = 12, 5, 6
log, exp = torch.log, torch.exp
UNKNOWN = -1


def logistic(x):
    return 1 / (1 + exp(-x))


def nll(x):
    """-log of the logistic function"""
    return torch.clamp(-x, min=0) + log(1 + exp(-abs(x)))


class Batch:
    """Rows of a training set, or mixtures of two rows each."""

    def __init__(self, train, pictures, logits, mixed_with=None):
        self.train, self.pictures, self.logits = train, pictures, logits
        rows = train[pictures]
        self.y = torch.tensor((rows == 1).astype(float))
        self.known = torch.tensor(rows != UNKNOWN)
        self.mixed = mixed_with is not None
        if self.mixed:
            other = train[mixed_with]
            self.y = .7 * self.y + .3 * torch.tensor((other == 1).astype(float))
            self.known = self.known & torch.tensor(other != UNKNOWN)
            self.y = self.y * self.known
        self.lists = not (train == UNKNOWN).any()  # nothing is called unknown: what is not listed is unobserved

    def unobserved(self, n, k):
        return self.y[n, k] == 0 if self.lists else not self.known[n, k]

    def cells(self):
        return [(n, k) for n in range(len(self.logits)) for k in range(LABELS)]

    def known_cells(self):
        return [(n, k) for n, k in self.cells() if self.known[n, k]]


def over_known(batch, x, yes, no, reduction="mean"):
    """Of each known label y yes(x) + (1 - y) no(x)."""
    costs = [batch.y[n, k] * yes(x[n, k]) + (1 - batch.y[n, k]) * no(x[n, k]) for n, k in batch.known_cells()]
    return sum(costs) / (len(costs) if reduction == "mean" else 1)


def binary_cross_entropy(batch, x, smoothing=0, weights=None):
    total = 0
    for n, k in batch.known_cells():
        y = batch.y[n, k] * (1 - smoothing) + smoothing / 2
        total += (1 if weights is None else weights[k]) * y * nll(x[n, k]) + (1 - y) * nll(-x[n, k])
    return total / len(batch.known_cells())


def capped_weights(train, cap):
    weights = []
    for k in range(LABELS):
        yes, no = (train[:, k] == 1).sum(), (train[:, k] == 0).sum()
        weights.append(min(no / yes, cap) if yes else cap)
    return weights


def focal(batch, x, gamma=2, alpha=.25):
    a, b = (1, 1) if alpha is None else (alpha, 1 - alpha)
    return over_known(batch, x, lambda t: a * (1 - logistic(t))**gamma * nll(t),
                      lambda t: b * logistic(t)**gamma * nll(-t))


def asymmetric(batch, x, negative=4, positive=1, clip=.05, gradient=True, reduction="sum"):
    weight = (lambda w: w) if gradient else (lambda w: w.detach())
    shifted = lambda t: torch.clamp(logistic(t) - clip, min=0)
    return over_known(batch, x, lambda t: -weight((1 - logistic(t))**positive) * log(logistic(t)),
                      lambda t: -weight(shifted(t)**negative) * log(1 - shifted(t)), reduction)


def two_way(batch, x, tp=4, tn=1):
    def of(cells):
        yes = sum(batch.y[c] * exp(-x[c] / tp) for c in cells)
        no = sum((1 - batch.y[c]) * exp(x[c] / tn) for c in cells)
        return log(1 + no**tn * yes**tp)

    def mean(lines):
        lines = [[c for c in line if batch.known[c]] for line in lines]
        lines = [line for line in lines if any(batch.y[c] > 0 for c in line)]
        return sum(of(line) for line in lines) / len(lines)

    rows = range(len(x))
    return mean([[(n, k) for k in range(LABELS)] for n in rows]) + mean([[(n, k) for n in rows] for k in range(LABELS)])


def of_pictures(batch, x, cost):
    """Mean over pictures with a known label of cost([(y, x)] of the known)."""
    pictures = [[(batch.y[n, k], x[n, k]) for k in range(LABELS) if batch.known[n, k]] for n in range(len(x))]
    pictures = [each for each in pictures if each]
    return sum(cost(each) for each in pictures) / len(pictures)


def zlpr(batch, x):
    return of_pictures(batch, x, lambda labels: log(1 + sum((1 - y) * exp(t) for y, t in labels)) +
                       log(1 + sum(y * exp(-t) for y, t in labels)))


def pairwise(batch, x):
    return of_pictures(batch, x, lambda labels: log(1 + sum(
        (1 - yv) * yu * exp(v - u) for yv, v in labels for yu, u in labels)))


def softmax_cross_entropy(batch, x):
    total = pictures = 0
    for n in range(len(x)):
        if batch.y[n].sum() == 0:
            continue
        pictures += 1
        normal = log(sum(exp(x[n, k]) for k in range(LABELS) if batch.known[n, k]))
        total += sum(batch.y[n, k] / max(batch.y[n].sum(), 1) * (normal - x[n, k]) for k in range(LABELS))
    return total / pictures


def distribution_balanced(batch, x, alpha=.1, beta=10., mu=.2, scale=2., kappa=.05, gamma=2, balance=2.):
    known = (batch.train != UNKNOWN).sum(0)
    n_of = numpy.clip((batch.train == 1).sum(0), 1, known - 1)
    prior = n_of / known
    total = 0
    for n, k in batch.known_cells():
        of_class = 1 / n_of[k]
        of_picture = sum(batch.y[n, i].item() / n_of[i] for i in range(LABELS))
        r = alpha + (1 / (1 + math.exp(-beta * (of_class / of_picture - mu))) if of_picture else 1)
        bias = -kappa * -math.log(1 / prior[k] - 1)  # paper: kappa times the initial bias, taken off the logit
        z = x[n, k] - bias / scale
        yes = (1 - logistic(z))**gamma * nll(z)
        no = logistic(scale * z)**gamma * nll(-scale * z) / scale
        total += balance * r * (batch.y[n, k] * yes + (1 - batch.y[n, k]) * no)
    return total / len(batch.known_cells())


def poly1(batch, x, epsilon=2, gamma=0):
    p = logistic
    return over_known(batch, x, lambda t: -(1 - p(t))**gamma * log(p(t)) + epsilon * (1 - p(t))**(gamma + 1),
                      lambda t: -p(t)**gamma * log(1 - p(t)) + epsilon * p(t)**(gamma + 1))


def hill(batch, x, lam=1.5, margin=1, gamma=2, reduction="sum"):
    pm = lambda t: logistic(t - margin)
    return over_known(batch, x, lambda t: -(1 - pm(t))**gamma * log(pm(t)),
                      lambda t: (lam - logistic(t)) * logistic(t)**2, reduction)


def splc(batch, x, epoch, tau=.6, change=1, margin=1, gamma=2, reduction="sum"):
    p = logistic
    yes = lambda t: -(1 - p(t))**gamma * log(p(t))
    no = lambda t: yes(t) if epoch > change and p(t) > tau else -p(t)**gamma * log(1 - p(t))
    return over_known(batch, x, lambda t: yes(t - margin), no, reduction)


def partial_binary_cross_entropy(batch, x, alpha=-4.45, beta=5.45, gamma=1):
    def cost(labels):
        share = len(labels) / LABELS
        return (alpha * share**gamma + beta) / LABELS * sum(y * nll(t) + (1 - y) * nll(-t) for y, t in labels)
    return of_pictures(batch, x, cost)


def selective_asymmetric(batch, x, mode="selective", positive=0, negative=1, unobserved=2, clip=0., weights=(1, 1, 1),
                         top=5, threshold=.05):
    open_cells = [c for c in batch.cells() if batch.unobserved(*c)]
    ranked = sorted(open_cells, key=lambda c: -x[c].item())
    likely = set(ranked[:round(top * len(x))])
    prior = (batch.train == 1).sum(0) / (batch.train != UNKNOWN).sum(0)
    for k in range(LABELS):  # a label without a no that somebody has seen
        prior[k] *= not batch.lists and (batch.train[:, k] == 0).any()
    total = 0
    for n, k in batch.cells():
        t = x[n, k]
        shifted = torch.clamp(logistic(t) - clip, min=0)
        no = lambda gamma, weight: weight * (shifted**gamma).detach() * -log(1 - shifted)
        if batch.unobserved(n, k):
            left_out = {"ignore": True, "negative": False,
                        "selective": (n, k) in likely or (threshold > 0 and prior[k] > threshold)}[mode]
            total += 0 if left_out else no(unobserved, weights[2])
        else:
            yes = weights[0] * ((1 - logistic(t))**positive).detach() * nll(t)
            total += batch.y[n, k] * yes + (1 - batch.y[n, k]) * no(negative, weights[1])
    return total


def weak_negative(batch, x):
    total = 0
    for n, k in batch.cells():
        share = LABELS - 1 if batch.unobserved(n, k) else 1
        total += batch.y[n, k] * nll(x[n, k]) + (1 - batch.y[n, k]) * nll(-x[n, k]) / share
    return total / len(batch.cells())


class LargeLoss:
    """Algorithm of section 4 of the paper."""

    def __init__(self, mode, delta):
        self.mode, self.delta, self.corrected = mode, delta, set()

    def begin_epoch(self, epoch, epochs, train):
        self.epoch = epoch

    def __call__(self, batch, x):
        rate = (min(self.epoch - 1, 1) if self.mode == "correct_permanently" else self.epoch - 1) * self.delta / 100
        is_open = lambda n, k: batch.unobserved(n, k) and (batch.pictures[n], k) not in self.corrected
        count = math.ceil(rate * len(batch.cells()))
        doubted = sorted((c for c in batch.cells() if is_open(*c)), key=lambda c: -nll(-x[c]).item())[:count]
        total = 0
        for n, k in batch.cells():
            if batch.y[n, k] == 1 or (batch.pictures[n], k) in self.corrected:
                total += nll(x[n, k])
            elif (n, k) not in doubted:
                total += nll(-x[n, k])
            elif self.mode != "reject":
                total += nll(x[n, k])
        if self.mode == "correct_permanently":
            self.corrected |= {(batch.pictures[n], k) for n, k in doubted}
        return total / len(batch.cells())


class EntropyMaximization:
    """Algorithm 1 of the paper, with the scores of the last epoch's steps."""

    def __init__(self, alpha=.1, beta=.9, share=.9, warm_up=5):
        self.alpha, self.beta, self.share, self.warm_up = alpha, beta, share, warm_up
        self.scores, self.pseudo = {}, {}

    def begin_epoch(self, epoch, epochs, train):
        if epoch <= self.warm_up or self.share == 0:
            return
        marked = (train == UNKNOWN).any()
        for k in range(LABELS):
            open_count = ((train[:, k] == UNKNOWN) if marked else (train[:, k] != 1)).sum()
            count = int(self.share * open_count / (epochs - self.warm_up))
            free = sorted((s, p) for (p, label), s in self.scores.items() if label == k and (p, k) not in self.pseudo)
            for score, picture in free[:count]:
                self.pseudo[picture, k] = score

    def __call__(self, batch, x):
        total = 0
        for n, k in batch.cells():
            key, s = (batch.pictures[n], k), logistic(x[n, k])
            if not batch.unobserved(n, k):
                total += batch.y[n, k] * nll(x[n, k]) + (1 - batch.y[n, k]) * nll(-x[n, k])
                continue
            if key in self.pseudo:
                t = self.pseudo[key]
                total += self.beta * (t * nll(x[n, k]) + (1 - t) * nll(-x[n, k]))
            else:
                total -= self.alpha * -(s * log(s) + (1 - s) * log(1 - s))
            self.scores[key] = s.item()
        return total / len(batch.cells())


def timm_says(loss, batch, x):
    """timm computes in float32: let it stay in float64."""
    to_float = torch.Tensor.float
    torch.Tensor.float = lambda tensor: tensor.double()
    try:
        return loss.double()(x, batch.y)
    finally:
        torch.Tensor.float = to_float


def check_others(batch):
    """Of hard targets that are all known, the libraries say the same."""
    x, y = batch.logits, batch.y
    weights = torch.tensor(capped_weights(batch.train, 3.))
    counts, n = (batch.train == 1).sum(0), len(batch.train)
    pairs = {
        "bce": (binary_cross_entropy(batch, x), F.binary_cross_entropy_with_logits(x, y)),
        "bce weights": (binary_cross_entropy(batch, x, weights=weights),
                        F.binary_cross_entropy_with_logits(x, y, pos_weight=weights)),
        "bce smoothing": (binary_cross_entropy(batch, x, .1), timm_says(
            timm.loss.BinaryCrossEntropy(smoothing=.1, smooth_dense=True), batch, x)),
        "weights": (weights.sum(), timm.loss.compute_class_weights(counts, n, max_weight=3.)[1].sum()),
        "focal": (focal(batch, x), sigmoid_focal_loss(x, y, reduction="mean")),
        "focal without alpha": (focal(batch, x, 1.5, None), sigmoid_focal_loss(x, y, -1, 1.5, "mean")),
        "two_way": (two_way(batch, x), timm_says(timm.loss.TwoWayLoss(), batch, x)),
        "zlpr": (zlpr(batch, x), timm_says(timm.loss.ZlprLoss(), batch, x)),
        "distribution_balanced": (distribution_balanced(batch, x), timm_says(
            timm.loss.DistributionBalancedLoss(counts, n), batch, x)),
        "poly1": (poly1(batch, x), timm_says(timm.loss.PolyBinaryCrossEntropy(), batch, x)),
        "poly1 focal": (poly1(batch, x, -1, 2), timm_says(timm.loss.PolyBinaryCrossEntropy(-1., 2.), batch, x)),
    }
    for gradient in (False, True):
        for reduction in ("sum", "mean"):
            theirs = timm.loss.AsymmetricLossMultiLabel(reduction=reduction, disable_torch_grad_focal_loss=not gradient)
            pairs[f"asymmetric {gradient} {reduction}"] = (
                asymmetric(batch, x, gradient=gradient, reduction=reduction), timm_says(theirs, batch, x))
    for name, (ours, theirs) in pairs.items():
        values = abs(ours.item() - theirs.item()) <= 1e-6 * abs(theirs.item())  # timm's buffers are float32
        slopes = True
        if ours.requires_grad:
            a, b = (torch.autograd.grad(each, x, retain_graph=True)[0] for each in (ours, theirs))
            slopes = (a - b).abs().max() <= 1e-6 * b.abs().max()
        assert values and slopes, (name, ours, theirs)


def draw(generator, rows):
    return torch.tensor(numpy.round(3 * generator.standard_normal((rows, LABELS)), 3), dtype=torch.float64)


def training_sets(generator):
    lists = (generator.random((PICTURES, LABELS)) < .35).astype(int)
    lists[:, 2] = 0
    lists[4, 2] = 1  # a rare label
    lists[6] = 0  # a picture without labels
    unknown = lists.copy()
    unknown[generator.random((PICTURES, LABELS)) < .3] = UNKNOWN
    unknown[9] = UNKNOWN  # a picture of which nothing is known
    return {"lists": lists, "unknown": unknown}


CASES = {  # text: (loss, epoch)
    "binary_cross_entropy": (binary_cross_entropy, 1),
    "binary_cross_entropy:label_smoothing=0.1": (lambda b, x: binary_cross_entropy(b, x, .1), 1),
    "binary_cross_entropy:positive_weight_cap=3":
        (lambda b, x: binary_cross_entropy(b, x, weights=capped_weights(b.train, 3)), 1),
    "focal": (focal, 1),
    "focal:gamma=1.5:alpha=-1": (lambda b, x: focal(b, x, 1.5, None), 1),
    "asymmetric": (asymmetric, 1),
    "asymmetric:focusing_gradient=false": (lambda b, x: asymmetric(b, x, gradient=False), 1),
    "asymmetric:gamma_negative=2:gamma_positive=0:clip=0:reduction=mean":
        (lambda b, x: asymmetric(b, x, 2, 0, 0, reduction="mean"), 1),
    "two_way": (two_way, 1),
    "two_way:positive_temperature=1:negative_temperature=2": (lambda b, x: two_way(b, x, 1, 2), 1),
    "zlpr": (zlpr, 1),
    "distribution_balanced": (distribution_balanced, 1),
    "distribution_balanced:mu=0.3:negative_scale=5:gamma=0:balance=1":
        (lambda b, x: distribution_balanced(b, x, mu=.3, scale=5., gamma=0, balance=1.), 1),
    "poly1": (poly1, 1),
    "poly1:epsilon=-1:gamma=2": (lambda b, x: poly1(b, x, -1, 2), 1),
    "hill": (hill, 1),
    "hill:margin=0.5:reduction=mean": (lambda b, x: hill(b, x, margin=.5, reduction="mean"), 1),
    "splc": (lambda b, x: splc(b, x, 1), 1),
    "splc:reduction=mean": (lambda b, x: splc(b, x, 2, reduction="mean"), 2),
    "partial_binary_cross_entropy": (partial_binary_cross_entropy, 1),
    "partial_binary_cross_entropy:alpha=1:beta=0:gamma=-1":
        (lambda b, x: partial_binary_cross_entropy(b, x, 1, 0, -1), 1),
    "selective_asymmetric": (selective_asymmetric, 1),
    "selective_asymmetric:mode=ignore:clip=0.05": (lambda b, x: selective_asymmetric(b, x, "ignore", clip=.05), 1),
    "selective_asymmetric:mode=negative:gamma_positive=1:gamma_negative=2:gamma_unobserved=4:alpha_unobserved=0.5":
        (lambda b, x: selective_asymmetric(b, x, "negative", 1, 2, 4, weights=(1, 1, .5)), 1),
    "selective_asymmetric:likelihood_top=1:prior_threshold=0.3":
        (lambda b, x: selective_asymmetric(b, x, top=1, threshold=.3), 1),
    "weak_negative": (weak_negative, 1),
    "softmax_cross_entropy": (softmax_cross_entropy, 1),
    "pairwise": (pairwise, 1),
    "large_loss": (binary_cross_entropy, 1),  # without pictures
    "entropy_maximization": (lambda b, x: EntropyMaximization()(b, x), 1),
    "0.5*asymmetric:clip=0+2*(hill+focal:gamma=1e+00)":
        (lambda b, x: .5 * asymmetric(b, x, clip=0) + 2 * (hill(b, x) + focal(b, x, 1)), 1),
}
MEMORIES = {
    "large_loss": lambda: LargeLoss("reject", .2),
    "large_loss:delta=7": lambda: LargeLoss("reject", 7),
    "large_loss:mode=correct:delta=7": lambda: LargeLoss("correct", 7),
    "large_loss:mode=correct_permanently:delta=7": lambda: LargeLoss("correct_permanently", 7),
    "entropy_maximization:warm_up_epochs=1": lambda: EntropyMaximization(warm_up=1),
    "entropy_maximization:alpha=0.3:beta=0.2:negative_share=0.5:warm_up_epochs=2":
        lambda: EntropyMaximization(.3, .2, .5, 2),
    "entropy_maximization:negative_share=0": lambda: EntropyMaximization(share=0),
}


def with_gradient(loss, batch):
    x = batch.logits.clone().requires_grad_()
    value = loss(batch, x)
    value.backward()
    return {"value": value.item(), "gradient": x.grad.tolist()}


def main():
    generator = numpy.random.default_rng(2024)
    trains = training_sets(generator)
    golden = {"torch": torch.__version__, "torchvision": torchvision.__version__, "timm": timm.__version__,
              "training_sets": {name: train.tolist() for name, train in trains.items()}, "batches": {}, "cases": [],
              "steps": [], "memories": []}
    batches = {}
    for name, train in trains.items():
        pictures = [6, 4, 9, 0, 11, 2]
        batches[name] = (name, Batch(train, pictures, draw(generator, BATCH)))
        batches[name + ", mixed"] = (name, Batch(train, pictures, draw(generator, BATCH), [1, 5, 0, 3, 7, 8]))
    batches["lists"][1].logits.requires_grad_()
    check_others(batches["lists"][1])
    for name, (train, batch) in batches.items():
        golden["batches"][name] = {"training_set": train, "logits": batch.logits.tolist(), "targets": batch.y.tolist(),
                                   "known": batch.known.double().tolist()}
        batch.logits = batch.logits.detach()
        for text, (loss, epoch) in CASES.items():
            if "mixed" in name and text == "large_loss":
                continue
            golden["cases"].append({"loss": text, "epoch": epoch, "batch": name, **with_gradient(loss, batch)})
    for epoch in range(1, 5):
        order = generator.permutation(PICTURES)
        for pictures in order.reshape(3, 4):
            logits = draw(generator, 4).tolist()
            golden["steps"].append({"epoch": epoch, "pictures": pictures.tolist(), "logits": logits})
    for text, make in MEMORIES.items():
        for name, train in trains.items():
            loss, seen, results = make(), 0, []
            for step in golden["steps"]:
                if step["epoch"] != seen:
                    seen = step["epoch"]
                    loss.begin_epoch(seen, 4, train)
                batch = Batch(train, step["pictures"], torch.tensor(step["logits"], dtype=torch.float64))
                results.append(with_gradient(loss, batch))
            golden["memories"].append({"loss": text, "training_set": name, "steps": results})

    shorten = lambda value: ([shorten(each) for each in value] if isinstance(value, list) else
                             {k: shorten(v) for k, v in value.items()} if isinstance(value, dict) else
                             float(f"{value:.9g}") if isinstance(value, float) else value)
    path = pathlib.Path(__file__).parents[1] / "golden/losses/losses.json"
    path.write_text(json.dumps(shorten(golden), separators=(",", ":")).replace('{"', '\n{"') + "\n")
    print(path, path.stat().st_size, "bytes,", len(golden["cases"]), "cases")


main()
