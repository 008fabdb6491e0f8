"""Are cramps seen, and nothing else? `python -m monitor.simulation.cramps` prints it for random sessions.

Each session is played twice: with perfect electrodes ("clean") and as its athlete's electrodes are ("artefacts").
Seen: the leg's state is CRAMP. All figures are SIMULATED: properties of what the simulation assumes about cramps.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from monitor.settings import Settings
from monitor.simulated_sessions import Kit, PlayedLeg, play_leg
from monitor.simulation.calf import Calf
from monitor.simulation.contact import SensorPlan
from monitor.simulation.discharges import Cramp
from monitor.simulation.ranges import ranges_hash
from monitor.simulation.scenario import Scenario
from monitor.simulation.sessions import RANDOM, session_of
from monitor.simulation.truth import LEGS, relief_s
from monitor.warning.evidence import Verdict
from monitor.warning.transitions import State

IN_TIME_S = 4.0
_AFTER_S = 10.0  # after a cramp's true end, CRAMP is not false yet
_RISE_S = 1.2  # of the activity when a stretch begins
_EARLY_S = 1.0


@dataclass(frozen=True, slots=True)
class SeenCramp:
    """One true cramp. Seconds after the truth; None = never. asked : a question stood in time; rising : see `seen`."""

    latency_s: float | None
    asked: bool
    relief_s: float | None
    rising: bool


@dataclass(frozen=True, slots=True)
class SeenLeg:
    """One leg. false : when, and what the leg was doing."""

    hours: float
    cramps: tuple[SeenCramp, ...]
    false: tuple[tuple[float, str], ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """What they all come to; an hour is one athlete with both legs. Shares are NaN where there was no cramp."""

    hours: float
    cramps: int
    in_time: float
    asked: float
    false_per_h: float
    reliefs: int
    relief_in_time: float
    rising: int


def seen(played: PlayedLeg, calf: Calf) -> SeenLeg:
    """What was said against what happened. rising : RELIEF was said while a stretch still raised the activity."""
    truth = [(cramp, relief_s(cramp, calf)) for cramp in calf.cramps if cramp.start_s < len(played.seconds)]
    changes = [second.change for second in played.seconds if second.change is not None]
    told = [change.time_s for change in changes if change.state == State.CRAMP]
    reliefs = [change.time_s for change in changes if change.state == State.RELIEF]
    false = [at for at in told if not any(cramp.plan.onset_s <= at <= over_s + _AFTER_S for cramp, over_s in truth)]
    cramps = tuple(_seen_cramp(played, cramp, over_s, told, reliefs) for cramp, over_s in truth)
    doing = tuple((at, calf.timeline.bouts(at - 2.0, at - 2.0)[0].activity) for at in false)
    return SeenLeg(len(played.seconds) / 3600, cramps, doing)


def _seen_cramp(
    played: PlayedLeg, cramp: Cramp, over_s: float, told: Sequence[float], reliefs: Sequence[float]
) -> SeenCramp:
    first = next((at for at in told if cramp.plan.onset_s <= at <= over_s), None)
    released = None if first is None else next((at for at in reliefs if at > first), None)
    begin, end = int(cramp.plan.onset_s), int(cramp.start_s + IN_TIME_S)
    readings = [second.evidence.cramp for second in played.seconds[begin:end]]
    return SeenCramp(
        None if first is None else first - cramp.start_s,
        any(reading is not None and reading.verdict != Verdict.NOTHING for reading in readings),
        None if released is None else released - over_s,
        any(cramp.plan.stretch_s <= at <= cramp.plan.stretch_s + _RISE_S for at in reliefs),
    )


def figures(legs: Sequence[SeenLeg]) -> Figures:
    """All legs together."""
    cramps = [cramp for leg in legs for cramp in leg.cramps]
    caught = [cramp for cramp in cramps if cramp.latency_s is not None]
    released = [cramp.relief_s for cramp in caught]
    hours = sum(leg.hours for leg in legs) / len(LEGS)
    return Figures(
        hours,
        len(cramps),
        _share([cramp.latency_s is not None and cramp.latency_s <= IN_TIME_S for cramp in cramps]),
        _share([cramp.asked for cramp in cramps]),
        sum(len(leg.false) for leg in legs) / hours,
        len(caught),
        _share([delay_s is not None and -_EARLY_S <= delay_s <= IN_TIME_S for delay_s in released]),
        sum(cramp.rising for cramp in cramps),
    )


def _share(true: Sequence[bool]) -> float:
    return sum(true) / len(true) if true else float("nan")


def watched(session: Scenario, seed: int, kit: Kit, settings: Settings) -> Iterator[SeenLeg]:
    """Both legs of one session through the whole pipeline."""
    for leg in LEGS:
        yield seen(play_leg(session, leg, seed, settings, kit), Calf(session, leg, seed))


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 1 where an aim is missed."""
    parser = argparse.ArgumentParser(prog="monitor.simulation.cramps", description=__doc__)
    parser.add_argument("--sessions", type=int, default=20)
    parser.add_argument("--first", type=int, default=5000, help="the first seed")
    parser.add_argument("--scenario", default=RANDOM)
    parser.add_argument("--channels", type=int, choices=(1, 2), default=2, help="GM alone, or GM and GL")
    parser.add_argument("--no-angle", action="store_true")
    parser.add_argument("--verbose", action="store_true", help="print each cramp and each false one")
    options = parser.parse_args(arguments)
    kit = Kit(("GM", "GL")[: options.channels], angle=not options.no_angle)
    missed = 0
    for name, most_per_h in (("clean", 0.05), ("artefacts", 0.5)):
        legs: list[SeenLeg] = []
        for seed in range(options.first, options.first + options.sessions):
            session = session_of(options.scenario, seed)
            if name == "clean":
                session = session.model_copy(update={"sensor": SensorPlan()})
            legs += watched(session, seed, kit, Settings())
            if options.verbose:
                _tell(seed, legs[-2:])
        missed += _print(name, figures(legs), most_per_h)
    sys.stdout.write(f"SIMULATED, {options.channels} channel(s), ranges {ranges_hash()}, settings {Settings().hash}\n")
    return int(missed > 0)


def _tell(seed: int, legs: Sequence[SeenLeg]) -> None:
    for side, leg in zip(LEGS, legs, strict=True):
        sys.stdout.write("".join(f"  {seed} {side}: {cramp}\n" for cramp in leg.cramps))
        sys.stdout.write("".join(f"  {seed} {side}: false at {at:.0f} s, {doing}\n" for at, doing in leg.false))
    sys.stdout.flush()


def _print(name: str, found: Figures, most_per_h: float) -> int:
    sys.stdout.write(
        f"{name}: {found.hours:.1f} athlete-hours, {found.cramps} cramps\n"
        f"  CRAMP within {IN_TIME_S:.0f} s: {found.in_time:.3f} (0.9 or more); or asked about: {found.asked:.3f}\n"
        f"  false: {found.false_per_h:.3f} per hour (at most {most_per_h:g})\n"
        f"  relief of {found.reliefs} seen within {IN_TIME_S:.0f} s: {found.relief_in_time:.3f} (0.95 or more), "
        f"{found.rising} in the rise of a stretch (0)\n"
    )
    sys.stdout.flush()
    reached = found.in_time >= 0.9 and found.false_per_h <= most_per_h and found.relief_in_time >= 0.95
    return int(not reached or found.rising > 0)


if __name__ == "__main__":
    sys.exit(main())
