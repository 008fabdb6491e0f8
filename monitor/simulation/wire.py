"""From the sensor's clock to the session's: a clock that drifts, stamps that scatter, packets that are lost."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from monitor.simulation.contact import SensorPlan
from monitor.simulation.noise import generator, key_of

PACKET_S = 0.02
_CELL_PACKETS = 500  # loss is drawn for so many packets at once
_BURST_PACKETS = 4.0  # mean length of a loss (Gilbert-Elliott; assumed)
_WANDER_S = (37.0, 11.0)  # periods of what is left of the jitter after the clock's fit (assumed)


class Wire:
    """What one sensor's link and clock do to its samples; a function of plan, sensor and seed alone.

    rate_hz : the true rate, by the session's clock; nominal_hz is what the sensor believes
    """

    def __init__(self, plan: SensorPlan, sensor: str, seed: int, nominal_hz: float) -> None:
        rng = generator(key_of(seed, sensor, "clock"))
        self.rate_hz = nominal_hz * (1.0 + 1e-6 * plan.drift_ppm * rng.uniform(-1.0, 1.0))
        self._turns = rng.uniform(0, 2 * np.pi, 2)
        self._jitter_s = plan.jitter_s
        self._lost = plan.lost
        self._key = key_of(seed, sensor, "loss")
        self._packet_samples = max(1, round(PACKET_S * nominal_hz))
        self._cell: tuple[int, NDArray[np.bool_]] | None = None

    def stamps_s(self, time_s: NDArray[np.float64]) -> NDArray[np.float64]:
        """The samples' times as the session stamps them: within the jitter of the true ones, still rising."""
        if not self._jitter_s:
            return time_s
        waves = [
            np.sin(2 * np.pi * time_s / period + turn) for period, turn in zip(_WANDER_S, self._turns, strict=True)
        ]
        return time_s + self._jitter_s * (0.7 * waves[0] + 0.3 * waves[1])

    def lost(self, first: int, end: int) -> NDArray[np.bool_]:
        """Which of the samples first..end-1 are lost on the way."""
        if not self._lost or end <= first:
            return np.zeros(max(0, end - first), dtype=bool)
        packets = np.arange(first, end) // self._packet_samples
        cells = packets // _CELL_PACKETS
        result = np.empty(len(packets), dtype=bool)
        for cell in np.unique(cells):
            rows = cells == cell
            result[rows] = self._cell_of(int(cell))[packets[rows] % _CELL_PACKETS]
        return result

    def _cell_of(self, number: int) -> NDArray[np.bool_]:
        if self._cell is None or self._cell[0] != number:
            self._cell = (number, self._chain(generator(self._key, number)))
        return self._cell[1]

    def _chain(self, rng: np.random.Generator) -> NDArray[np.bool_]:
        """Good and bad stretches in turn, each of geometric length."""
        good = _BURST_PACKETS * (1.0 - self._lost) / self._lost
        bad = bool(rng.uniform() < self._lost)
        stretches: list[NDArray[np.bool_]] = []
        while sum(map(len, stretches)) < _CELL_PACKETS:
            mean = _BURST_PACKETS if bad else max(good, 1.0)
            stretches.append(np.full(int(rng.geometric(1.0 / mean)), bad))
            bad = not bad
        return np.concatenate(stretches)[:_CELL_PACKETS]
