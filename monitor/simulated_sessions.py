"""Simulated sessions through the real leg, fast: what `fit` and `evaluate` learn and judge from.

Each leg is a `Leg` as in a live session, fed with EMG and with the ankle angle itself, as a table would bring it
(a calibrated angle with a small error of its own): the orientation filter is left out, and with it most of the time.
Sensor clocks, lost packets and the radio are left out too; electrodes, motion and mains are as the scenario says.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitor.chunk import Channel, Chunk, Stream
from monitor.leg import Leg, LegSecond
from monitor.settings import Settings
from monitor.simulation.calf import Calf
from monitor.simulation.disturbances import emg_of
from monitor.simulation.noise import generator, key_of
from monitor.simulation.scenario import CrampPlan, Scenario
from monitor.simulation.truth import LEGS
from monitor.team import LegSide
from monitor.warning.context import Context

_ANGLE_RATE_HZ = 50.0
_BLOCK_S = 60
_OFFSET_DEG, _WANDER_DEG, _WANDER_S = 1.5, 1.0, 40.0  # detector study: 1.9 deg RMSE in all


@dataclass(frozen=True, slots=True)
class Kit:
    """What the athlete wears on each leg. labels : EMG channels; angle : an ankle angle is known."""

    labels: tuple[str, ...] = ("GM",)
    emg_hz: float = 1000.0
    angle: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class PlayedLeg:
    """One leg's session and its truth. cramps : in order, `start_s` as the truth file gives it."""

    leg: LegSide
    seconds: tuple[LegSecond, ...]
    cramps: tuple[tuple[float, CrampPlan], ...]


def play(
    session: Scenario, seed: int, settings: Settings, kit: Kit | None = None, minutes: float | None = None
) -> tuple[PlayedLeg, ...]:
    """Both legs, left first. minutes : of the session; None = all of it."""
    return tuple(play_leg(session, leg, seed, settings, kit, minutes) for leg in LEGS)


def play_leg(
    session: Scenario,
    leg: LegSide,
    seed: int,
    settings: Settings,
    kit: Kit | None = None,
    minutes: float | None = None,
) -> PlayedLeg:
    """One leg of a session, every second of it."""
    kit = kit or Kit()
    calf = Calf(session, leg, seed)
    until_s = int(session.length_s if minutes is None else min(60 * minutes, session.length_s))
    stream = Stream("emg", kit.emg_hz, tuple(Channel(label, "uV") for label in kit.labels), f"simulated {leg}")
    roles = frozenset({"emg", "angle"} if kit.angle else {"emg"})
    watched = Leg("", leg, roles, settings, context=Context(planned_s=session.length_s))
    source = emg_of(calf, kit.labels, rate_hz=kit.emg_hz)
    seconds: list[LegSecond] = []
    for start_s in range(0, until_s, _BLOCK_S):
        length_s = min(_BLOCK_S, until_s - start_s)
        time_s, samples_uv = source.read(round(length_s * kit.emg_hz))
        watched.push("emg", Chunk(stream, time_s, samples_uv.astype(np.float32)))
        if kit.angle:
            watched.push("angle", angle_table(calf, start_s, length_s))
        seconds += watched.advance(start_s + length_s, 0.5)
    seconds += watched.finish()
    cramps = tuple((cramp.start_s, cramp.plan) for cramp in calf.cramps if cramp.start_s < until_s)
    return PlayedLeg(leg, tuple(seconds), cramps)


def angle_table(calf: Calf, start_s: float, length_s: float) -> Chunk:
    """The ankle angle of a span of time, deg, with the error that a calibrated one has."""
    time_s = start_s + np.arange(round(length_s * _ANGLE_RATE_HZ)) / _ANGLE_RATE_HZ
    stream = Stream("angle", _ANGLE_RATE_HZ, (Channel("ankle", "deg"),), f"simulated {calf.leg}")
    return Chunk(stream, time_s, angle_deg(calf, time_s)[:, None])


def angle_deg(calf: Calf, time_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """The ankle angle as the sensors would tell it: off by a constant and by what wanders."""
    rng = generator(key_of(calf.seed, calf.leg, "played angle"))
    offset_deg, turn = _OFFSET_DEG * rng.standard_normal(), rng.uniform(0, 2 * np.pi)
    wander_deg = _WANDER_DEG * np.sin(2 * np.pi * time_s / _WANDER_S + turn)
    return calf.angle_deg(time_s) + offset_deg + wander_deg
