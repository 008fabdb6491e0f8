"""Whether, when and how the calves of a random session cramp, and which precursors pass without a cramp."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from monitor.simulation.noise import generator, key_of
from monitor.simulation.ranges import Traits, draw_traits, ranges
from monitor.simulation.scenario import CrampPlan, FalseStart, Precursor
from monitor.simulation.step import Step
from monitor.team import LegSide

_CRAMPS = 0.45  # share of sessions with a cramp: far more than in life, so that an evaluation has some to count
_FALSE_STARTS = 1.0  # precursors without a cramp in a session, for each that `false_starts` asks beside a cramp
_SYSTEMIC = 0.05  # share of sessions in which both calves grow restless together (assumed)
_LATE = (0.35, 0.95)  # of the session: cramps come late (rugby league: typically in the last 10 minutes)
_AGAIN_S = (240.0, 900.0)  # after a cramp
_FREE_S = 600.0  # so long before a cramp no other precursor begins on that leg
_KINDS = ("all signs", "quiet EMG", "twitches", "relaxation")
_KIND_SHARES = (0.5, 0.2, 0.15, 0.15)
_WHILE = ("run", "raises", "point", "sprint", "walk")
_WHILE_SHARES = (0.3, 0.3, 0.2, 0.1, 0.1)


@dataclass(slots=True)
class Fate:
    """What the session has in store. `due` says when a cramp comes, `cramp` plays it and enters it into the plans."""

    leg: LegSide
    at_s: list[float]
    traits: Traits
    cramps: dict[LegSide, list[CrampPlan]]
    false_starts: dict[LegSide, list[FalseStart]]

    def due(self, now_s: float) -> bool:
        """Whether a cramp comes now."""
        return bool(self.at_s) and now_s >= self.at_s[0]

    def cramp(self, now_s: float, rng: np.random.Generator) -> list[Step]:
        """An activity in which the next cramp comes, bearing it, stretching it away, and a rest."""
        self.at_s.pop(0)
        activity = str(rng.choice(_WHILE, p=_WHILE_SHARES))
        active_s = round(float(rng.uniform(6.0, 16.0)), 1)
        onset_s = now_s + active_s * rng.uniform(0.4, 0.8)
        bearing_s = max(ranges()["bearing_s"].draw(rng), active_s - (onset_s - now_s) + 5.0)
        pointed_s = round(max(4.0, onset_s + bearing_s - now_s - active_s), 1)
        stretch_s = now_s + active_s + pointed_s
        rise_s = min(ranges()["rise_s"].draw(rng), 0.7 * bearing_s)
        self.cramps[self.leg].append(
            CrampPlan(
                onset_s=onset_s,
                rise_s=rise_s,
                stretch_s=stretch_s + 1.5,
                plateau=ranges()["plateau"].draw(rng),
                precursor=self._precursor(onset_s, rng),
            )
        )
        self.false_starts[self.leg] = [
            start for start in self.false_starts[self.leg] if not onset_s - _FREE_S < start.start_s < stretch_s
        ]
        seconds = (("point", pointed_s), ("stretch", 30.0), ("sit", round(float(rng.uniform(20.0, 90.0)), 1)))
        return [Step.model_validate(step) for step in ((activity, active_s), *seconds)]

    def _precursor(self, onset_s: float, rng: np.random.Generator) -> Precursor:
        if rng.uniform() < self.traits["sudden"]:
            return Precursor(kind="none", start_s=onset_s, strength=0.0)
        start_s = onset_s - 60.0 * ranges()["length_min"].draw(rng)
        return Precursor(kind=_kind(rng), start_s=start_s, strength=ranges()["strength"].draw(rng))


def draw_fate(seed: int, begin_s: float, end_s: float) -> Fate:
    """The fate of a session whose training lies between two times."""
    rng = generator(key_of(seed, "fate"))
    leg: LegSide = "left" if rng.uniform() < 0.5 else "right"
    traits = draw_traits(seed, leg)
    at_s = []
    if rng.uniform() < _CRAMPS:
        at_s.append(begin_s + (end_s - begin_s) * rng.uniform(*_LATE))
        if rng.uniform() < traits["again"]:
            at_s.append(at_s[0] + rng.uniform(*_AGAIN_S))
    false_starts: dict[LegSide, list[FalseStart]] = {"left": [], "right": []}
    for _ in range(rng.poisson(_CRAMPS * (1.0 + traits["again"]) * _FALSE_STARTS * traits["false_starts"])):
        side: LegSide = "left" if rng.uniform() < 0.5 else "right"
        start_s = rng.uniform(begin_s, end_s)
        false_starts[side].append(_false_start(start_s, ranges()["strength"].draw(rng), rng))
    if rng.uniform() < _SYSTEMIC:
        start_s, strength = rng.uniform(begin_s, 0.7 * end_s), rng.uniform(0.6, 1.0)
        shared = FalseStart(kind="all signs", start_s=start_s, end_s=start_s + rng.uniform(300, 900), strength=strength)
        false_starts = {side: [*starts, shared] for side, starts in false_starts.items()}
    return Fate(leg, at_s, traits, {"left": [], "right": []}, false_starts)


def _false_start(start_s: float, strength: float, rng: np.random.Generator) -> FalseStart:
    end_s = start_s + 60.0 * ranges()["length_min"].draw(rng)
    return FalseStart(kind=_kind(rng), start_s=start_s, end_s=end_s, strength=strength)


def _kind(rng: np.random.Generator) -> str:
    return str(rng.choice(_KINDS, p=_KIND_SHARES))
