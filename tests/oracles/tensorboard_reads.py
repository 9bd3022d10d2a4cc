"""Reads the event file that tests/report/tensorboard_test.cpp must produce byte for byte, with TensorBoard's own reader.

    tensorboard_reads.py make        builds the file with TensorBoard's protocol buffers and record writer, checks what its
                                     reader sees and writes tests/golden/report/events.out.tfevents.golden
    tensorboard_reads.py read FILE   prints what TensorBoard's reader sees in FILE
"""

import io
import pathlib
import struct
import sys

import tensorboard
from tensorboard.backend.event_processing import event_accumulator
from tensorboard.compat.proto import event_pb2, summary_pb2
from tensorboard.summary.writer.record_writer import RecordWriter

GOLDEN = pathlib.Path(__file__).parent.parent / "golden" / "report"
PICTURE = bytes.fromhex(  # a PNG of 1 x 1
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c636060606000000005"
    "0001a5f645400000000049454e44ae426082"
)


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


def read(path):
    accumulator = event_accumulator.EventAccumulator(str(path), size_guidance={"scalars": 0, "images": 0})
    accumulator.Reload()
    tags = accumulator.Tags()
    scalars = {tag: [(e.wall_time, e.step, e.value) for e in accumulator.Scalars(tag)] for tag in tags["scalars"]}
    images = {tag: [(e.step, e.width, e.height, e.encoded_image_string) for e in accumulator.Images(tag)] for tag in tags["images"]}
    return scalars, images


def make():
    buffer = io.BytesIO()
    writer = RecordWriter(buffer)
    for event in events():
        writer.write(event.SerializeToString())
    GOLDEN.mkdir(parents=True, exist_ok=True)
    path = GOLDEN / "events.out.tfevents.golden"
    path.write_bytes(buffer.getvalue())
    scalars, images = read(path)
    assert scalars["train_loss"] == [(1600000001.5, 1, struct.unpack("f", struct.pack("f", 0.6931472))[0])], scalars
    assert scalars["test/micro/precision"] == [(1600000002.5, 200, 0.5)], scalars
    assert str(scalars["test/micro/f1"][0][2]) == "nan", scalars
    assert images["picture"] == [(1 << 40, 1, 1, PICTURE)], images
    (GOLDEN / "versions.txt").write_text(f"events.out.tfevents.golden: tests/oracles/tensorboard_reads.py make; tensorboard {tensorboard.version.VERSION}\n")
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
