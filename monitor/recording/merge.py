"""Samples of several streams as events in order of time, for recordings that have no journal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

import numpy as np

from monitor.chunk import Chunk
from monitor.errors import RecordingError
from monitor.events import Decoded, Event, Heartbeat, Marker
from monitor.recording.xdf_header import StreamInfo
from monitor.recording.xdf_read import Recording

TICK_S = 0.5  # as often as a live source's heartbeat
_LATENESS_S = 5.0  # a stream that is further behind the newest one is not waited for
_MAX_SILENCE_S = 86_400.0


class _Pile:
    """What was read of one stream and not given yet; keeps stamps strictly rising, as every chunk's are."""

    def __init__(self, info: StreamInfo) -> None:
        self.info = info
        self.newest_s = -np.inf
        self._chunks: list[Chunk] = []

    def add(self, chunk: Chunk) -> None:
        """Take a chunk; samples that go back in time, or have no time, are left out."""
        before_s = np.maximum.accumulate(np.concatenate(([self.newest_s], np.nan_to_num(chunk.time_s, nan=-np.inf))))
        rising = chunk.time_s > before_s[:-1]
        self.newest_s = float(before_s[-1])
        kept = chunk if rising.all() else Chunk(chunk.stream, chunk.time_s[rising], chunk.samples[rising])
        if len(kept):
            self._chunks.append(kept)

    def until(self, end_s: float) -> Chunk | None:
        """All samples up to end_s, or None."""
        taken: list[Chunk] = []
        left: list[Chunk] = []
        for chunk in self._chunks:
            n_due = int(np.searchsorted(chunk.time_s, end_s, side="right"))
            taken += [chunk[:n_due]] if n_due else []
            left += [chunk[n_due:]] if n_due < len(chunk) else []
        self._chunks = left
        return Chunk.joined(taken) if taken else None


def merged(
    recording: Recording, texts: AbstractSet[int] = frozenset(), told: Sequence[tuple[float, str]] = ()
) -> Iterator[Event]:
    """Every 0.5 s of session time: the markers, each stream's new samples, then a heartbeat.

    texts : streams of markers; told : markers that are known already.
    Raises: RecordingError where stamps jump by more than a day.
    """
    piles = {info.sid: _Pile(info) for info in recording.streams if not info.is_text}
    notes = list(told)
    tick = 1
    for info, item in recording.items({*piles, *texts}):
        if not isinstance(item, Chunk):
            notes.append(item)
            continue
        piles[info.sid].add(item)
        newest_s = max(pile.newest_s for pile in piles.values())
        if not newest_s - tick * TICK_S < _MAX_SILENCE_S:
            raise RecordingError(
                f"the time stamps of {recording.path} jump by more than a day at {tick * TICK_S:.1f} s"
            )
        slowest_s = min((pile.newest_s for pile in piles.values()), default=newest_s)
        while max(slowest_s, newest_s - _LATENESS_S) > tick * TICK_S:
            yield from _tick(tick * TICK_S, piles, notes)
            tick += 1
    if not recording.duration_s - tick * TICK_S < _MAX_SILENCE_S:
        raise RecordingError(f"the time stamps of {recording.path} jump by more than a day at {tick * TICK_S:.1f} s")
    while tick * TICK_S < recording.duration_s + TICK_S:
        yield from _tick(tick * TICK_S, piles, notes)
        tick += 1


def _tick(end_s: float, piles: dict[int, _Pile], notes: list[tuple[float, str]]) -> Iterator[Event]:
    due = sorted(note for note in notes if note[0] <= end_s)
    notes[:] = [note for note in notes if note[0] > end_s]
    yield from (Marker(max(time_s, end_s - TICK_S), text) for time_s, text in due)
    for pile in piles.values():
        if chunk := pile.until(end_s):
            yield Decoded(end_s, chunk.stream.source_id, chunk)
    yield Heartbeat(end_s)
