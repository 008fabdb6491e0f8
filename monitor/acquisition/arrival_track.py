"""A stream that comes now and then, with neither count nor time: for the picture, and for nothing that needs a time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from monitor.acquisition.batch import Packets
from monitor.acquisition.track import ALONE_S, LEAST_STEP_S, Form
from monitor.chunk import Chunk, Stream

UNCERTAINTY_S = 0.1  # a packet may wait for the link, and the host for its turn


class ArrivalTrack:
    """Stamps each sample with its arrival. Its mean rate is taken over the first five seconds, which come together."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.uncertainty_s = UNCERTAINTY_S
        self.stream: Stream | None = None
        self._held: list[tuple[float, NDArray[np.floating]]] = []
        self._last_s = -np.inf

    def link_lost(self) -> None:
        """A rate is not measured across a break."""
        self._held.clear()

    def push(self, groups: Sequence[Packets]) -> list[Chunk]:
        """The chunk of one batch, or nothing while the rate is measured."""
        for packets in groups:
            rows = self.form.rows(packets)
            each = len(rows) // len(packets)
            self._held += zip(np.repeat(packets.arrival_s, each).tolist(), rows, strict=True)
        if self._held and self.stream is None and self._held[-1][0] - self._held[0][0] >= ALONE_S:
            self.stream = self.form.stream((len(self._held) - 1) / (self._held[-1][0] - self._held[0][0]))
        if not self._held or self.stream is None:
            return []
        times_s = np.array([self._stamp(arrived_s) for arrived_s, _ in self._held])
        samples = np.stack([row for _, row in self._held])
        self._held.clear()
        return [Chunk(self.stream, times_s, samples)]

    def _stamp(self, arrived_s: float) -> float:
        self._last_s = max(arrived_s, self._last_s + LEAST_STEP_S)
        return self._last_s
