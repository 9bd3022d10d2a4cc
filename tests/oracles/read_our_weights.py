"""Reads with Python what tagger wrote: python tests/oracles/read_our_weights.py [[--golden] RUN...]

Without arguments the files tests/golden/weights/ours.*, with arguments these run folders. With --golden the runs are
those that tests/weights/models_test.cpp writes (TAGGER_WRITE_RUNS=DIR weights_models_test), and what timm made of them,
config.json and logits for seeded pictures, goes to tests/golden/weights/runs.json for that test to compare with.
"""

import json
import pathlib
import sys
import zipfile

import safetensors
import safetensors.torch
import torch

import generated
from weights import FOLDER, every_type


def check(found, what):
    expected = every_type()
    assert set(found) == set(expected), what
    for key, value in expected.items():
        assert found[key].dtype == value.dtype and found[key].shape == value.shape, (what, key)
        assert torch.equal(found[key], value), (what, key)
        assert found[key].is_contiguous(), (what, key)
    print(f"{what}: {len(found)} tensors as they should be")


def check_run(run):
    # [run]
    import safetensors.torch, timm

    state = safetensors.torch.load_file(f"{run}/model.safetensors")
    model = timm.create_model(f"local-dir:{run}", pretrained=True)  # for the networks that timm has, which are all of ours
    # [run]
    config = json.load(open(f"{run}/config.json"))
    found = model.state_dict()
    assert set(found) == set(state), set(found) ^ set(state)
    for key, value in state.items():
        assert torch.equal(found[key], value), (run, key)
    assert list(model.pretrained_cfg["label_names"]) == config["label_names"]
    if (pathlib.Path(run) / "model.pth").exists():
        for key, value in torch.load(f"{run}/model.pth", weights_only=True).items():
            assert torch.equal(found[key], value), (run, key)
    size = config["pretrained_cfg"]["input_size"]
    with torch.no_grad():
        logits = model.eval()(torch.from_numpy(generated.tensor("images", (2, *size))))
    assert logits.shape == (2, len(config["label_names"]))
    print(f"{run}: timm {timm.__version__} opens {config['architecture']} with {len(state)} tensors as they should be")
    config.pop("tagger")
    return config["architecture"], {"config": config, "logits": logits.tolist()}


def check_files():
    check(safetensors.torch.load_file(FOLDER / "ours.safetensors"), "safetensors.torch.load_file")
    with safetensors.safe_open(FOLDER / "ours.safetensors", "pt") as file:
        assert file.metadata()["format"] == "pt"
    for options in ({"weights_only": True}, {"weights_only": False}, {"weights_only": True, "mmap": True}):
        found = torch.load(FOLDER / "ours.pth", **options)
        assert list(found) == list(every_type())
        check(found, f"torch.load {options}")
    assert zipfile.ZipFile(FOLDER / "ours.pth").testzip() is None
    line = f"tests/oracles/read_our_weights.py read ours.*: torch {torch.__version__}, safetensors {safetensors.__version__}\n"
    versions = FOLDER / "VERSIONS"
    kept = [each for each in versions.read_text().splitlines(True) if "read_our_weights" not in each]
    versions.write_text("".join(kept) + line)


def write_golden(runs):
    import timm

    versions = {"timm": timm.__version__, "torch": torch.__version__}
    (FOLDER / "runs.json").write_text(json.dumps({"versions": versions, "runs": dict(runs)}, indent=1) + "\n")


if __name__ == "__main__":
    runs = [check_run(run) for run in sys.argv[1:] if run != "--golden"]
    if "--golden" in sys.argv:
        write_golden(runs)
    if len(sys.argv) == 1:
        check_files()
