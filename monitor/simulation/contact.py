"""What happens to a sensor, and when; and what an electrode that slips or sweats makes of the muscle's signal.

Sizes (assumed): sweat changes the gain by up to 30 % an hour; a shifted electrode sees 0.6 to 1.6 times the amplitude
and a spectrum up to 8 % off; a lifted one hangs at the rail for 50 ms to some seconds.
"""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from monitor.simulation.noise import generator, key_of
from monitor.team import LegSide

Floats = NDArray[np.float64]
Kind = Literal["lift-off", "cable pop", "shift", "mains"]
_CELL_S = 600.0
_KINDS: tuple[Kind, ...] = ("lift-off", "cable pop", "shift", "mains")
_LENGTH_S: dict[Kind, tuple[float, float]] = {
    "lift-off": (0.05, 6.0),
    "cable pop": (0.3, 1.5),
    "shift": (0.0, 0.0),
    "mains": (5.0, 60.0),
}
_SIZE: dict[Kind, tuple[float, float]] = {  # uV; of a shift the gain
    "lift-off": (500.0, 3000.0),
    "cable pop": (800.0, 6000.0),
    "shift": (0.6, 1.6),
    "mains": (10.0, 150.0),
}
_SHIFT_SCALE = 0.08  # largest change of the spectral scale
Share = Annotated[float, Field(ge=0, le=1)]
PerHour = Annotated[float, Field(ge=0, le=600)]


class Artefact(BaseModel):
    """One thing that happens to one leg's electrodes.

    channel : GM, GL or None = all of the sensor's; size : uV, of a shift its gain
    scale : of a shift, what it does to the spectral scale
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    kind: Kind
    leg: LegSide
    start_s: float
    end_s: float
    channel: str | None = None
    size: float = Field(gt=0)
    scale: float = Field(default=1.0, gt=0.8, lt=1.25)

    def touches(self, label: str) -> bool:
        """Whether a channel shows it."""
        return self.channel is None or label.startswith(self.channel)


class SensorPlan(BaseModel):
    """How well the sensors sit and work; the defaults are a sensor in a quiet laboratory.

    noise_uv : RMS of the white noise of skin, electrode and amplifier (assumed, typical of wireless surface electrodes)
    mains_uv, mains_hz : a steady hum, with weaker harmonics; motion : artefact after a heel strike of walking, uV
    sweat_per_h : how fast the gain drifts; lift_offs, cable_pops, shifts, mains_bursts : per hour and leg
    rail_uv, step_uv : limits and resolution of the amplifier, None = none
    drift_ppm, jitter_s : a clock is off by up to so much, its stamps scatter; lost : share of the packets
    event : things that happen at told times
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    noise_uv: float = Field(default=2.5, ge=0, le=200)
    mains_uv: float = Field(default=0.0, ge=0, le=2000)
    mains_hz: Literal[50, 60] = 50
    motion_uv: float = Field(default=0.0, ge=0, le=2000)
    sweat_per_h: float = Field(default=0.0, ge=-0.5, le=0.5)
    lift_offs: PerHour = 0.0
    cable_pops: PerHour = 0.0
    shifts: PerHour = 0.0
    mains_bursts: PerHour = 0.0
    rail_uv: float | None = Field(default=None, gt=0)
    step_uv: float | None = Field(default=None, gt=0)
    drift_ppm: float = Field(default=0.0, ge=0, le=200)
    jitter_s: float = Field(default=0.0, ge=0, le=0.05)
    lost: Share = 0.0
    event: tuple[Artefact, ...] = ()

    def delayed(self, seconds: float) -> SensorPlan:
        """The same, so many seconds later."""
        moved = tuple(
            item.model_copy(update={"start_s": item.start_s + seconds, "end_s": item.end_s + seconds})
            for item in self.event
        )
        return self.model_copy(update={"event": moved})


class Contact:
    """The electrodes of one leg through a session: what happens to them, and their gain and spectral scale.

    A function of plan, leg and seed alone.
    """

    def __init__(self, plan: SensorPlan, leg: LegSide, seed: int) -> None:
        self.plan = plan
        self.leg: LegSide = leg
        self._key = key_of(seed, leg, "artefacts")
        self._cells: dict[int, tuple[Artefact, ...]] = {}
        self._per_h = dict(zip(_KINDS, (plan.lift_offs, plan.cable_pops, plan.shifts, plan.mains_bursts), strict=True))

    def artefacts(self, start_s: float, until_s: float) -> list[Artefact]:
        """All that overlaps a span of time, in order."""
        first = max(0, int((start_s - max(high for _, high in _LENGTH_S.values())) // _CELL_S))
        drawn = [item for number in range(first, int(max(until_s, 0.0) // _CELL_S) + 1) for item in self._cell(number)]
        told = [item for item in self.plan.event if item.leg == self.leg]
        found = [item for item in drawn + told if item.start_s < until_s and item.end_s >= start_s]
        return sorted(found, key=lambda item: item.start_s)

    def gain(self, time_s: Floats, label: str) -> Floats:
        """Amplitude against that of the session's start."""
        drift = 1.0 + self.plan.sweat_per_h * np.minimum(time_s, 7200.0) / 3600.0
        return drift * self._shifted(time_s, label, "size")

    def scale(self, time_s: Floats, label: str) -> Floats:
        """Spectral scale against that of the session's start."""
        return self._shifted(time_s, label, "scale")

    def _shifted(self, time_s: Floats, label: str, what: Literal["size", "scale"]) -> Floats:
        result = np.ones(len(time_s))
        if not len(time_s) or not (self._per_h["shift"] or self.plan.event):
            return result
        for item in self.artefacts(0.0, float(time_s.max())):
            if item.kind == "shift" and item.touches(label):
                result[time_s >= item.start_s] *= getattr(item, what)
        return np.clip(result, 0.3, 3.0) if what == "size" else np.clip(result, 0.85, 1.15)

    def _cell(self, number: int) -> tuple[Artefact, ...]:
        if number not in self._cells:
            rng = generator(self._key, number)
            self._cells[number] = tuple(
                self._draw(kind, number, rng)
                for kind, per_h in self._per_h.items()
                for _ in range(rng.poisson(per_h * _CELL_S / 3600.0))
            )
        return self._cells[number]

    def _draw(self, kind: Kind, number: int, rng: np.random.Generator) -> Artefact:
        start_s = round(float(_CELL_S * (number + rng.uniform())), 3)
        low, high = _LENGTH_S[kind]
        length_s = float(np.exp(rng.uniform(np.log(low), np.log(high)))) if high else 0.0
        size = float(np.exp(rng.uniform(*np.log(_SIZE[kind]))))
        channel = None if kind == "mains" else str(rng.choice(["GM", "GL"]))
        scale = 1.0 + float(rng.uniform(-_SHIFT_SCALE, _SHIFT_SCALE)) if kind == "shift" else 1.0
        return Artefact(
            kind=kind,
            leg=self.leg,
            start_s=start_s,
            end_s=round(start_s + length_s, 3),
            channel=channel,
            size=round(size, 3),
            scale=round(scale, 4),
        )
