"""The random numbers of tagger::Random, so that torchvision draws what we draw."""
import contextlib
import unittest.mock

import torch


class Numbers:
    """tagger::Random, Philox4x32-10."""

    def __init__(self, seed, epoch, index):
        self.key, self.counter, self.left = (seed, 0), [0, epoch, index, 0], []

    def bits32(self):
        if not self.left:
            c, k = list(self.counter), list(self.key)
            for _ in range(10):
                a, b = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
                c = [b >> 32 ^ c[1] ^ k[0], b & 0xFFFFFFFF, a >> 32 ^ c[3] ^ k[1], a & 0xFFFFFFFF]
                k = [(k[0] + 0x9E3779B9) & 0xFFFFFFFF, (k[1] + 0xBB67AE85) & 0xFFFFFFFF]
            self.left, self.counter[0] = c, self.counter[0] + 1
        return self.left.pop(0)

    def bits64(self):
        return self.bits32() << 32 | self.bits32()

    def uniform(self, low=0.0, high=1.0):
        return low + (high - low) * ((self.bits64() >> 11) * 2.0**-53)

    def below(self, n):
        most = 2**64 - 1
        while (draw := self.bits64()) >= most - most % n:
            pass
        return draw % n

    @contextlib.contextmanager
    def in_torch(self, dtype=torch.float32):
        """torch draws from these numbers, and computes in `dtype` unless told otherwise."""
        def randint(*ends, size=None):
            *ends, size = ends if size is None else (*ends, size)
            low, high = ends if len(ends) == 2 else (0, *ends)
            return torch.full(size, low + self.below(high - low))

        def uniform_(tensor, low, high):
            return tensor.fill_(self.uniform(float(low), float(high)))

        torch.set_default_dtype(dtype)
        with unittest.mock.patch("torch.randint", randint), unittest.mock.patch("torch.Tensor.uniform_", uniform_), \
                unittest.mock.patch("torch.rand", lambda *size: torch.full(size, self.uniform())):
            yield
        torch.set_default_dtype(torch.float32)
