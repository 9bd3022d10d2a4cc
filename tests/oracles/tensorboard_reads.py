"""Reads the event file that tests/report/tensorboard_test.cpp must produce byte for byte, with TensorBoard's own reader.

    tensorboard_reads.py make        builds the file with TensorBoard's protocol buffers and record writer, checks what its
                                     reader sees and writes tests/golden/report/events.out.tfevents.golden
    tensorboard_reads.py read FILE   prints what TensorBoard's reader sees in FILE
"""

import io
import pathlib
import struct
import sys

import numpy
import tensorboard
import torch
from tensorboard.backend.event_processing import event_accumulator
from tensorboard.compat.proto import event_pb2, summary_pb2, tensor_pb2, tensor_shape_pb2
from tensorboard.plugins.histogram import metadata as histogram_metadata
from tensorboard.plugins.pr_curve import metadata as pr_metadata
from tensorboard.util import tensor_util
from tensorboard.summary.writer.record_writer import RecordWriter
from torch.utils.tensorboard.summary import compute_curve

GOLDEN = pathlib.Path(__file__).parent.parent / "golden" / "report"
PICTURE = bytes.fromhex(  # a PNG of 1 x 1
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c636060606000000005"
    "0001a5f645400000000049454e44ae426082"
)


# Scores and targets of one label, as the test makes them: -1 is unknown and left out.
SCORES = numpy.array([i * 37 % 97 / 96 for i in range(40)], numpy.float32)
TARGETS = numpy.array([-1 if i % 13 == 5 else int(i * i % 3 == 0) for i in range(40)])
THRESHOLDS = 9
COUNTS = [5, 0, 3, 1]  # in [0, 0.5) of a histogram from -1 to 1, ...


def pr_curve():
    known = TARGETS >= 0
    return compute_curve(TARGETS[known], SCORES[known], num_thresholds=THRESHOLDS).astype(numpy.float32)


def histogram():
    edges = numpy.linspace(-1, 1, len(COUNTS) + 1)
    return numpy.stack([edges[:-1], edges[1:], COUNTS], axis=1)


def tensor_value(tag, metadata, array, kind):
    shape = tensor_shape_pb2.TensorShapeProto(dim=[tensor_shape_pb2.TensorShapeProto.Dim(size=n) for n in array.shape])
    tensor = tensor_pb2.TensorProto(dtype=kind, tensor_shape=shape, tensor_content=array.tobytes())
    return summary_pb2.Summary(value=[summary_pb2.Summary.Value(tag=tag, metadata=metadata, tensor=tensor)])


def events():
    yield event_pb2.Event(wall_time=1600000000.25, file_version="brain.Event:2")
    point = summary_pb2.Summary.Value
    yield event_pb2.Event(
        wall_time=1600000001.5, step=1, summary=summary_pb2.Summary(value=[point(tag="train_loss", simple_value=0.6931472)])
    )
    values = [("micro/precision", 0.5), ("micro/f1", float("nan")), ("samples/f1", 1 / 3)]
    yield event_pb2.Event(
        wall_time=1600000002.5,
        step=200,
        summary=summary_pb2.Summary(value=[point(tag="test/" + name, simple_value=value) for name, value in values]),
    )
    image = summary_pb2.Summary.Image(height=1, width=1, colorspace=3, encoded_image_string=PICTURE)
    yield event_pb2.Event(
        wall_time=1600000003.5, step=1 << 40, summary=summary_pb2.Summary(value=[point(tag="picture", image=image)])
    )
    metadata = pr_metadata.create_summary_metadata(None, None, THRESHOLDS)
    yield event_pb2.Event(wall_time=1600000004.5, step=200, summary=tensor_value("test", metadata, pr_curve(), "DT_FLOAT"))
    metadata = histogram_metadata.create_summary_metadata(None, None)
    yield event_pb2.Event(
        wall_time=1600000005.5, step=200, summary=tensor_value("scores", metadata, histogram(), "DT_DOUBLE"))


def read(path):
    sizes = {"scalars": 0, "images": 0, "tensors": 0}
    accumulator = event_accumulator.EventAccumulator(str(path), size_guidance=sizes)
    accumulator.Reload()
    tags = accumulator.Tags()
    scalars = {tag: [(e.wall_time, e.step, e.value) for e in accumulator.Scalars(tag)] for tag in tags["scalars"]}
    images = {tag: [(e.step, e.width, e.height, e.encoded_image_string) for e in accumulator.Images(tag)] for tag in tags["images"]}
    tensors = {tag: [(accumulator.SummaryMetadata(tag).plugin_data, e.step, tensor_util.make_ndarray(e.tensor_proto))
                     for e in accumulator.Tensors(tag)] for tag in tags["tensors"]}
    return scalars, images, tensors


def make():
    buffer = io.BytesIO()
    writer = RecordWriter(buffer)
    for event in events():
        writer.write(event.SerializeToString())
    GOLDEN.mkdir(parents=True, exist_ok=True)
    path = GOLDEN / "events.out.tfevents.golden"
    path.write_bytes(buffer.getvalue())
    scalars, images, tensors = read(path)
    assert scalars["train_loss"] == [(1600000001.5, 1, struct.unpack("f", struct.pack("f", 0.6931472))[0])], scalars
    assert scalars["test/micro/precision"] == [(1600000002.5, 200, 0.5)], scalars
    assert str(scalars["test/micro/f1"][0][2]) == "nan", scalars
    assert images["picture"] == [(1 << 40, 1, 1, PICTURE)], images
    (plugin, step, array), = tensors["test"]
    assert (plugin.plugin_name, step) == ("pr_curves", 200)
    assert pr_metadata.parse_plugin_metadata(plugin.content).num_thresholds == THRESHOLDS
    assert (array == pr_curve()).all() and array.shape == (6, THRESHOLDS), array
    (plugin, step, array), = tensors["scores"]
    assert (plugin.plugin_name, step) == ("histograms", 200)
    assert (array == histogram()).all(), array
    versions = GOLDEN / "versions.txt"
    others = [line for line in versions.read_text().splitlines() if not line.startswith(path.name)]
    ours = f"{path.name}: tests/oracles/tensorboard_reads.py make; tensorboard {tensorboard.version.VERSION}, torch {torch.__version__}"
    versions.write_text("\n".join([ours] + others) + "\n")
    print(f"{path}: {len(buffer.getvalue())} bytes")


if __name__ == "__main__":
    if sys.argv[1:] == ["make"]:
        make()
    elif len(sys.argv) == 3 and sys.argv[1] == "read":
        for kind in read(sys.argv[2]):
            for tag, points in kind.items():
                print(tag, points)
    else:
        sys.exit(__doc__)
