"""A recording as a source: the same events in the same order as in the live session, at any speed."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import numpy as np

from monitor.chunk import Chunk
from monitor.errors import RecordingError
from monitor.events import Decoded, Event, Marker
from monitor.orders import is_baseline_order
from monitor.recording import xdf
from monitor.recording.journal import HEARTBEAT, JournalReader
from monitor.recording.merge import merged
from monitor.recording.pace import Pace
from monitor.recording.xdf_header import StreamInfo
from monitor.recording.xdf_index import JOURNAL, STATES, read_json
from monitor.recording.xdf_read import Recording, open_recording

LONGEST_PAUSE_S = 6 * 3600.0  # no session pauses for longer; a jump in time beyond it is damage


class RecordingSource:
    """Iterates the events of a recording, bit for bit as they were recorded.

    A file without a journal (another program's XDF, or decoded streams alone) gives `Decoded` events and heartbeats
    every 0.5 s of session time, and its marker streams as `Marker` events.
    speed : session seconds per wall second, None: as fast as possible; what lies before start_s always is.
    Close it when done. Raises: RecordingError if the file cannot be read, SettingsError on a wrong speed.
    """

    def __init__(self, path: Path, speed: float | None = None, start_s: float = 0.0) -> None:
        self._pace = Pace(speed, start_s)
        self.recording: Recording = open_recording(path)
        self._lost: list[str] = []
        self.pause, self.resume, self.set_speed = self._pace.pause, self._pace.resume, self._pace.set_speed
        self.step, self.skip_to = self._pace.step, self._pace.skip_to

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __iter__(self) -> Iterator[Event]:
        newest_s = 0.0
        for event in self._events():
            newest_s = max(newest_s, _plausible(event, newest_s))
            if not self._pace.wait(event.time_s):
                return
            yield event

    @property
    def header(self) -> dict[str, Any]:
        """What the recorder was given; empty for other programs' files."""
        return self.recording.header

    @property
    def duration_s(self) -> float:
        """Session time of the newest event or sample."""
        return self.recording.duration_s

    @property
    def notes(self) -> tuple[str, ...]:
        """Plain sentences on damage, and on what the recorder could not keep as far as has been read."""
        return (*self.recording.notes, *self._lost)

    @property
    def recorded_changes(self) -> tuple[dict[str, Any], ...]:
        """The state changes of the live session. Raises: RecordingError if they are damaged."""
        if not self.recording.sealed:
            return ()
        return tuple(read_json(text) for _, text in self.recording.texts(STATES.name))

    def stop(self) -> None:
        """End the iteration, from any thread."""
        self._pace.stop()

    def close(self) -> None:
        """Let go of the file, after the iteration."""
        self._pace.stop()
        self.recording.close()

    def _events(self) -> Iterator[Event]:
        if self.recording.sealed:
            if any(text != HEARTBEAT for _, text in self.recording.texts(JOURNAL.name)):
                return self._with_orders(self._journal())
            return merged(self.recording, told=self.recording.annotations)
        return merged(self.recording, {info.sid for info in self.recording.streams if info.kind == "Markers"})

    def _with_orders(self, events: Iterator[Event]) -> Iterator[Event]:
        """The events, and what was ordered of baselines afterwards; other notes that were added are no events."""
        noted = self.recording.annotations
        added = {(time_s, text) for kind, time_s, text in self.recording.amendments if kind == "added"}
        orders = deque(note for note in noted if note in added and is_baseline_order(note[1]))
        for event in events:
            while orders and orders[0][0] < event.time_s:
                yield Marker(*orders.popleft())
            yield event
        yield from (Marker(*order) for order in orders)

    def _journal(self) -> Iterator[Event]:
        carriers = {info.sid: info for info in self.recording.streams if info.carries_events and not info.is_text}
        signals = _Signals(carriers)
        reader = JournalReader(signals.take)
        self._lost = reader.notes
        for info, item in self.recording.items({JOURNAL.sid, *carriers}):
            if isinstance(item, Chunk):
                signals.add(info.sid, item)
            elif event := reader.event(*item):
                yield event


def _plausible(event: Event, newest_s: float) -> float:
    """How far the event brings the session, s. Raises: RecordingError for a time that no session has."""
    times_s = [event.time_s]
    if isinstance(event, Decoded) and len(event.chunk):
        times_s += [float(event.chunk.time_s[0]), float(event.chunk.time_s[-1])]
    if not all(math.isfinite(time_s) and time_s - newest_s < LONGEST_PAUSE_S for time_s in times_s):
        raise RecordingError(f"the recording is damaged: after {newest_s:.0f} s comes the time {times_s[-1]:g} s")
    return max(times_s)


class _Signals:
    """Samples that were read and wait for their events."""

    def __init__(self, carriers: dict[int, StreamInfo]) -> None:
        self._carriers = carriers
        self._waiting: dict[int, deque[Chunk]] = {sid: deque() for sid in carriers}

    def add(self, sid: int, chunk: Chunk) -> None:
        self._waiting[sid].append(chunk)

    def take(self, sid: int, n_samples: int) -> Chunk:
        """The next n_samples of a stream as one chunk. Raises: RecordingError if the file does not hold them."""
        if sid not in self._carriers:
            raise RecordingError("the recording lacks the stream of an event")
        waiting, info = self._waiting[sid], self._carriers[sid]
        nothing = np.empty((0, len(info.stream.channels)), xdf.FORMATS[info.number])
        taken, missing = [Chunk(info.stream, np.empty(0), nothing)], n_samples
        while waiting and missing > 0:
            chunk = waiting.popleft()
            taken.append(chunk[:missing])
            if len(chunk) > missing:
                waiting.appendleft(chunk[missing:])
            missing -= len(taken[-1])
        if missing:
            raise RecordingError(f"the recording lacks {missing} samples of an event")
        return Chunk.joined(taken[1:] or taken)
