"""A stream of a recording in the hands of MNE and pandas. Both are imported here alone, when they are wanted."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

import numpy as np

from monitor.chunk import Chunk
from monitor.errors import RecordingError

_VOLTS = {"uV": 1e-6}
_MNE_TYPES = {"emg": "emg"}


def to_mne(whole: Chunk, noted: Sequence[tuple[float, str]]) -> Any:
    """A whole stream as an `mne.io.RawArray`: EMG in V, lost samples as NaN with BAD_lost.

    noted : seconds and texts, which become annotations. Raises: RecordingError where mne is missing.
    """
    try:
        mne: Any = import_module("mne")
    except ImportError as error:
        raise RecordingError("this needs mne: pip install 'crampwatch[mne]'") from error
    from monitor.exporting.grid import on_grid

    grid = on_grid(whole)
    units = [channel.unit for channel in whole.stream.channels]
    kind = _MNE_TYPES.get(whole.stream.name, "misc")
    info = mne.create_info(list(whole.stream.labels), grid.rate_hz, kind)
    samples = grid.samples.T * np.array([[_VOLTS.get(unit, 1.0)] for unit in units])
    raw = mne.io.RawArray(samples, info, verbose="error")
    lost = [(first / grid.rate_hz, (end - first) / grid.rate_hz, "BAD_lost") for first, end in grid.lost_runs()]
    moments = [(at_s - grid.start_s, 0.0, text) for at_s, text in noted]
    onsets, durations, texts = zip(*lost, *moments, strict=True) if lost or moments else ((), (), ())
    return raw.set_annotations(mne.Annotations(onsets, durations, texts), verbose="error")


def to_frame(whole: Chunk) -> Any:
    """A whole stream as a `pandas.DataFrame`: one column per channel with its unit behind the label, indexed by time_s.

    Raises: RecordingError where pandas is missing.
    """
    try:
        pandas: Any = import_module("pandas")
    except ImportError as error:
        raise RecordingError("this needs pandas: pip install pandas") from error
    from monitor.exporting.columns import columns_of

    return pandas.DataFrame(columns_of(whole)).set_index("time_s")
