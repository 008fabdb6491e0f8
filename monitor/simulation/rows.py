"""What a generator of EMG makes: one row for each electrode pair, and one for each muscle that is heard from afar."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitor.simulation.calf import Calf
from monitor.simulation.montage import OTHER_HEAD_SHARE, SOLEUS_SHARE, Muscle, Place, place_of
from monitor.simulation.spectrum import Shape

Floats = NDArray[np.float64]

_COURSE_S = 0.004  # truths are asked for so often and drawn straight in between
_DEEP = 0.75  # the soleus' spectrum against that of GM: it lies deeper; assumed
_HEADS: tuple[Muscle, Muscle] = ("GM", "GL")


@dataclass(frozen=True, slots=True)
class Row:
    """One signal to make: what a calf says about a channel, and where it lies. The soleus follows the drive of GM."""

    calf: Calf
    label: str
    place: Place

    @property
    def follows(self) -> tuple[str, bool]:
        """Rows that follow the same truth have the same."""
        return self.label, self.place.muscle == "SOL"

    @property
    def full_uv(self) -> float:
        """RMS at full voluntary drive."""
        return self.calf.site(self.label).full_uv

    @property
    def shape(self) -> Shape:
        """Fresh spectrum at an ankle angle of 0 deg."""
        shape = self.calf.site(self.label).shape
        return Shape(_DEEP * shape.low_hz, _DEEP * shape.high_hz) if self.place.muscle == "SOL" else shape

    def scale(self, time_s: Floats) -> Floats:
        """Scale of the spectrum."""
        return self.calf.spectral_scale(time_s, self.label)

    def rms_uv(self, time_s: Floats) -> Floats:
        """RMS of all of it."""
        if self.place.muscle == "SOL":
            return self.full_uv * self.calf.drive(time_s)
        return self.calf.rms_uv(time_s, self.label)

    def level(self, time_s: Floats) -> Floats:
        """RMS of voluntary activity and tone against full_uv, without what temperature does to it."""
        drive = self.calf.drive(time_s)
        if self.place.muscle == "SOL":
            return drive
        return np.hypot(drive, self.calf.quiet_uv(time_s, self.label) / self.full_uv)

    def cramp_level(self, time_s: Floats) -> Floats:
        """RMS of a cramp's discharge, likewise."""
        if self.place.muscle == "SOL":
            return np.zeros(len(time_s))
        return self.calf.cramp_uv(time_s, self.label) / self.full_uv

    def loudness(self, time_s: Floats) -> Floats:
        """RMS against what the levels alone would give: what temperature does to the amplitude."""
        if self.place.muscle == "SOL":
            return np.ones(len(time_s))
        return self.rms_uv(time_s) / (self.full_uv * np.hypot(self.level(time_s), self.cramp_level(time_s)))


@dataclass(frozen=True, slots=True)
class Layout:
    """The rows of a set of channels, theirs first, and what each channel hears of rows that are not its own.

    shares : (n_rows, n_channels), amplitudes
    """

    rows: tuple[Row, ...]
    shares: Floats

    def channels(self, rows_uv: Floats) -> Floats:
        """(n, n_rows) -> (n, n_channels)."""
        channels = rows_uv[:, : self.shares.shape[1]].copy()
        for row in np.flatnonzero(self.shares.any(axis=1)):
            channels += rows_uv[:, row, None] * self.shares[row]
        return channels

    def powers(self, rows: Floats) -> Floats:
        """The same for powers, (n_rows, n_freq) -> (n_channels, n_freq)."""
        return rows[: self.shares.shape[1]] + np.einsum("rc,rf->cf", self.shares**2, rows)


def layout(calf: Calf, labels: tuple[str, ...]) -> Layout:
    """The channels of one leg, the soleus and, where a channel lies on one head, the other head."""
    rows = [Row(calf, label, place_of(label)) for label in labels]
    channels = tuple(rows)
    soleus = Row(calf, "GM", Place("SOL"))
    heard = {soleus: [SOLEUS_SHARE * channel.full_uv / soleus.full_uv for channel in channels]}
    for head in _HEADS:
        heard[Row(calf, head, Place(head))] = [OTHER_HEAD_SHARE * (each.place.muscle != head) for each in channels]
    rows += [row for row, shares in heard.items() if any(shares) and row not in channels]
    return Layout(tuple(rows), np.array([heard.get(row, [0.0] * len(channels)) for row in rows]))


def course(curve: Callable[[Floats], Floats], first: int, n_samples: int, rate_hz: float) -> Floats:
    """A slow curve of session time at the samples first, first + 1, ...: asked for every 4 ms, straight in between."""
    step = max(1, round(_COURSE_S * rate_hz))
    knots = np.arange(0, n_samples + step, step)
    return np.interp(np.arange(n_samples), knots, curve((first + knots) / rate_hz))
