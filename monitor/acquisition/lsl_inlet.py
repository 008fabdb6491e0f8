"""One foreign LSL stream: its samples on the session clock, gaps as gaps."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from monitor.acquisition.clock import ArrivalClock
from monitor.acquisition.lsl_streams import Foreign, foreign_stream
from monitor.chunk import Chunk
from monitor.team import Sensor

OPEN_S = 5.0
_TOLERANCE = 0.02  # of the rate that a stream tells
_GAP_S = 0.5  # a step of the stamps by more is a gap at once; less is how other programs cut their chunks
_PIECE_S = 0.05  # the line looks at one stamp of so many samples
_BACK_S = 1.0  # stamps that go back by more begin another count
_STEP_S = 1e-6
_MOST_ROWS = 4096


class Inlet:
    """Opened in any thread, pulled in one. origin_s : the library's clock at session second 0.

    Stamps of other programs step as they cut their chunks: samples are counted, and the line below their stamps is
    the clock, as for sensors. Raises: LinkError where the stream is not what the sensor's role needs.
    """

    def __init__(self, lsl: Any, info: Any, sensor: Sensor, origin_s: float) -> None:
        self._inlet = lsl.StreamInlet(info, max_buflen=60, recover=False)
        whole = self._inlet.info(OPEN_S)  # with its description
        count = whole.channel_count()
        labels, units = whole.get_channel_labels() or [], whole.get_channel_units() or []
        told = ([text or "" for text in texts][:count] + [""] * (count - len(texts)) for texts in (labels, units))
        self.foreign: Foreign = foreign_stream(sensor, whole.nominal_srate(), *told)
        self._origin_s = origin_s
        self._clock = ArrivalClock(self.foreign.stream.rate_hz, _TOLERANCE)
        self._newest_s: float | None = None
        self._held: list[tuple[int, NDArray[np.float32]]] = []
        self._given_s = -np.inf
        self._inlet.open_stream(OPEN_S)
        self._inlet.time_correction(OPEN_S)  # the first one takes its time

    def pull(self) -> Chunk | None:
        """What has come; None = nothing, or the clock is not known yet. Raises: LostError of the library."""
        rows, stamps = self._inlet.pull_chunk(0.0, _MOST_ROWS)
        if not stamps:
            return None
        correction_s = self._inlet.time_correction(OPEN_S) - self._origin_s
        self._count(np.asarray(rows, dtype=np.float64), np.asarray(stamps) + correction_s)
        return self._given() if self._clock.ready else None

    def close(self) -> None:
        """Let go of the stream."""
        self._inlet.close_stream()

    def _count(self, rows: NDArray[np.float64], time_s: NDArray[np.float64]) -> None:
        """Place samples by their number; stamps tell what is missing."""
        rate_hz = self.foreign.stream.rate_hz
        pieces = np.arange(0, len(rows), max(1, round(_PIECE_S * rate_hz)))[1:]
        cuts = np.union1d(np.flatnonzero(np.diff(time_s) > _GAP_S) + 1, pieces)
        for part, part_s in zip(np.split(rows, cuts), np.split(time_s, cuts), strict=True):
            step_s = 0.0 if self._newest_s is None else float(part_s[0]) - self._newest_s - 1 / rate_hz
            if step_s < -_BACK_S:
                self._clock.restart()
            lost = round(step_s * rate_hz) if step_s > _GAP_S else 0
            (first,) = self._clock.push(len(part), np.array([lost]), part_s[-1:]).tolist()
            self._held.append((first, self.foreign.samples(part)))
            self._newest_s = float(part_s[-1])

    def _given(self) -> Chunk:
        index = np.concatenate([first + np.arange(len(part)) for first, part in self._held])
        samples = np.concatenate([part for _, part in self._held])
        self._held.clear()
        earliest_s = self._given_s + _STEP_S * np.arange(1, len(index) + 1)  # the line may have moved back a little
        time_s = np.maximum.accumulate(np.maximum(self._clock.time_s(index), earliest_s))
        self._given_s = float(time_s[-1])
        return Chunk(self.foreign.stream, time_s, samples)
