"""The Python interface for scientists: recordings as streams of chunks, analyses as arrays and tables.

All of it stands in `monitor` itself: `import monitor; monitor.analyze("cramp")`.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from monitor import shipped
from monitor.analysis import analyse_files
from monitor.analysis_table import FEATURES, feature_rows
from monitor.errors import TableError
from monitor.importing.content import Content
from monitor.importing.formats import read_file as read_content
from monitor.recording.xdf_read import Recording
from monitor.recording.xdf_read import open_recording as open_xdf
from monitor.settings import Settings

PathOrName = str | Path


def open_recording(path: PathOrName) -> Recording:
    """Open an XDF recording for reading, to be closed or used in a `with`; memory stays flat however long it is.

    path : the file, or the name of a sample recording ("cramp").
    Raises: RecordingError in one sentence if it cannot be read.
    """
    return open_xdf(shipped.recording(Path(path)))


def read_file(path: PathOrName) -> Content:
    """Read a file of any known format (`crampwatch convert --help` names them) as a whole: its streams, one chunk each.

    Raises: TableError or RecordingError in one sentence.
    """
    return read_content(shipped.recording(Path(path)))


def analyze(
    emg: PathOrName,
    from_s: float | None = None,
    to_s: float | None = None,
    *,
    shank: PathOrName | None = None,
    foot: PathOrName | None = None,
    angle: PathOrName | None = None,
    leg: str | None = None,
    settings: Settings | Mapping[str, float] | None = None,
) -> Analysis:
    """Fatigue and warnings of a recording, exactly as `crampwatch analyze` finds them.

    emg : a recorded session (or a sample's name), or a file of EMG in any known format; shank, foot, angle : files of
    the same leg beside it. from_s, to_s : seconds from the start, None = its start and end. leg : "left" or "right".
    settings : whole, or those that differ ({"trend.watch_level": 0.88}); None = as recorded, else the defaults.
    Raises: CrampwatchError in one sentence.
    """
    named = {"emg": emg, "shank": shank, "foot": foot, "angle": angle}
    parts = {role: shipped.recording(Path(path)) for role, path in named.items() if path is not None}
    chosen = settings if isinstance(settings, Settings | None) else Settings().changed(settings)
    return Analysis(analyse_files(parts, from_s, to_s, settings=chosen, leg=leg))


class LegAnalysis:
    """What was found of one leg. Times are seconds from the start of the recording; NaN = unknown.

    channels : a summary of each, with the keys of `analyze --json`. states : the changes in order, likewise.
    """

    def __init__(self, answer: Mapping[str, Any]) -> None:
        self.athlete: str | None = answer["athlete"]
        self.leg: str | None = answer["leg"]
        self.channels: list[dict[str, Any]] = answer["channels"]
        self.states: list[dict[str, Any]] = answer["states"]
        self._track: dict[str, Any] = answer["track"]

    @property
    def labels(self) -> tuple[str, ...]:
        """The EMG channels in order."""
        return tuple(self._track["mdf_hz"])

    @property
    def features(self) -> dict[str, NDArray[np.float64]]:
        """One row a second: time_s (n,) at its end; mdf_hz and compression (n, n_channels); quiet_ratio,
        twitches_per_min and score (n,). compression : spectral scale against the own baseline, below 1 = tiring.
        """
        track = self._track
        found = {name: _array(track[name]) for name in ("time_s", "quiet_ratio", "twitches_per_min", "score")}
        for name in ("mdf_hz", "compression"):
            columns = [_array(track[name][label]) for label in self.labels]
            found[name] = np.column_stack(columns) if columns else np.empty((len(track["time_s"]), 0))
        return found

    @property
    def ankle(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Times in s and angles in deg at the sensors' rate (at most 100 Hz), dorsiflexion +; empty = no angle."""
        return _array(self._track["ankle_time_s"]), _array(self._track["ankle_deg"])

    def state_at(self, time_s: float) -> str | None:
        """The leg's state at one instant; None before the first second."""
        known = [state["state"] for state in self.states if state["time_s"] <= time_s]
        return known[-1] if known else None


class Analysis:
    """What `analyze` found. `to_dict()` is the object of `crampwatch analyze --json`; it says with which settings."""

    def __init__(self, answer: dict[str, Any]) -> None:
        self._answer = answer
        self.file: str = answer["file"]
        self.duration_s: float = answer["duration_s"]
        self.legs: tuple[LegAnalysis, ...] = tuple(LegAnalysis(leg) for leg in answer["legs"])

    def leg(self, leg: str, athlete: str | None = None) -> LegAnalysis:
        """The one leg of this name ("left"), of this athlete if there are several. Raises: TableError."""
        found = [each for each in self.legs if each.leg == leg and athlete in (None, each.athlete)]
        if len(found) == 1:
            return found[0]
        there = ", ".join(f"{each.athlete or 'nobody'} {each.leg}" for each in self.legs)
        raise TableError(f"{self.file} has not exactly one leg {leg!r}; it has {there}")

    def to_dict(self) -> dict[str, Any]:
        """Plain Python data, as the command line's contract promises it; unknown is None."""
        return self._answer

    def to_frame(self) -> Any:
        """A `pandas.DataFrame`: one row per leg, second and channel, the columns of `analyze --features`.

        Raises: TableError where pandas is missing.
        """
        try:
            pandas: Any = import_module("pandas")
        except ImportError as error:
            raise TableError("this needs pandas: pip install pandas") from error
        numbers = {name: "float64" for name, (unit, _) in FEATURES.items() if unit}
        return pandas.DataFrame(list(feature_rows(self._answer)), columns=list(FEATURES)).astype(numbers)


def _array(values: list[float | None]) -> NDArray[np.float64]:
    return np.array(values, dtype=np.float64)  # None becomes NaN
