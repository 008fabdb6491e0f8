"""An hour in which the athlete is out of range for 60 s in every 120 s, beside the same hour unbroken.

    python tests/soak/coming_and_going.py [--minutes 60] [--seed 1] [--legs left right]

The whole kit of the virtual athlete (a uMyo on the calf, a WitMotion on shank and foot) sends its packets into a real
session; a sensor out of range goes on counting, and nobody hears it. All runs in session time: nothing waits. The calf
does hard work and tires over the hour; it does not cramp, so WARN and CRAMP are false. Contraction time is the true
one, of that leg, between the two WATCHes. One JSON object at the end; exit code 1 if something is wrong.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from monitor.acquisition.profile import find
from monitor.acquisition.profile_model import Profile
from monitor.events import Event, Heartbeat, Link, LinkChange, Notification
from monitor.leg import Leg
from monitor.session import Session
from monitor.settings import Settings
from monitor.simulation.calf import Calf
from monitor.simulation.kit import Item, LegSignals, items
from monitor.simulation.producer import Producer
from monitor.simulation.scenario import LegPlan, Part, Scenario
from monitor.simulation.step import Step
from monitor.team import Athlete, LegSide, Team

OUT_S, EVERY_S = 60.0, 120.0
INTERVAL_S, HEARTBEAT_S = 0.03, 0.5
SUPERVISION_S = 1.0  # until a silent link is given up
LATER_MIN = 2.0
WATCHES = ("WATCH", "WARN", "CRAMP")
_TIRING = ((0.0, 1.0), (0.19, 0.995), (0.38, 0.96), (0.57, 0.895), (0.75, 0.825), (0.94, 0.77), (1.4, 0.74))


def hard_work(minutes: float) -> Scenario:
    """Calibration, then heel raises, holds and walks; both calves tire over so many minutes."""
    curve = tuple((60.0 * minutes * share, scale) for share, scale in _TIRING)
    begin = Part(steps=_steps("stand 8", "pumps 15", "walk 20"))
    work = _steps("stand 20", "raises 24", "stand 14", "walk 25", "hold 10", "raises 26")
    turn_s = sum(step.seconds for step in work)
    parts = (begin, *([Part(steps=work)] * (int(60 * minutes / turn_s) + 1)))
    legs: dict[LegSide, LegPlan] = {leg: LegPlan(compression=curve) for leg in ("left", "right")}
    return Scenario(name="hour", title="An hour of hard calf work; none cramps", part=parts, leg=legs, athlete={})


def _steps(*told: str) -> tuple[Step, ...]:
    return tuple(Step(activity=one.split()[0], seconds=float(one.split()[1])) for one in told)


@dataclass
class Worn:
    """One sensor and what it sends."""

    item: Item
    profile: Profile
    producers: list[Producer]
    linked: bool = False

    def sent(self, now_s: float) -> list[tuple[str, bytes]]:
        """What it has sent up to now, whether anybody hears it or not."""
        packets: list[tuple[str, bytes]] = []
        for producer in self.producers:
            producer.advance(now_s)
            packets += producer.queue
            producer.queue.clear()
        return packets


def worn_by(calves: dict[LegSide, Calf], seed: int) -> list[Worn]:
    """The kit of these legs."""
    worn = []
    for item in items(1):
        if item.leg in calves:
            profile = find(item.profile_id, name=item.name)
            band_hz = profile.quality.bandwidth_hz
            segment = "foot" if item.place == "foot" else "shank"
            signals = LegSignals(calves[item.leg], segment, seed, band_hz[1] if band_hz else None)
            worn.append(Worn(item, profile, [Producer(profile, notify, signals, 0.0) for notify in profile.sim.notify]))
    return worn


def is_out(now_s: float, out_s: float, every_s: float) -> bool:
    """Whether the athlete is out of range: the last `out_s` of every `every_s`."""
    return out_s > 0 and now_s % every_s >= every_s - out_s


def events(kit: Sequence[Worn], seconds: float, out_s: float, every_s: float) -> Iterator[Event]:
    """As a radio would tell them."""
    next_beat_s = 0.0
    for step in range(1, round(seconds / INTERVAL_S)):
        now_s = step * INTERVAL_S
        out = is_out(now_s, out_s, every_s)
        while next_beat_s <= now_s:
            yield Heartbeat(next_beat_s)
            next_beat_s += HEARTBEAT_S
        for worn in kit:
            packets, name = worn.sent(now_s), worn.item.name
            if worn.linked and out and is_out(now_s - SUPERVISION_S, out_s, every_s):
                worn.linked = False
                yield LinkChange(now_s, name, Link.LOST, "the link was lost")
            elif not worn.linked and not out:
                worn.linked = True
                yield LinkChange(now_s, name, Link.LIVE)
            if not out:
                yield from (Notification(now_s, name, worn.profile.uuid(char), payload) for char, payload in packets)


def played(scenario: Scenario, seed: int, seconds: float, legs: Sequence[LegSide], out_s: float) -> dict[str, Any]:
    """One run: by leg its state changes, when its baseline stood and how often it and the ankle were learnt."""
    calves: dict[LegSide, Calf] = {leg: Calf(scenario, leg, seed) for leg in legs}
    kit = worn_by(calves, seed)
    people = Team(athletes=(Athlete(name="A1", sensors=tuple(worn.item.sensor for worn in kit)),))
    profiles = {worn.item.name: find(worn.item.profile_id, name=worn.item.name) for worn in kit}
    session = Session(people, profiles, Settings())
    learnt = {leg.leg: Learnt() for leg in session.legs}
    states: dict[str, list[tuple[float, str, tuple[str, ...]]]] = {leg.leg: [] for leg in session.legs}
    for event in events(kit, seconds, out_s, EVERY_S):
        outcome = session.feed(event)
        for change in outcome.changes:
            states[str(change.leg)].append((change.time_s, str(change.state), change.reasons))
        for leg, _ in outcome.seconds:
            learnt[leg.leg].look(leg)
    return {
        leg: {"states": states[leg], "ankle_calibrations": of.ankles, "baselines": of.baselines, "ready_s": of.ready_s}
        for leg, of in learnt.items()
    }


class Learnt:
    """How often a leg's ankle calibration and EMG baseline became others."""

    def __init__(self) -> None:
        self.ankles = self.baselines = 0
        self.ready_s: float | None = None
        self._ankle: object = None
        self._baseline: object = None

    def look(self, leg: Leg) -> None:
        """After each second."""
        ankle = leg.stored().calibration
        if ankle is not None and ankle != self._ankle:
            self.ankles, self._ankle = self.ankles + 1, ankle
        baseline = None if leg.path is None else leg.path.stored()
        if baseline is not None and self._baseline is None:
            self.ready_s = leg.history[-1].time_s
        if baseline is not None and repr(baseline) != self._baseline:
            self.baselines, self._baseline = self.baselines + 1, repr(baseline)


def watched_s(states: Sequence[tuple[float, str, tuple[str, ...]]]) -> float | None:
    """When WATCH, or more, was said first."""
    return next((time_s for time_s, state, _ in states if state in WATCHES), None)


def contraction_min(calf: Calf, begin_s: float, end_s: float) -> float:
    """True contraction time between two moments, minutes."""
    spans = [(max(a, begin_s), min(b, end_s)) for a, b in calf.contractions(end_s)]
    return sum(b - a for a, b in spans if b > a) / 60


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--legs", nargs="+", choices=("left", "right"), default=["left", "right"])
    given = parser.parse_args()
    scenario = hard_work(given.minutes)
    for out in (0.0, OUT_S):
        import time

        t = time.process_time()
        r = played(scenario, given.seed, 60 * given.minutes, given.legs, out)
        print(out, json.dumps(r), time.process_time() - t)
    return 0


if __name__ == "__main__":
    sys.exit(main())
