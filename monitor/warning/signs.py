"""The signs of one calf beside its fatigue: how it rests, how it lets go, whether it works without a pause."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitor.breaks import Breaks
from monitor.chunk import Chunk, Stream
from monitor.medians import channel_median
from monitor.settings import Settings
from monitor.warning.cramp import COLUMNS, CrampWatch
from monitor.warning.discharges import Discharges
from monitor.warning.quiet import QuietActivity, QuietTicks, quiet_input
from monitor.warning.relaxation import LateRelaxation, RelaxationBaseline, relaxation_input

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Signs:
    """What is known at the end of a second; NaN = unknown. sustained : a row of CrampWatch's output."""

    quiet_ratio: float
    twitches_per_min: float
    twitch_baseline_per_min: float
    tonic_s_per_min: float
    relaxation_z: float
    relaxation_of: float  # contractions
    sustained: Floats


class SignWatch:
    """ticks : Stream              output of TickFeatures

    quiet_uv, twitches_per_min, relaxation : baselines of an earlier session, None = none.
    breaks : in which the clocks of the baselines stand still
    """

    def __init__(
        self,
        ticks: Stream,
        settings: Settings,
        quiet_uv: tuple[float, ...] | None,
        twitches_per_min: float | None,
        relaxation: RelaxationBaseline | None,
        breaks: Breaks | None = None,
    ) -> None:
        signs, baseline = settings.signs, settings.baseline
        self._ticks = QuietTicks(quiet_input(ticks), signs)
        self.quiet = QuietActivity(self._ticks.output, signs, baseline, quiet_uv, breaks)
        self.discharges = Discharges(self._ticks.output, signs, baseline, twitches_per_min, breaks)
        self.relaxation = LateRelaxation(relaxation_input(ticks.source_id), signs, baseline, relaxation, breaks)
        self._sustained = CrampWatch(self._ticks.input, settings.cramp, baseline, settings.angle)
        self._quiet_told, self._relaxation_told = (math.nan,), (math.nan, 0.0)
        self._discharges_told = (math.nan,) * len(self.discharges.output.channels)
        self._sustained_told = np.full(len(COLUMNS), math.nan)

    def push(self, ticks_s: Floats, rows: Floats, hum_changed_s: Floats, hum_taken: Floats) -> Signs:
        """The ticks of a second, see `quiet_input`; what the signs have come to say.

        hum_changed_s : for so long each channel has had its hum, or none (C,).
        hum_taken : what was taken off the mean squares of the second as hum (C,).
        """
        quiet_ticks = self._ticks.push(Chunk(self._ticks.input, ticks_s, rows))
        self._quiet_told = _newest(self.quiet.push(quiet_ticks), self._quiet_told)
        self._discharges_told = _newest(self.discharges.push(quiet_ticks), self._discharges_told)
        self._sustained.hum_changed_s, self._sustained.hum_taken = hum_changed_s, hum_taken
        sustained = self._sustained.push(Chunk(self._sustained.input, ticks_s, rows))
        self._sustained_told = sustained.samples[-1] if len(sustained) else self._sustained_told
        amplitude = np.empty((len(rows), 3))
        amplitude[:, 0], amplitude[:, 1:] = np.sqrt(channel_median(rows[:, :-2:3])), rows[:, -2:]
        relaxation = self.relaxation.push(Chunk(self.relaxation.input, ticks_s, amplitude))
        self._relaxation_told = _newest(relaxation, self._relaxation_told)
        told = (*self._quiet_told, *self._discharges_told, *self._relaxation_told)
        return Signs(*told, sustained=self._sustained_told)

    @property
    def sustained(self) -> bool:
        """Whether the calf was working without a pause when it was last seen."""
        return bool(self._sustained_told[0] > 0)

    def freeze(self) -> None:
        """Keep the baselines as they are."""
        for sign in (self.quiet, self.discharges, self.relaxation):
            sign.freeze()


def _newest(told: Chunk, before: tuple[float, ...]) -> tuple[float, ...]:
    """The newest row, or as before where there is none."""
    return tuple(told.samples[-1].tolist()) if len(told) else before
