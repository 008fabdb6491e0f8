"""How true is the fatigue reading? `python -m monitor.simulation.fatigue_truth` prints it beside its aims.

    python -m monitor.simulation.fatigue_truth [--jobs 2] [--out recordings/fatigue_truth.json]

Simulated trainings of athletes drawn by seed pass through the program's own path, from samples to WATCH, and what it
says is compared with the simulation's truth: the spectral scale against the session's start at equal angle and effort.
Ten-second readings and the level (the reading of about a minute that the screen shows) in `tiring` sessions, with
eight, two and one channels of the same signals, made motor unit by motor unit, with ankle sensors and without; WATCH
in `tiring`, `rested` and `artefacts` sessions, whose EMG has the spectrum alone. Says nothing about people.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar, get_args

import numpy as np
from numpy.typing import NDArray

from monitor.batch import Lost, Workers, in_order
from monitor.errors import EvaluationError
from monitor.simulation.aims import Row, keep, line
from monitor.simulation.fatigue_cases import HELD_APART, Case, Family, Followed, Worn, follow
from monitor.simulation.ranges import ranges_hash
from monitor.simulation.scenario import EmgLevel

Floats = NDArray[np.float64]
Answer = TypeVar("Answer")
WEARINGS = (Worn(8, True), Worn(2, True), Worn(1, True), Worn(8, False), Worn(2, False))
WATCHED = Worn(2, True)
FAMILIES: tuple[Family, ...] = ("tiring", "rested", "artefacts")
_TIRING = 3  # times as many sessions as of the others: few tire so far and for so long
_LEVEL, _RESTED = 0.90, 0.94  # WATCH is due below, wrong above
_LASTING_S = 180  # a decline that lasts so long must be seen
_LATEST_S = 300.0
_BLOCK_S, _LAG_S = 10, 5
_FRESH_FRAMES = 30


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


def reading_rows(worn: Worn, each: Sequence[Errors]) -> Iterator[Row]:
    """Errors of all sessions of one wearing."""
    steps, level = (np.concatenate([getattr(errors, name) for errors in each]) for name in ("steps", "level"))
    name = f"{worn.channels} channel{'s' * (worn.channels > 1)}, {'angle' if worn.with_angle else 'no angle'}"
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


def watch_rows(found: Mapping[Family, Sequence[Watched]]) -> Iterator[Row]:
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


def read(seed: int, rate_hz: float, minutes: float, level: EmgLevel) -> list[Errors]:
    """One session's errors, of each of `WEARINGS`."""
    return [errors_of(told) for told in follow(Case("tiring", seed, rate_hz, minutes, level), WEARINGS)]


def watch(case: Case) -> Watched:
    """WATCH in one session."""
    return watched(follow(case, [WATCHED])[0])


def measure(
    seeds: range, watch_seeds: range, *, minutes: float, level: EmgLevel, rate_hz: float, jobs: int = 1
) -> Iterator[Row]:
    """All rows, from sessions made in so many processes; each is told on a terminal. Raises: EvaluationError."""
    if seeds:
        work = partial(read, rate_hz=rate_hz, minutes=minutes, level=level)
        sessions = list(_made(work, seeds, jobs, "reading"))
        for worn, errors in zip(WEARINGS, zip(*sessions, strict=True), strict=True):
            yield from reading_rows(worn, errors)
    if watch_seeds:
        more = range(watch_seeds.start, watch_seeds.start + _TIRING * len(watch_seeds))
        each = {family: more if family == "tiring" else watch_seeds for family in FAMILIES}
        cases = [Case(family, seed, rate_hz, minutes) for family in FAMILIES for seed in each[family]]
        found = iter(list(_made(watch, cases, jobs, "WATCH")))
        yield from watch_rows({family: [next(found) for _ in each[family]] for family in FAMILIES})


def _made(work: Callable[[Any], Answer], items: Sequence[Any], jobs: int, what: str) -> Iterator[Answer]:
    for number, answer in enumerate(in_order(work, items, Workers(jobs)), start=1):
        if isinstance(answer, Lost):
            raise EvaluationError(f"{what}, {items[number - 1]}: {answer.why}")
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{what}: {number} of {len(items)} sessions ")
        yield answer


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; 1 if an aim is missed."""
    parser = argparse.ArgumentParser(
        prog="monitor.simulation.fatigue_truth",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--sessions", type=int, default=8, help="for the readings")
    parser.add_argument("--watch-sessions", type=int, default=60, help="rested, and with artefacts; tiring 3 x as many")
    parser.add_argument("--first", type=int, default=HELD_APART, help="the first seed")
    parser.add_argument("--minutes", type=float, default=30.0, help="of each session at most")
    parser.add_argument("--level", choices=get_args(EmgLevel), default="motor-unit", help="of the EMG of the readings")
    parser.add_argument("--rate", type=float, default=1000.0, help="EMG samples per second")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--out", type=Path, help="keep the rows, and what they were made with, as JSON")
    options = parser.parse_args(arguments)
    sys.stdout.write(f"SIMULATED, {options.level} level, {options.rate:g} Hz, ranges {ranges_hash()}\n")
    rows = []
    for row in measure(
        range(options.first, options.first + options.sessions),
        range(options.first, options.first + options.watch_sessions),
        minutes=options.minutes,
        level=options.level,
        rate_hz=options.rate,
        jobs=options.jobs,
    ):
        rows.append(row)
        sys.stdout.write(line(row) + "\n")
        sys.stdout.flush()
    if options.out is not None:
        keep(options.out, _command(options), rows)
    return int(not all(row.met for row in rows))


def _command(options: argparse.Namespace) -> str:
    given = f"--sessions {options.sessions} --watch-sessions {options.watch_sessions} --first {options.first}"
    given += f" --minutes {options.minutes:g} --level {options.level} --rate {options.rate:g}"
    return f"python -m monitor.simulation.fatigue_truth {given}"


if __name__ == "__main__":
    sys.exit(main())
