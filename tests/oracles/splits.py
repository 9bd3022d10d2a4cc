"""Golden measures of splits by iterative-stratification and scikit-multilearn: python tests/oracles/splits.py"""

import importlib.metadata
import json
import pathlib
import warnings

import numpy as np
from iterstrat.ml_stratifiers import IterativeStratification as Iterstrat
from sklearn.utils import check_random_state
from skmultilearn.model_selection import IterativeStratification

warnings.filterwarnings("ignore")
GOLDEN = pathlib.Path(__file__).parent.parent / "golden" / "split"
SEEDS = 10
SHARES = [[5, 1], [1, 1, 1, 1, 1]]


def pictures(count, labels, seed, mean):
    """(N, K): labels with a long tail that come in topics; every twentieth picture has none."""
    generator = np.random.default_rng(seed)
    popularity = 1 / np.arange(1, labels + 1)
    topics = 0.6 * generator.dirichlet(np.full(labels, 0.1), 20) + 0.4 * popularity / popularity.sum()
    targets = np.zeros((count, labels), int)
    for row in targets:
        if generator.random() > 0.05:
            row[generator.choice(labels, generator.poisson(mean), p=topics[generator.integers(20)])] = 1
    return targets


def measures(targets, parts, shares):
    """LD, LPD and ED of the papers; labels and pairs that no picture has are left out."""
    shares = np.array(shares) / np.sum(shares)
    sizes = np.bincount(parts, minlength=len(shares))
    together = targets.T @ targets
    of_part = [targets[parts == part].T @ targets[parts == part] for part in range(len(shares))]

    def distance(pick):
        total = pick(together)
        there = total > 0
        odds = [pick(counts)[there] / np.maximum(size - pick(counts)[there], 1)
                for counts, size in zip(of_part + [together], [*sizes, len(targets)])]
        return float(np.mean([np.abs(each - odds[-1]) for each in odds[:-1]]))

    upper = np.triu_indices(targets.shape[1], 1)
    return {"label_distribution": distance(np.diag), "pair_distribution": distance(lambda matrix: matrix[upper]),
            "examples_distribution": float(np.mean(np.abs(sizes - shares * len(targets))))}


def by_iterstrat(targets, shares, seed):
    return Iterstrat(labels=targets, r=np.array(shares) / np.sum(shares), random_state=check_random_state(seed))


def by_skmultilearn(order):
    def split(targets, shares, seed):
        shuffled = np.random.default_rng(seed).permutation(len(targets))
        np.random.seed(seed)
        folds = IterativeStratification(n_splits=len(shares), order=order,
                                        sample_distribution_per_fold=list(np.array(shares) / np.sum(shares)))
        parts = np.empty(len(targets), int)
        for part, (_, test) in enumerate(folds.split(np.zeros((len(targets), 1)), targets[shuffled])):
            parts[shuffled[test]] = part
        return parts

    return split


def main():
    sets = []
    for targets in (pictures(1200, 27, 1, 2.5), pictures(800, 81, 2, 2.0), pictures(500, 14, 3, 4.0)):
        splits = []
        for shares in SHARES:
            for order, peer, split in ((1, "iterative-stratification", by_iterstrat),
                                       (1, "scikit-multilearn", by_skmultilearn(1)),
                                       (2, "scikit-multilearn", by_skmultilearn(2))):
                each = [measures(targets, split(targets, shares, seed), shares) for seed in range(SEEDS)]
                splits.append({"peer": peer, "order": order, "shares": shares,
                               "mean": {name: float(np.mean([one[name] for one in each])) for name in each[0]}})
        parts = np.random.default_rng(4).integers(3, size=len(targets))
        sets.append({"labels": targets.shape[1], "splits": splits,
                     "pictures": [" ".join(map(str, np.flatnonzero(row))) for row in targets],
                     "parts": "".join(map(str, parts)), "measures": measures(targets, parts, [2, 1, 1])})
    versions = {name: importlib.metadata.version(name)
                for name in ("iterative-stratification", "scikit-multilearn", "scikit-learn", "numpy")}
    GOLDEN.mkdir(parents=True, exist_ok=True)
    (GOLDEN / "stratified.json").write_text(json.dumps({"made_by": versions, "seeds": SEEDS, "sets": sets}, indent=0))


if __name__ == "__main__":
    main()
