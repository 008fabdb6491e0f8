"""A file's content as the events that a source gives, so that it can be recorded and analysed like a session."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from monitor.chunk import Chunk
from monitor.events import Decoded, Event, Heartbeat, Marker
from monitor.importing.content import Content, distinct
from monitor.recording.merge import TICK_S
from monitor.recording.pace import Pace

_HOLE_S = 0.25  # a stream that is silent for so long may be waited for


class ContentSource:
    """Iterates the events: every 0.5 s the notes, each stream's new samples, then a heartbeat.

    header : of the recording that the content came from; see `team_header` for others.
    speed : session seconds per wall second, None: as fast as possible; what lies before start_s always is.
    longest_s : a step may be so long where no stream begins, ends or pauses and nothing is noted; what is said of the
        seconds is the same, to the last bit, and costs less.
    """

    notes: tuple[str, ...]

    def __init__(
        self,
        content: Content,
        header: dict[str, Any] | None = None,
        *,
        speed: float | None = None,
        start_s: float = 0.0,
        longest_s: float = TICK_S,
    ) -> None:
        self._longest = round(longest_s / TICK_S)  # ticks
        self._pace = Pace(speed, start_s)
        self.pause, self.resume, self.set_speed = self._pace.pause, self._pace.resume, self._pace.set_speed
        self.step, self.skip_to, self.stop = self._pace.step, self._pace.skip_to, self._pace.stop
        self.header = header if header is not None else content.header
        self.notes = content.notes
        self.recorded_changes = content.states
        first_s = min((float(chunk.time_s[0]) for chunk in content.streams if len(chunk)), default=0.0)
        shift_s = -first_s if first_s < 0 else 0.0
        self._streams = [_moved(chunk, shift_s) for chunk in distinct(content.streams)]
        self._markers = sorted((max(0.0, at_s + shift_s), text) for at_s, text in content.annotations)
        self.duration_s = max(
            [float(chunk.time_s[-1]) for chunk in self._streams if len(chunk)] + [at_s for at_s, _ in self._markers],
            default=0.0,
        )

    def __enter__(self) -> ContentSource:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the iteration."""
        self._pace.stop()

    def __iter__(self) -> Iterator[Event]:
        for event in self._events():
            if not self._pace.wait(event.time_s):
                return
            yield event

    def _events(self) -> Iterator[Event]:
        done = [0] * len(self._streams)
        told = 0
        for tick in self._steps(math.ceil(self.duration_s / TICK_S)):
            end_s = min(tick * TICK_S, self.duration_s)
            while told < len(self._markers) and self._markers[told][0] <= end_s:
                yield Marker(*self._markers[told])
                told += 1
            for number, chunk in enumerate(self._streams):
                end = int(np.searchsorted(chunk.time_s, end_s, side="right"))
                if end > done[number]:
                    yield Decoded(end_s, chunk.stream.source_id, chunk[done[number] : end])
                done[number] = end
            yield Heartbeat(end_s)

    def _steps(self, n_ticks: int) -> Iterator[int]:
        """The ticks that a step ends with."""
        if self._longest <= 1:
            yield from range(1, n_ticks + 1)
            return
        alone = np.zeros(n_ticks + 3, dtype=bool)  # ticks that are a step of their own
        for begin_s, end_s in self._interruptions():
            alone[max(0, math.floor(begin_s / TICK_S) - 1) : math.ceil(end_s / TICK_S) + 3] = True
        before = 0
        for tick in range(1, n_ticks + 1):
            if tick == n_ticks or tick - before >= self._longest or alone[tick] or alone[tick + 1]:
                before = tick
                yield tick

    def _interruptions(self) -> Iterator[tuple[float, float]]:
        """Where a stream is silent, or something is noted."""
        yield from ((at_s, at_s) for at_s, _ in self._markers)
        for chunk in self._streams:
            times = np.concatenate([[0.0], chunk.time_s, [self.duration_s]])
            holes = np.flatnonzero(np.diff(times) >= _HOLE_S)
            yield from zip(times[holes].tolist(), times[holes + 1].tolist(), strict=True)


def _moved(chunk: Chunk, by_s: float) -> Chunk:
    return replace(chunk, time_s=chunk.time_s + by_s) if by_s else chunk
