"""How true is the fatigue reading? `python -m monitor.simulation.fatigue_truth` prints it beside its aims.

Simulated trainings of athletes drawn by seed pass through the program's own path, from samples to WATCH, and what it
says is compared with the simulation's truth: the spectral scale against the session's start at equal angle and effort.
Ten-second readings and the level (the reading of about a minute that the screen shows) in `tiring` sessions, with
eight, two and one channels of the same signals, with ankle sensors and without; WATCH in `tiring`, `rested` and
`artefacts` sessions. Says nothing about people.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from monitor.simulation.fatigue_cases import HELD_APART, Case, Family, Followed, Worn, follow
from monitor.simulation.ranges import ranges_hash
from monitor.simulation.scenario import EmgLevel

Floats = NDArray[np.float64]
WEARINGS = (Worn(8, True), Worn(2, True), Worn(1, True), Worn(8, False), Worn(2, False))
WATCHED = (Worn(2, True),)
_LEVEL, _RESTED = 0.90, 0.94  # WATCH is due below, wrong above
_LASTING_S = 180  # a decline that lasts so long must be seen
_LATEST_S = 300.0
_BLOCK_S, _LAG_S = 10, 5
_FRESH_FRAMES = 30


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. aim : largest good value of its size, None = only told; least : the aim is a smallest good value."""

    name: str
    unit: str
    value: float
    aim: float | None = None
    least: bool = False

    @property
    def met(self) -> bool:
        """Whether the aim is reached; what has none, or could not be measured, is no miss."""
        if self.aim is None or not np.isfinite(self.value):
            return True
        return self.value >= self.aim if self.least else abs(self.value) <= self.aim


@dataclass(frozen=True, slots=True, eq=False)
class Errors:
    """Logarithms of what was read over what was true. covered : whether the level's interval held the truth."""

    steps: Floats
    level: Floats
    covered: NDArray[np.bool_]


def errors_of(told: Followed) -> Errors:
    """Every ten seconds; a level counts while it has recent contractions."""
    steps, level, covered = [], [], []
    for at, second in enumerate(told.seconds):
        if second.emg is None or round(second.time_s) % _BLOCK_S:
            continue
        course, reading = second.emg.course.all, second.emg.compression[0]
        if np.isfinite(course.reading):
            steps.append(np.log(course.reading / told.true[max(0, at - _LAG_S)]))
        if np.isfinite(reading) and second.emg.compression[2] >= _FRESH_FRAMES:
            level.append(np.log(reading / told.true[at]))
            low, high = course.interval_of(reading) or (np.nan, np.nan)
            covered.append(low <= told.true[at] <= high)
    return Errors(np.array(steps), np.array(level), np.array(covered, dtype=bool))


def reading_rows(found: Sequence[Followed]) -> Iterator[Row]:
    """Errors of all sessions of one wearing."""
    worn = found[0].worn
    each = [errors_of(told) for told in found]
    steps, level = (np.concatenate([getattr(errors, name) for errors in each]) for name in ("steps", "level"))
    name = f"{worn.channels} channels, {'angle' if worn.with_angle else 'no angle'}"
    rmse, bias, sd = _aims(worn)
    yield Row(f"{name}: 10-s reading, RMS error", "%", 100 * float(np.sqrt(np.mean(steps**2))), rmse)
    yield Row(f"{name}: level, bias", "%", 100 * float(level.mean()), bias)
    yield Row(f"{name}: level, sd", "%", 100 * float(level.std()), sd)
    yield Row(f"{name}: stated 95 % interval holds", "%", 100 * float(np.concatenate([e.covered for e in each]).mean()))


def _aims(worn: Worn) -> tuple[float | None, float | None, float | None]:
    """Aims of the ten-second reading's error, of the level's bias and of its sd, %."""
    if worn.with_angle:
        return {8: (2.5, 1.5, 1.5), 2: (3.5, 1.5, None), 1: (4.5, 1.5, 2.5)}[worn.channels]
    return (7.0, None, None) if worn.channels == 8 else (None, None, None)


@dataclass(frozen=True, slots=True)
class Watched:
    """WATCH in one session. delays_s : from a lasting fall below -10 % to WATCH, of those seen; missed : not seen

    wrong : WATCH began while the truth was above the level at which it ends
    """

    delays_s: tuple[float, ...]
    missed: int
    wrong: int
    hours: float


def watched(told: Followed) -> Watched:
    """Whether and when WATCH came."""
    return watched_in(np.array([second.time_s for second in told.seconds]), told.true, told.watch)


def watched_in(time_s: Floats, true: Floats, watch: NDArray[np.bool_]) -> Watched:
    """The same of bare courses, second by second."""
    begins = np.flatnonzero(watch & ~np.concatenate([[False], watch[:-1]]))
    delays: list[float] = []
    missed = 0
    for first, end in _lasting(true < _LEVEL):
        on = np.flatnonzero(watch[first : min(end + 60, len(time_s))])
        before = begins[begins <= first]
        if len(on) and on[0] == 0:  # already on: since when?
            delays.append(float(time_s[before[-1]] - time_s[first]))
        elif len(on) and on[0] <= _LATEST_S:
            delays.append(float(on[0]))
        else:
            missed += 1
    wrong = int((true[begins] > _RESTED).sum())
    return Watched(tuple(delays), missed, wrong, len(time_s) / 3600.0)


def _lasting(below: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """The first stretch of at least three minutes: its first second and the one after its last."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], below, [False]]).astype(np.int8)))
    spans = [(int(first), int(end)) for first, end in zip(edges[::2], edges[1::2], strict=True)]
    return [span for span in spans if span[1] - span[0] >= _LASTING_S][:1]


def watch_rows(found: dict[Family, list[Watched]]) -> Iterator[Row]:
    """WATCH over all sessions of each family."""
    tiring = found.get("tiring", [])
    delays = [delay / 60.0 for session in tiring for delay in session.delays_s]
    due = len(delays) + sum(session.missed for session in tiring)
    if due:
        middle = float(np.median(delays)) if delays else float("nan")
        yield Row("WATCH: median delay after the true -10 %", "min", middle, 1.0)
        yield Row(f"WATCH: sensitivity ({due} declines that lasted 3 min)", "", len(delays) / due, 0.98, least=True)
    aims: tuple[tuple[Family, float], ...] = (("rested", 0.05), ("artefacts", 0.1))
    for family, aim in aims:
        sessions = found.get(family, [])
        hours = sum(session.hours for session in sessions)
        if hours:
            wrong = sum(session.wrong for session in sessions)
            yield Row(f"WATCH: false per hour, {family} ({wrong} in {hours:.1f} h)", "", wrong / hours, aim)


def measure(
    sessions: int, watch_sessions: int, *, first: int, minutes: float, level: EmgLevel, rate_hz: float
) -> Iterator[Row]:
    """All rows; each session is told on a terminal."""
    by_worn: dict[Worn, list[Followed]] = {worn: [] for worn in WEARINGS}
    for seed in range(first, first + sessions):
        _tell(f"reading, seed {seed}")
        for told in follow(Case("tiring", seed, rate_hz, minutes, level), WEARINGS):
            by_worn[told.worn].append(told)
    for found in by_worn.values():
        if found:
            yield from reading_rows(found)
    by_family: dict[Family, list[Watched]] = {}
    families: tuple[Family, ...] = ("tiring", "rested", "artefacts")
    for family in families:
        for seed in range(first, first + watch_sessions):
            _tell(f"WATCH, {family}, seed {seed}")
            told = follow(Case(family, seed, rate_hz, minutes), WATCHED)
            by_family.setdefault(family, []).extend(watched(each) for each in told)
    yield from watch_rows(by_family)


def _tell(what: str) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{what:40}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; 1 if an aim is missed."""
    parser = argparse.ArgumentParser(prog="monitor.simulation.fatigue_truth", description=__doc__)
    parser.add_argument("--sessions", type=int, default=8, help="for the readings")
    parser.add_argument("--watch-sessions", type=int, default=60, help="of each family, for WATCH")
    parser.add_argument("--first", type=int, default=HELD_APART, help="the first seed")
    parser.add_argument("--minutes", type=float, default=30.0, help="of each session at most")
    parser.add_argument("--level", choices=get_args(EmgLevel), default="spectrum", help="of the EMG of the readings")
    parser.add_argument("--rate", type=float, default=1000.0, help="EMG samples per second")
    options = parser.parse_args(arguments)
    rows = measure(
        options.sessions,
        options.watch_sessions,
        first=options.first,
        minutes=options.minutes,
        level=options.level,
        rate_hz=options.rate,
    )
    sys.stdout.write(f"SIMULATED, {options.level} level, {options.rate:g} Hz, ranges {ranges_hash()}\n")
    missed = 0
    for row in rows:
        aim = "" if row.aim is None else f"{'at least' if row.least else 'at most'} {row.aim:g}"
        verdict = "" if row.aim is None else "met" if row.met else "MISSED"
        missed += not row.met
        sys.stdout.write(f"{row.name:58} {row.value:7.2f} {row.unit:4} {aim:13} {verdict}\n")
        sys.stdout.flush()
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
