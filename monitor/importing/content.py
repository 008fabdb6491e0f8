"""What a file holds, whatever its format: streams on one clock, notes of people, and what it says about itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from monitor.acquisition.tables import ANGLE_CHANNELS, IMU_CHANNELS
from monitor.chunk import Channel, Chunk, Stream
from monitor.errors import TableError
from monitor.importing.units import Unit, unit_of

_EMG_UNITS = {"uV", "counts"}
_KINDS = {"uV": "emg", "g": "acc", "deg/s": "gyr", "deg": "angle"}


@dataclass(frozen=True, slots=True, eq=False)
class Content:
    """A file, read as a whole.

    form : the format, in plain words. streams : each as one chunk, stamps in seconds from the start of the session.
    annotations : (seconds, text). states : state changes as recorded. header : of a Crampwatch recording, else empty.
    epoch_s : Unix time at second 0, None = not known. notes : plain sentences on what is odd or missing.
    """

    path: Path
    form: str
    streams: tuple[Chunk, ...]
    annotations: tuple[tuple[float, str], ...] = ()
    states: tuple[dict[str, Any], ...] = ()
    header: dict[str, Any] = field(default_factory=dict)
    epoch_s: float | None = None
    notes: tuple[str, ...] = ()

    @property
    def duration_s(self) -> float:
        """Until the end of the last sample's period, or the last note."""
        ends = [float(chunk.time_s[-1]) + 1.0 / chunk.stream.rate_hz for chunk in self.streams if len(chunk)]
        return max([*ends, *(time_s for time_s, _ in self.annotations)], default=0.0)

    def of(self, signal: str) -> tuple[Chunk, ...]:
        """The streams of this name: "emg", "imu", "angle"."""
        return tuple(chunk for chunk in self.streams if chunk.stream.name == signal)

    def from_first_sample(self) -> Content:
        """The same on a clock that starts with the first sample, as a session's does."""
        return self.since(min((float(chunk.time_s[0]) for chunk in self.streams if len(chunk)), default=0.0))

    def since(self, begin_s: float) -> Content:
        """The same on a clock that is 0 at begin_s, in seconds."""
        return replace(
            self,
            streams=tuple(replace(chunk, time_s=chunk.time_s - begin_s) for chunk in self.streams),
            annotations=tuple((at_s - begin_s, text) for at_s, text in self.annotations),
            epoch_s=None if self.epoch_s is None else self.epoch_s + begin_s,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One channel as a file has it. unit : as written there, "" = not told; signal : "emg" where the file says so."""

    label: str
    unit: str
    samples: NDArray[Any]
    signal: str = ""


def streams_of(
    columns: Sequence[Column], rate_hz: float, source_id: str, time_s: NDArray[np.float64] | None = None
) -> tuple[Chunk, ...]:
    """Columns of one clock as streams, one for each kind of signal: emg, imu (six axes), acc, gyr, angle, quat, other.

    rate_hz : measured, or told by the file; time_s : stamps, None = evenly from 0. EMG comes in uV or counts.
    Raises: TableError where the columns differ in length or the rate is none.
    """
    if not np.isfinite(rate_hz) or rate_hz <= 0:
        raise TableError(f"{source_id} says {rate_hz:g} samples per second; it needs a rate above 0 (--rate)")
    if len({len(column.samples) for column in columns}) > 1:
        raise TableError(f"the channels of {source_id} at {rate_hz:g} samples per second differ in length")
    groups: dict[str, list[tuple[Column, Unit]]] = {}
    for column in columns:
        unit = unit_of(column.unit)
        groups.setdefault(column.signal or _KINDS.get(unit.name, "other"), []).append((column, unit))
    if len(groups.get("acc", ())) == 3 and len(groups.get("gyr", ())) == 3:
        groups["imu"] = groups.pop("acc") + groups.pop("gyr")
    stamps_s = None if time_s is None else np.asarray(time_s, dtype=np.float64)
    return tuple(_chunk(name, group, rate_hz, source_id, stamps_s) for name, group in groups.items())


def _chunk(
    name: str,
    group: Sequence[tuple[Column, Unit]],
    rate_hz: float,
    source_id: str,
    time_s: NDArray[np.float64] | None,
) -> Chunk:
    n_samples = len(group[0][0].samples)
    samples = np.empty((n_samples, len(group)), dtype=np.float32 if name == "emg" else np.float64)
    with np.errstate(over="ignore", invalid="ignore"):
        for number, (column, unit) in enumerate(group):
            samples[:, number] = np.asarray(column.samples, dtype=np.float64) * unit.factor
    samples[~np.isfinite(samples)] = np.nan
    channels = _fixed(name) or tuple(Channel(column.label, unit.name) for column, unit in group)
    stamps_s = np.arange(n_samples) / rate_hz if time_s is None else time_s
    return Chunk(Stream(name, rate_hz, channels, source_id), stamps_s, samples)


def _fixed(name: str) -> tuple[Channel, ...]:
    return {"imu": IMU_CHANNELS, "angle": ()}.get(name, ())


def distinct(streams: tuple[Chunk, ...]) -> list[Chunk]:
    """The same streams, where one source has several of one name each under a source of its own."""
    seen: Counter[tuple[str, str]] = Counter()
    found = []
    for chunk in streams:
        key = (chunk.stream.source_id, chunk.stream.name)
        seen[key] += 1
        stream = chunk.stream
        if seen[key] > 1:
            stream = replace(stream, source_id=f"{stream.source_id} {seen[key]}")
        found.append(Chunk(stream, chunk.time_s, chunk.samples))
    return found


def as_angle(chunk: Chunk) -> Chunk:
    """A stream of one angle as the ankle's. Raises: TableError if it is more than one or no angle."""
    channels = chunk.stream.channels
    if len(channels) != 1 or channels[0].unit != "deg":
        said = ", ".join(f"{channel.label} ({channel.unit or 'no unit'})" for channel in channels)
        raise TableError(f"{chunk.stream.source_id} holds {said} where one angle in degrees is needed; see --map")
    return Chunk(
        Stream("angle", chunk.stream.rate_hz, ANGLE_CHANNELS, chunk.stream.source_id), chunk.time_s, chunk.samples
    )


def unknown_units(streams: Iterable[Chunk]) -> list[str]:
    """Labels of the EMG channels whose unit is not told."""
    return [
        channel.label
        for chunk in streams
        if chunk.stream.name == "emg"
        for channel in chunk.stream.channels
        if channel.unit not in _EMG_UNITS
    ]
