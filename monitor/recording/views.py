"""A recording in the hands of MNE and pandas. Both are imported here alone, when they are wanted."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

from monitor.chunk import Chunk
from monitor.errors import RecordingError

if TYPE_CHECKING:
    from monitor.recording.xdf_read import Recording

_VOLTS = {"uV": 1e-6}
_MNE_TYPES = {"emg": "emg"}


def to_mne(recording: Recording, name: str = "emg") -> Any:
    """One stream as an `mne.io.RawArray`: EMG in V, lost samples as NaN with BAD_lost, what was noted as annotations.

    Raises: RecordingError where mne is missing, or there is not exactly one such stream.
    """
    try:
        mne: Any = import_module("mne")
    except ImportError as error:
        raise RecordingError("this needs mne: pip install 'crampwatch[mne]'") from error
    from monitor.exporting.grid import on_grid

    whole = _whole(recording, name)
    grid = on_grid(whole)
    units = [channel.unit for channel in whole.stream.channels]
    kind = _MNE_TYPES.get(whole.stream.name, "misc")
    info = mne.create_info(list(whole.stream.labels), grid.rate_hz, kind)
    samples = grid.samples.T * np.array([[_VOLTS.get(unit, 1.0)] for unit in units])
    raw = mne.io.RawArray(samples, info, verbose="error")
    lost = [(first / grid.rate_hz, (end - first) / grid.rate_hz, "BAD_lost") for first, end in grid.lost_runs()]
    noted = [(at_s - grid.start_s, 0.0, text) for at_s, text in recording.annotations]
    onsets, durations, texts = zip(*lost, *noted, strict=True) if lost or noted else ((), (), ())
    return raw.set_annotations(mne.Annotations(onsets, durations, texts), verbose="error")


def to_frame(recording: Recording, name: str = "emg") -> Any:
    """One stream as a `pandas.DataFrame`: one column per channel with its unit behind the label, indexed by time_s.

    Raises: RecordingError where pandas is missing, or there is not exactly one such stream.
    """
    try:
        pandas: Any = import_module("pandas")
    except ImportError as error:
        raise RecordingError("this needs pandas: pip install pandas") from error
    from monitor.exporting.columns import columns_of

    return pandas.DataFrame(columns_of(_whole(recording, name))).set_index("time_s")


def _whole(recording: Recording, name: str) -> Chunk:
    chunks = [chunk for chunk in recording.chunks(name) if len(chunk)]
    if not chunks:
        raise RecordingError(f"the stream {name!r} of {recording.path} holds no samples")
    return Chunk.joined(chunks)
