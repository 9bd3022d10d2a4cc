"""Tensors that are a function of their names: tests/networks/generated.hpp makes the same ones, to the bit.

Element i of the tensor called `name` is the i-th number of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014) seeded with
the FNV-1a hash of the name, its upper 24 bits a fraction in [0, 1); then scaled so that activations neither vanish nor
explode in a network of any depth.
"""

import numpy

SEED = 2020


def hash_of(name):
    value = 0xCBF29CE484222325 ^ SEED
    for byte in name.encode():
        value = (value ^ byte) * 0x100000001B3 % 2**64
    return value


def uniform(name, count):
    """`count` numbers in [0, 1), float64."""
    with numpy.errstate(over="ignore"):
        x = numpy.uint64(hash_of(name)) + numpy.arange(1, count + 1, dtype=numpy.uint64) * numpy.uint64(0x9E3779B97F4A7C15)
        x = (x ^ (x >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
        x = x ^ (x >> numpy.uint64(31))
    return (x >> numpy.uint64(40)).astype(numpy.float64) / 2**24


def tensor(name, shape):
    """A network's parameter or buffer: which one, and so its range, is told by its name and shape."""
    count = int(numpy.prod(shape, dtype=numpy.int64))
    u = uniform(name, count)
    if name.endswith("running_var") or ((name.endswith("weight") or "gamma" in name) and len(shape) == 1):
        values = 0.8 + 0.4 * u
    elif len(shape) > 1 and name.endswith("weight"):
        values = (2 * u - 1) * numpy.sqrt(3.5 / (count // shape[0]))
    elif name.endswith("num_batches_tracked"):
        return numpy.zeros(shape, numpy.int64)
    else:  # biases and running means are small, pictures are not
        values = (2 * u - 1) * (2 if name == "images" else 0.1)
    return values.astype(numpy.float32).reshape(shape)
