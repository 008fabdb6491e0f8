"""What a person adds where a file does not say it: unit, rate, and which channel is what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from monitor.acquisition.tables import ANGLE_CHANNELS
from monitor.chunk import Channel, Chunk, Stream
from monitor.errors import TableError
from monitor.importing.units import unit_of


@dataclass(frozen=True, slots=True)
class Asked:
    """unit : of EMG channels that do not tell theirs; rate_hz : of files that do not tell it.

    names : the file's label, or SOURCE/LABEL where several sources have it -> the label wanted; "ankle" makes it the
    ankle's angle. With names for a signal, its other channels are left out.
    """

    unit: str = ""
    rate_hz: float | None = None
    names: Mapping[str, str] = field(default_factory=dict)

    def rate_of(self, place: str) -> float:
        """The rate that was given. Raises: TableError where none was."""
        if self.rate_hz is None:
            raise TableError(f"{place} does not say how many samples per second it holds; give --rate HZ")
        return self.rate_hz


def named(streams: tuple[Chunk, ...], names: Mapping[str, str]) -> tuple[Chunk, ...]:
    """The streams with the channels asked for, under their new labels. Raises: TableError for unknown ones."""
    if not names:
        return streams
    labels = [label for chunk in streams for label in chunk.stream.labels]
    full = [f"{chunk.stream.source_id}/{label}" for chunk in streams for label in chunk.stream.labels]
    missing = [label for label in names if label not in {*labels, *full}]
    if missing:
        there = [whole if labels.count(label) > 1 else label for label, whole in zip(labels, full, strict=True)]
        raise TableError(f"there is no channel {missing[0]!r}; the file has {', '.join(map(repr, there))[:300]}")
    asked = [_asked(chunk.stream, names) for chunk in streams]
    chosen = {chunk.stream.name for chunk, rows in zip(streams, asked, strict=True) if rows}
    kept: list[Chunk] = []
    for chunk, rows in zip(streams, asked, strict=True):
        if rows:
            kept += _renamed(chunk, rows)
        elif chunk.stream.name not in chosen:
            kept.append(chunk)
    return tuple(kept)


def _asked(stream: Stream, names: Mapping[str, str]) -> dict[int, str]:
    """Which of its channels are asked for, by their number, and their new labels."""
    new = [names.get(f"{stream.source_id}/{label}") or names.get(label) for label in stream.labels]
    return {number: label for number, label in enumerate(new) if label}


def _renamed(chunk: Chunk, labels: Mapping[int, str]) -> list[Chunk]:
    parts: dict[bool, list[int]] = {}
    for row, label in labels.items():
        parts.setdefault(label == "ankle", []).append(row)
    found = []
    for is_ankle, part in parts.items():
        channels = tuple(replace(chunk.stream.channels[row], label=labels[row]) for row in part)
        stream = replace(chunk.stream, channels=ANGLE_CHANNELS if is_ankle else channels)
        if is_ankle:
            stream = replace(stream, name="angle")
            _check_angle(chunk.stream, part)
        elif stream.name == "other" and all(channel.unit in ("uV", "counts", "") for channel in channels):
            stream = replace(stream, name="emg")
        found.append(Chunk(stream, chunk.time_s, chunk.samples[:, part]))
    return found


def _check_angle(stream: Stream, rows: list[int]) -> None:
    if len(rows) != 1 or stream.channels[rows[0]].unit != "deg":
        raise TableError("the ankle's angle is one channel in degrees; name one that is")


def with_unit(streams: tuple[Chunk, ...], unit: str) -> tuple[Chunk, ...]:
    """EMG channels that do not tell their unit get this one, and come in uV or counts."""
    return tuple(_with_unit(chunk, unit) if chunk.stream.name == "emg" else chunk for chunk in streams)


def _with_unit(chunk: Chunk, unit: str) -> Chunk:
    untold = [not channel.unit for channel in chunk.stream.channels]
    if not unit or not any(untold):
        return chunk
    known = unit_of(unit)
    if known.name not in ("uV", "counts"):
        raise TableError(f"{unit!r} is no unit of EMG; give --unit uV, mV, V or counts")
    channels = tuple(
        channel if channel.unit else Channel(channel.label, known.name) for channel in chunk.stream.channels
    )
    factors = [known.factor if one else 1.0 for one in untold]
    samples = (chunk.samples * factors).astype(chunk.samples.dtype)
    return Chunk(replace(chunk.stream, channels=channels), chunk.time_s, samples)
