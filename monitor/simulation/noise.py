"""Random numbers that any part of a simulated session can draw again: by key and index, in any order."""

from __future__ import annotations

import zlib

import numpy as np
from numpy.typing import NDArray


def key_of(*parts: int | str) -> NDArray[np.uint64]:
    """A generator key (two 64-bit words) from what the numbers are for: seed, leg, name.

    Raises: ValueError if a number is negative.
    """
    words = [zlib.crc32(part.encode()) if isinstance(part, str) else part for part in parts]
    return np.random.SeedSequence(words).generate_state(2, np.uint64).astype(np.uint64)


def generator(key: NDArray[np.uint64], index: int = 0) -> np.random.Generator:
    """The generator number `index` of a key; each has 2**64 draws of its own before it would meet the next one's."""
    return np.random.Generator(np.random.Philox(key=key, counter=np.array([0, index, 0, 0], dtype=np.uint64)))
