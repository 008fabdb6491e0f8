"""What happens to a signal on its way through electrodes, cable and amplifier.

Mains with harmonics, the motion artefact after each heel strike (4-18 Hz, dying away within 40 ms), lifted electrodes,
cable pops, the amplifier's upper frequency, its rails and its steps. Sizes come from the scenario's `sensor` table.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from monitor.simulation.calf import Calf
from monitor.simulation.contact import Artefact, SensorPlan
from monitor.simulation.emg import EmgSource
from monitor.simulation.noise import generator, key_of
from monitor.simulation.paged import Pages

Floats = NDArray[np.float64]
_HARMONICS = ((1, 1.0), (2, 0.06), (3, 0.3), (5, 0.12))  # order and share of the hum (assumed)
_MOTION_DECAY_S = 0.04
_PAGE_S = 4.0
_TAPS = 65
_CUTS = 0.38  # of the rate; an amplifier that ends above it cuts nothing that EMG has
_POP_SHARE = 4.0  # time constants of a cable pop within its length


class Emg(Protocol):
    """An EMG source with or without disturbances."""

    rate_hz: float
    labels: tuple[str, ...]

    def read(self, n_samples: int) -> tuple[Floats, Floats]:
        """The next samples: (n,) session seconds and (n, n_channels) uV."""
        ...

    def seek(self, time_s: float) -> None:
        """Go on with the first sample at or after a time."""
        ...


def emg_of(calf: Calf, labels: tuple[str, ...], *, rate_hz: float, seed: int = 0, upper_hz: float | None = None) -> Emg:
    """The EMG of a leg as its scenario's sensors give it.

    upper_hz : where the sensor's amplifier ends; None = nowhere
    """
    source = EmgSource(calf, labels, rate_hz=rate_hz, seed=seed)
    limited = upper_hz is not None and upper_hz < _CUTS * rate_hz
    if calf.contact.plan == SensorPlan() and not limited:
        return source
    return DisturbedEmg(source, calf, seed, upper_hz if limited else None)


class DisturbedEmg:
    """An EMG source and all that disturbs it; read in order, whatever the size of the reads."""

    def __init__(self, source: EmgSource, calf: Calf, seed: int, upper_hz: float | None) -> None:
        self.rate_hz, self.labels = source.rate_hz, source.labels
        self._source, self._calf = source, calf
        self._plan = calf.contact.plan
        self._key = key_of(calf.seed, calf.leg, "motion artefact", seed)
        self._turns = generator(key_of(calf.seed, calf.leg, "mains", seed)).uniform(0, 2 * np.pi, 8)
        self._taps = None if upper_hz is None else _low_pass(upper_hz / self.rate_hz)
        self._page_samples = max(1, round(_PAGE_S * self.rate_hz))
        self._pages = Pages(self._page, self._page_samples, len(self.labels), self.rate_hz)

    def read(self, n_samples: int) -> tuple[Floats, Floats]:
        """The next samples: (n,) session seconds and (n, n_channels) uV."""
        return self._pages.read(n_samples)

    def seek(self, time_s: float) -> None:
        """Go on with the first sample at or after a time."""
        self._pages.seek(time_s)

    def _page(self, number: int) -> Floats:
        first = number * self._page_samples
        time_s = np.arange(first, first + self._page_samples) / self.rate_hz
        samples_uv = self._clean(first) + self._hum(time_s)[:, None] + self._motion(time_s)[:, None]
        for item in self._calf.contact.artefacts(float(time_s[0]), float(time_s[-1])):
            for channel, label in enumerate(self.labels):
                if item.touches(label):
                    _disturb(samples_uv[:, channel], time_s, item, self._plan.mains_hz)
        return self._digitised(samples_uv)

    def _clean(self, first: int) -> Floats:
        """The source's samples of a page, behind the amplifier's upper frequency."""
        if self._taps is None:
            self._source.seek(first / self.rate_hz)
            return self._source.read(self._page_samples)[1].copy()
        half = _TAPS // 2
        before = min(first, half)
        self._source.seek((first - before) / self.rate_hz)
        wide = self._source.read(before + self._page_samples + half)[1]
        wide = np.pad(wide, ((half - before, 0), (0, 0)))
        return np.column_stack([np.convolve(column, self._taps, mode="valid") for column in wide.T])

    def _hum(self, time_s: Floats) -> Floats:
        if not self._plan.mains_uv:
            return np.zeros(len(time_s))
        return self._plan.mains_uv * _mains(time_s, self._plan.mains_hz, self._turns)

    def _motion(self, time_s: Floats) -> Floats:
        shaken = np.zeros(len(time_s))
        if not self._plan.motion_uv:
            return shaken
        reach_s = 10 * _MOTION_DECAY_S
        for strike_s, size in zip(*self._calf.strikes(time_s[0] - reach_s, time_s[-1]), strict=True):
            rng = generator(self._key, round(strike_s * 1000))
            hertz, turn, own = rng.uniform(4, 18), rng.uniform(0, 2 * np.pi), rng.uniform(0.3, 1.0)
            near = slice(*np.searchsorted(time_s, [strike_s, strike_s + reach_s]))
            late_s = time_s[near] - strike_s
            rise = 1.0 - np.exp(-late_s / 0.004)
            wave = np.sin(2 * np.pi * hertz * late_s + turn) * np.exp(-late_s / _MOTION_DECAY_S)
            shaken[near] += self._plan.motion_uv * size * own * rise * wave
        return shaken

    def _digitised(self, samples_uv: Floats) -> Floats:
        if self._plan.rail_uv is not None:
            samples_uv = np.clip(samples_uv, -self._plan.rail_uv, self._plan.rail_uv)
        step_uv = self._plan.step_uv
        return samples_uv if step_uv is None else step_uv * np.round(samples_uv / step_uv)


def _mains(time_s: Floats, mains_hz: float, turns: Sequence[float] | Floats) -> Floats:
    """A hum of amplitude 1 with its harmonics."""
    waves = [
        share * np.sin(2 * np.pi * mains_hz * order * time_s + turn)
        for (order, share), turn in zip(_HARMONICS, turns, strict=False)
    ]
    return np.sum(waves, axis=0)


def _disturb(samples_uv: Floats, time_s: Floats, item: Artefact, mains_hz: float) -> None:
    """Put one artefact into one channel."""
    near = slice(*np.searchsorted(time_s, [item.start_s, item.end_s]))
    late_s = time_s[near] - item.start_s
    if item.kind == "mains":
        samples_uv[near] += item.size * _mains(time_s[near], mains_hz, np.zeros(8))
    elif item.kind == "lift-off":  # the amplifier hangs in the air: hum and a wandering offset instead of the muscle
        offset = item.size * np.tanh(late_s / 0.02) * np.cos(2 * np.pi * 0.7 * late_s)
        samples_uv[near] = offset + 0.5 * item.size * _mains(time_s[near], mains_hz, np.zeros(8))
    elif item.kind == "cable pop":
        fall_s = (item.end_s - item.start_s) / _POP_SHARE
        samples_uv[near] += item.size * np.exp(-late_s / fall_s) * np.sign(np.sin(1000.0 * item.start_s))


def _low_pass(corner: float) -> Floats:
    """A symmetric low-pass (windowed sinc), corner in cycles per sample, gain 1 at 0."""
    n = np.arange(_TAPS) - _TAPS // 2
    taps = 2.0 * corner * np.sinc(2.0 * corner * n) * np.hamming(_TAPS)
    return taps / taps.sum()
