"""XDF: Crampwatch's own recordings, and those of LabRecorder and others."""

from __future__ import annotations

from dataclasses import replace
from math import isfinite
from pathlib import Path

import numpy as np

from monitor.acquisition.sampling import regular
from monitor.acquisition.tables import ANGLE_CHANNELS
from monitor.chunk import Channel, Chunk
from monitor.errors import RecordingError
from monitor.importing.asked import Asked
from monitor.importing.content import Content, distinct
from monitor.importing.stamps import in_order, placed
from monitor.importing.units import unit_of
from monitor.recording.xdf_header import StreamInfo
from monitor.recording.xdf_index import STATES, read_json
from monitor.recording.xdf_read import Recording, open_recording


def read(path: Path, asked: Asked) -> Content:
    """Every stream of numbers that has samples, and all markers. Raises: RecordingError."""
    with open_recording(path) as recording:
        notes = list(recording.notes)
        streams = [_whole(recording, info, notes) for info in recording.streams if not info.is_text]
        found = tuple(chunk for chunk in streams if chunk is not None)
        header = recording.header
        content = Content(
            path,
            "Crampwatch XDF" if recording.sealed else "XDF",
            found if recording.sealed else tuple(distinct(found)),
            _annotations(recording),
            _states(recording),
            header,
            header.get("epoch_s"),
            tuple(notes),
        )
        return content if recording.sealed else content.since(_first_s(content))


def _first_s(content: Content) -> float:
    """Of all that is kept: a file's first stamp of all may be among those that are not."""
    stamps = [float(chunk.time_s[0]) for chunk in content.streams] + [at_s for at_s, _ in content.annotations]
    return min((at_s for at_s in stamps if isfinite(at_s)), default=0.0)


def _whole(recording: Recording, info: StreamInfo, notes: list[str]) -> Chunk | None:
    chunks = [item for _, item in recording.items({info.sid}) if isinstance(item, Chunk) and len(item)]
    if not chunks:
        notes.append(f"the stream {info.name!r} holds no samples")
        return None
    whole = Chunk.joined(chunks)
    if recording.sealed:
        rows = in_order(whole.time_s)
        time_s, arrival = whole.time_s[rows], False
    else:
        rows, time_s, arrival = placed(whole.time_s)
    if len(rows) < len(whole):
        notes.append(
            f"{len(whole) - len(rows)} of {len(whole)} samples of {info.stream.source_id!r} are left out:"
            " their stamps are no number or out of order"
        )
        whole = Chunk(whole.stream, whole.time_s[rows], whole.samples[rows])
    if recording.sealed or not len(rows):
        return whole if len(rows) else None
    return _foreign(replace(whole, time_s=time_s), arrival)


def _foreign(chunk: Chunk, arrival: bool) -> Chunk:
    """In Crampwatch's units, with the rate measured and lost samples as NaN; one angle called ankle is that.

    arrival : so its stamps were, and have been put on lines; then a gap stays one without samples.
    """
    units = [unit_of(channel.unit) for channel in chunk.stream.channels]
    pairs = zip(chunk.stream.channels, units, strict=True)
    channels = tuple(Channel(channel.label, unit.name) for channel, unit in pairs)
    time_s, samples = chunk.time_s, chunk.samples * np.array([unit.factor for unit in units])
    rate_hz = chunk.stream.rate_hz
    if not arrival:
        rate_hz, time_s, samples = regular(time_s, samples, chunk.stream.source_id)
    elif len(time_s) > 2:
        rate_hz = 1.0 / float(np.median(np.diff(time_s)))
    name = "angle" if channels == ANGLE_CHANNELS else chunk.stream.name
    stream = replace(chunk.stream, name=name, channels=channels, rate_hz=rate_hz if rate_hz > 0 else 1.0)
    return Chunk(stream, time_s, samples)


def _annotations(recording: Recording) -> tuple[tuple[float, str], ...]:
    if recording.sealed:
        return tuple(recording.annotations)
    marks = recording.items({info.sid for info in recording.streams if info.is_text})
    return tuple(sorted(mark for _, mark in marks if isinstance(mark, tuple)))


def _states(recording: Recording) -> tuple[dict, ...]:
    if not recording.sealed:
        return ()
    try:
        return tuple(read_json(text) for _, text in recording.texts(STATES.name))
    except RecordingError:
        return ()
