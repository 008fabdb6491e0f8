"""A stream as a plain table: the columns that `analyze --emg ...` reads."""

from __future__ import annotations

import numpy as np

from monitor.chunk import Chunk

_SUFFIX_OF_UNIT = {"uV": "uV", "counts": "counts", "g": "g", "deg/s": "dps", "deg": "deg"}


def columns_of(chunk: Chunk) -> dict[str, np.ndarray]:
    """The stream as a plain table: time_s first, the unit behind each label."""
    table: dict[str, np.ndarray] = {"time_s": chunk.time_s}
    for number, channel in enumerate(chunk.stream.channels):
        suffix = _SUFFIX_OF_UNIT.get(channel.unit, "")
        label = f"{channel.label}_{suffix}" if suffix else channel.label
        table[label if label not in table else f"{label}_{number + 1}"] = chunk.samples[:, number]
    return table
