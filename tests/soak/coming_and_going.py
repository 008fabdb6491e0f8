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
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from monitor.acquisition.profile import find
from monitor.acquisition.profile_model import Profile
from monitor.contraction.ankle_angle import AnkleAngle
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
_TIRING = ((0.0, 1.0), (0.19, 0.995), (0.38, 0.96), (0.57, 0.895), (0.75, 0.825), (0.94, 0.77), (1.4, 0.74))


def hard_work(minutes: float) -> Scenario:
    """Calibration, then heel raises, holds and walks; both calves tire over so many minutes."""
    curve = tuple((60.0 * minutes * share, scale) for share, scale in _TIRING)
    begin = Part(steps=_steps("stand 8", "pumps 15", "walk 20"))
    work = _steps("stand 20", "raises 24", "stand 14", "walk 25", "hold 10", "raises 26")
    turn_s = sum(step.seconds for step in work)
    parts = (begin, *([Part(steps=work)] * (int(60 * minutes / turn_s) + 1)))
    legs: dict[LegSide, LegPlan] = {leg: LegPlan(compression=curve) for leg in ("left", "right")}
    return Scenario(name="hour", title="An hour of hard calf work; none cramps", part=parts, leg=legs)


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


def played(scenario: Scenario, seed: int, seconds: float, legs: Sequence[LegSide], out_s: float) -> dict[str, Run]:
    """One run, by leg."""
    calves: dict[LegSide, Calf] = {leg: Calf(scenario, leg, seed) for leg in legs}
    kit = worn_by(calves, seed)
    people = Team(athletes=(Athlete(name="A1", sensors=tuple(worn.item.sensor for worn in kit)),))
    session = Session(people, {worn.item.name: worn.profile for worn in kit}, Settings())
    runs = {leg.leg: Run(calves[leg.leg]) for leg in session.legs}  # type: ignore[index]
    for event in events(kit, seconds, out_s, EVERY_S):
        outcome = session.feed(event)
        for change in outcome.changes:
            runs[str(change.leg)].states.append((change.time_s, str(change.state)))
        for leg, _ in outcome.seconds:
            runs[leg.leg].look(leg)
    return runs


@dataclass
class Run:
    """What one leg of one run came to. states : all changes; ankles : how often its ankle was calibrated."""

    calf: Calf
    states: list[tuple[float, str]] = field(default_factory=list)
    ankles: int = 0
    _ankle: object = None

    def look(self, leg: Leg) -> None:
        """After each second."""
        ankle = leg.angle.calibration if isinstance(leg.angle, AnkleAngle) else None
        if ankle is not None and ankle is not self._ankle:
            self.ankles, self._ankle = self.ankles + 1, ankle

    def first_s(self, *states: str) -> float | None:
        """When one of these was said first."""
        return next((time_s for time_s, state in self.states if state in states), None)

    @property
    def learnt_again(self) -> int:
        """How often the leg said that it learns its baseline after it had one."""
        ready_s = self.first_s("OK", "WATCH", "WARN", "CRAMP")
        return sum(ready_s is not None and at_s > ready_s and state == "CALIBRATING" for at_s, state in self.states)

    @property
    def false_alarms(self) -> int:
        """Warnings of a cramp that does not come."""
        return sum(state in ("WARN", "CRAMP") for _, state in self.states)

    def contraction_min(self, begin_s: float, end_s: float) -> float:
        """True contraction time between two moments, minutes; negative where the second comes first."""
        if end_s < begin_s:
            return -self.contraction_min(end_s, begin_s)
        spans = [(max(a, begin_s), min(b, end_s)) for a, b in self.calf.contractions(end_s)]
        return sum(b - a for a, b in spans if b > a) / 60


def compared(unbroken: Run, broken: Run) -> dict[str, Any]:
    """One leg's row."""
    whole_s, parts_s = unbroken.first_s("WATCH"), broken.first_s("WATCH")
    later_min = None
    if whole_s is not None and parts_s is not None:
        later_min = round(unbroken.contraction_min(whole_s, parts_s), 2)
    return {
        "watch_unbroken_s": whole_s,
        "watch_s": parts_s,
        "later_contraction_min": later_min,
        "out_of_range": sum(state == "NO_SIGNAL" for _, state in broken.states),
        "false_alarms": broken.false_alarms,
        "ankle_calibrations": broken.ankles,
        "learnt_again": broken.learnt_again,
        "states": broken.states,
    }


def faults(row: Mapping[str, Any]) -> list[str]:
    """What is wrong with one leg's row."""
    later_min = row["later_contraction_min"]
    wrong = [] if later_min is not None and abs(later_min) <= LATER_MIN else [f"WATCH {later_min} min later"]
    wrong += [f"{row['false_alarms']} false alarms"] if row["false_alarms"] else []
    wrong += [f"{row['ankle_calibrations']} calibrations of the ankle"] if row["ankle_calibrations"] != 1 else []
    return wrong + ([f"learnt its baseline {row['learnt_again']} times again"] if row["learnt_again"] else [])


def compare(minutes: float, seed: int, legs: Sequence[LegSide]) -> dict[str, dict[str, Any]]:
    """Both runs, by leg."""
    scenario = hard_work(minutes)
    unbroken, broken = (played(scenario, seed, 60 * minutes, legs, out_s) for out_s in (0.0, OUT_S))
    return {leg: compared(unbroken[leg], broken[leg]) for leg in legs}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--legs", nargs="+", choices=("left", "right"), default=["left", "right"])
    given = parser.parse_args()
    rows = compare(given.minutes, given.seed, given.legs)
    wrong = [f"{leg}: {fault}" for leg, row in rows.items() for fault in faults(row)]
    print(json.dumps({"minutes": given.minutes, "seed": given.seed, "legs": rows, "faults": wrong}))
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
