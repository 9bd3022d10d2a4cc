"""Writes the weights files of tests/golden/weights: python tests/oracles/weights.py

Every value follows a formula that tests/weights/support.hpp has too, so that no file of expectations is needed.
"""

import argparse
import collections
import io
import os
import pathlib
import pickle
import zipfile

import numpy
import safetensors
import safetensors.torch
import torch

FOLDER = pathlib.Path(__file__).parent.parent / "golden" / "weights"


def values(seed, shape, dtype=torch.float32):
    """Element i is ((37 i + 11 seed) % 101 - 50) / 8 for floats, without the / 8 for integers, % 101 for uint8."""
    count = int(numpy.prod(shape, dtype=int))
    raw = (torch.arange(count) * 37 + seed * 11) % 101
    if dtype == torch.bool:
        raw = raw % 2
    elif dtype.is_floating_point:
        raw = (raw - 50).double() / 8
    elif dtype != torch.uint8:
        raw = raw - 50
    return raw.to(dtype).reshape(shape)


def every_type():
    return collections.OrderedDict(
        [
            ("float32", values(1, (2, 3, 4))),
            ("float64", values(2, (5,), torch.float64)),
            ("float16", values(3, (3, 3), torch.float16)),
            ("bfloat16", values(4, (7,), torch.bfloat16)),
            ("int64", values(5, (2, 2), torch.int64)),
            ("int32", values(6, (3,), torch.int32)),
            ("int16", values(7, (3,), torch.int16)),
            ("int8", values(8, (5,), torch.int8)),
            ("uint8", values(9, (3, 1), torch.uint8)),
            ("bool", values(10, (5,), torch.bool)),
            ("scalar", values(11, ())),
            ("num_batches_tracked", values(12, (), torch.int64)),
            ("empty", values(13, (0, 3))),
            ("ключ.weight", values(14, (2,))),
        ]
    )


def odd_layouts():
    """What one finds in state dicts beside plain tensors; the values are those of a contiguous tensor."""
    whole = values(20, (6, 4))
    return collections.OrderedDict(
        [
            ("transposed", values(21, (4, 3)).t().contiguous().t()),
            ("channels_last", values(22, (2, 3, 2, 2)).to(memory_format=torch.channels_last)),
            ("shared", whole),
            ("shared.rows", whole[2:4]),
            ("shared.columns", whole[:, 1:3]),
            ("shared.stepped", whole.flatten()[1::5]),
            ("expanded", values(23, (1, 3)).expand(4, 3)),
            ("parameter", torch.nn.Parameter(values(24, (3, 2)))),
            ("parameter.bfloat16", torch.nn.Parameter(values(25, (2,), torch.bfloat16), requires_grad=False)),
            ("one.stride", torch.as_strided(values(26, (3,)), (1, 3), (999, 1))),
        ]
    )


def checkpoint():
    model = torch.nn.Linear(3, 2)
    with torch.no_grad():
        model.weight.copy_(values(30, (2, 3)))
        model.bias.copy_(values(31, (2,)))
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-4)
    scheduler = torch.optim.lr_scheduler.MultiStepLR(optimizer, [3, 5])
    state = {key: value.clone() for key, value in model.state_dict().items()}
    model(torch.ones(1, 3)).sum().backward()
    optimizer.step()
    return {
        "epoch": 3,
        "arch": "linear",
        "best_acc1": torch.tensor(0.5),
        "nothing": None,
        "flags": [True, False, 2.5, -1, 1 << 40, 1 << 80, (1, "a")],
        "state_dict": collections.OrderedDict((f"module.{key}", value) for key, value in state.items()),
        "optimizer": optimizer.state_dict(),
        "scheduler": scheduler.state_dict(),
        "shape": model.weight.shape,
        "device": torch.device("cpu"),
        "dtype": torch.float16,
    }


def timm_checkpoint():
    """What timm.utils.CheckpointSaver of timm 1.0 writes, its optimizer's state left out."""
    return {
        "epoch": 4,
        "arch": "resnet18",
        "state_dict": collections.OrderedDict(w=values(50, (2,))),
        "optimizer": {"state": collections.defaultdict(dict), "param_groups": [{"lr": numpy.float64(0.1)}]},
        "version": 2,
        "args": argparse.Namespace(model="resnet18", opt="sgd", output=pathlib.PurePosixPath("out"), mean=(0.5, 0.5)),
        "amp_scaler": {"scale": 65536.0, "growth_factor": 2.0},
        "state_dict_ema": collections.OrderedDict(w=values(51, (2,))),
        "metric": numpy.float64(71.5),
    }


class Evil:
    def __reduce__(self):
        return os.system, ("touch /tmp/tagger-was-here",)


def save(name, content, **options):
    torch.save(content, FOLDER / name, **options)


def big_endian(source, target):
    """The file as a big-endian machine would have written it: the storages swapped by their elements' size."""
    sizes = {}

    class Sizes(pickle.Unpickler):
        def persistent_load(self, identity):
            _, storage, key, _, _ = identity
            sizes[key] = torch.empty(0, dtype=storage.dtype).element_size()
            return torch.storage.TypedStorage(dtype=storage.dtype)

        def find_class(self, module, name):
            return (lambda *_: None) if name.startswith("_rebuild") else super().find_class(module, name)

    with zipfile.ZipFile(FOLDER / source) as old, zipfile.ZipFile(FOLDER / target, "w") as new:
        root = old.namelist()[0].split("/")[0]
        Sizes(io.BytesIO(old.read(f"{root}/data.pkl"))).load()
        for name in old.namelist():
            content = old.read(name)
            if name == f"{root}/byteorder":
                content = b"big"
            elif name.startswith(f"{root}/data/"):
                size = sizes[name.rsplit("/", 1)[1]]
                content = numpy.frombuffer(content, f"V{size}").view(numpy.uint8).reshape(-1, size)[:, ::-1].tobytes()
            new.writestr(zipfile.ZipInfo(name), content)


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    safetensors.torch.save_file(every_type(), FOLDER / "types.safetensors", {"format": "pt", "note": 'a "note"'})
    (FOLDER / "none.safetensors").write_bytes(safetensors.torch.save({}))
    save("types.pth", every_type())
    save("types_legacy.pth", every_type(), _use_new_zipfile_serialization=False)
    save("types_protocol4.pth", every_type(), pickle_protocol=4)
    save("types_legacy_protocol4.pth", every_type(), _use_new_zipfile_serialization=False, pickle_protocol=4)
    big_endian("types.pth", "types_big_endian.pth")
    for key, value in torch.load(FOLDER / "types_big_endian.pth", weights_only=True).items():
        assert torch.equal(value, every_type()[key]), key
    save("layouts.pth", odd_layouts())
    save("layouts_legacy.pth", odd_layouts(), _use_new_zipfile_serialization=False)
    save("checkpoint.pth", checkpoint())
    save("checkpoint_legacy.pth", checkpoint(), _use_new_zipfile_serialization=False)
    save("ema.pth", {"model": {"w": values(40, (2,))}, "model_ema": {"module": {"x": 1}, "w": values(41, (2,))}})
    save("timm_checkpoint.pth.tar", timm_checkpoint())
    save("timm_checkpoint_legacy.pth.tar", timm_checkpoint(), _use_new_zipfile_serialization=False)
    save("nested.pth", {"epoch": 1, "model": {"state_dict": {"w": values(42, (2,))}}})
    save("no_tensors.pth", {"epoch": 1, "config": {"a": "b"}})
    save("list.pth", [values(43, (2,))])
    save("evil.pth", {"state_dict": {"w": values(44, (2,))}, "evil": Evil()})
    save("evil_legacy.pth", {"w": values(44, (2,)), "evil": Evil()}, _use_new_zipfile_serialization=False)
    save("numpy.pth", {"w": values(45, (2,)), "scale": numpy.ones(2)})
    save("module.pth", torch.nn.Linear(2, 2))
    torch.jit.script(torch.nn.Linear(2, 2)).save(FOLDER / "torchscript.pt")
    with open(FOLDER / "plain.pickle", "wb") as file:
        pickle.dump({"w": [1.0, 2.0]}, file, protocol=2)
    (FOLDER / "VERSIONS").write_text(
        f"tests/oracles/weights.py: torch {torch.__version__}, safetensors {safetensors.__version__}, "
        f"numpy {numpy.__version__}\n"
    )


if __name__ == "__main__":
    main()
