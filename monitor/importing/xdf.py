"""XDF: Crampwatch's own recordings, and those of LabRecorder and others."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import numpy as np

from monitor.acquisition.tables import ANGLE_CHANNELS
from monitor.chunk import Channel, Chunk
from monitor.errors import RecordingError
from monitor.importing.asked import Asked
from monitor.importing.content import Content
from monitor.importing.units import unit_of
from monitor.recording.xdf_header import StreamInfo
from monitor.recording.xdf_index import STATES, read_json
from monitor.recording.xdf_read import Recording, open_recording

_GAP_S = 0.2  # other recorders' stamps scatter with the network; a longer pause is a gap, not scatter


def read(path: Path, asked: Asked) -> Content:
    """Every stream of numbers that has samples, and all markers. Raises: RecordingError."""
    with open_recording(path) as recording:
        notes = list(recording.notes)
        streams = [_whole(recording, info, notes) for info in recording.streams if not info.is_text]
        found = tuple(chunk for chunk in streams if chunk is not None)
        header = recording.header
        return Content(
            path,
            "Crampwatch XDF" if recording.sealed else "XDF",
            found,
            _annotations(recording),
            _states(recording),
            header,
            header.get("epoch_s"),
            tuple(notes),
        )


def _whole(recording: Recording, info: StreamInfo, notes: list[str]) -> Chunk | None:
    chunks = [chunk for chunk in recording.chunks(info.name) if len(chunk)] if recording.n_samples(info.name) else []
    if not chunks:
        notes.append(f"the stream {info.name!r} holds no samples")
        return None
    whole = Chunk.joined(chunks)
    rising = np.concatenate(([True], whole.time_s[1:] > np.maximum.accumulate(whole.time_s)[:-1]))
    whole = whole if rising.all() else Chunk(whole.stream, whole.time_s[rising], whole.samples[rising])
    return whole if recording.sealed else _foreign(whole)


def _foreign(chunk: Chunk) -> Chunk:
    """In Crampwatch's units, with the rate measured and stamps that do not scatter; one angle called ankle is that."""
    units = [unit_of(channel.unit) for channel in chunk.stream.channels]
    pairs = zip(chunk.stream.channels, units, strict=True)
    channels = tuple(Channel(channel.label, unit.name) for channel, unit in pairs)
    samples = chunk.samples * np.array([unit.factor for unit in units])
    time_s = _settled(chunk.time_s)
    span_s = float(time_s[-1] - time_s[0])
    rate_hz = chunk.stream.rate_hz
    if len(time_s) > 2 and span_s > 0:
        rate_hz = 1.0 / float(np.median(np.diff(time_s)))
    name = "angle" if channels == ANGLE_CHANNELS else chunk.stream.name
    stream = replace(chunk.stream, name=name, channels=channels, rate_hz=rate_hz if rate_hz > 0 else 1.0)
    return Chunk(stream, time_s, samples)


def _settled(time_s: np.ndarray) -> np.ndarray:
    """Each stretch without a gap on its own straight line, still rising."""
    edges = [0, *(np.flatnonzero(np.diff(time_s) > _GAP_S + 2 * np.median(np.diff(time_s))) + 1), len(time_s)]
    if len(time_s) < 3:
        return time_s
    settled = time_s.copy()
    for first, end in itertools.pairwise(edges):
        if end - first > 2:
            row = np.arange(end - first, dtype=np.float64)
            slope, start = np.polyfit(row, time_s[first:end], 1)
            settled[first:end] = start + slope * row
    return settled if (np.diff(settled) > 0).all() else time_s


def _annotations(recording: Recording) -> tuple[tuple[float, str], ...]:
    if recording.sealed:
        return tuple(recording.annotations)
    marks = [info for info in recording.streams if info.is_text and recording.n_samples(info.name)]
    return tuple(sorted(text for info in marks for text in recording.texts(info.name)))


def _states(recording: Recording) -> tuple[dict, ...]:
    if not recording.sealed:
        return ()
    try:
        return tuple(read_json(text) for _, text in recording.texts(STATES.name))
    except RecordingError:
        return ()
