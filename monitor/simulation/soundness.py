"""Are many random sessions sound? `python -m monitor.simulation.soundness --sessions 1000` looks.

For each seed: no NaN in EMG or motion, no angle that an ankle cannot take, no noise that was there before.
EMG and motion are sampled at a few places of each session, the angle all along.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from monitor.simulation.calf import Calf
from monitor.simulation.disturbances import emg_of
from monitor.simulation.imu import ImuSource
from monitor.simulation.noise import generator, key_of
from monitor.simulation.scenario import Scenario
from monitor.simulation.sessions import random_session
from monitor.simulation.truth import LEGS

LOWEST_DEG, HIGHEST_DEG = -45.0, 35.0  # of an ankle
_PLACES = 2
_ANGLE_RATE_HZ = 10.0


@dataclass(slots=True)
class Report:
    """What was looked at and what was found. faults : one sentence each."""

    sessions: int = 0
    hours: float = 0.0
    cramps: int = 0
    lowest_deg: float = np.inf
    highest_deg: float = -np.inf
    faults: list[str] = field(default_factory=list)
    pieces: set[bytes] = field(default_factory=set)


def look(seeds: Iterable[int]) -> Iterator[Report]:
    """Look at the sessions of these seeds; gives the report after each."""
    report = Report()
    for seed in seeds:
        session = random_session(seed)
        report.sessions += 1
        report.hours += session.length_s / 3600.0
        for leg in LEGS:
            _look_at(report, Calf(session, leg, seed), session, seed)
        yield report


def _look_at(report: Report, calf: Calf, session: Scenario, seed: int) -> None:
    where = f"seed {seed}, {calf.leg} leg"
    time_s = np.arange(0.0, session.length_s, 1.0 / _ANGLE_RATE_HZ)
    angle_deg = calf.angle_deg(time_s)
    report.cramps += len(calf.cramps)
    report.lowest_deg = min(report.lowest_deg, float(angle_deg.min()))
    report.highest_deg = max(report.highest_deg, float(angle_deg.max()))
    if not (angle_deg.min() >= LOWEST_DEG and angle_deg.max() <= HIGHEST_DEG):
        report.faults.append(f"{where}: an ankle of {angle_deg.min():.1f} to {angle_deg.max():.1f} deg")
    if not np.all(calf.compression(time_s) > 0.6):
        report.faults.append(f"{where}: a spectrum below 0.6 of the fresh one")
    emg = emg_of(calf, ("GM", "GL"), rate_hz=1000.0, seed=seed)
    sources = (emg, *(ImuSource(calf, segment, rate_hz=100.0, seed=seed) for segment in ("shank", "foot")))
    for start_s in generator(key_of(seed, calf.leg, "places")).uniform(0.0, session.length_s - 2.0, _PLACES):
        for source in sources:
            source.seek(float(start_s))
            _check(report, source.read(round(0.5 * source.rate_hz))[1], f"{where}, {start_s:.1f} s")


def _check(report: Report, samples: NDArray[np.float64], where: str) -> None:
    if not np.isfinite(samples).all():
        report.faults.append(f"{where}: not all samples are numbers")
    for column in samples.T:
        piece = hashlib.blake2b(np.ascontiguousarray(np.diff(column)).tobytes(), digest_size=8).digest()
        if np.ptp(column) > 0 and piece in report.pieces:
            report.faults.append(f"{where}: a signal that was there before")
        report.pieces.add(piece)


def main(arguments: Sequence[str] | None = None) -> int:
    """Look, tell how far it is on a terminal, print the result; 1 if anything is unsound."""
    parser = argparse.ArgumentParser(prog="monitor.simulation.soundness", description=__doc__)
    parser.add_argument("--sessions", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    options = parser.parse_args(arguments)
    report = Report()
    for report in look(range(options.first, options.first + options.sessions)):
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{report.sessions} of {options.sessions} ")
    sys.stdout.write(
        f"SIMULATED: {report.sessions} sessions, {report.hours:.0f} h, {report.cramps} cramps; ankle"
        f" {report.lowest_deg:.1f} to {report.highest_deg:.1f} deg; {len(report.pieces)} different pieces of signal;"
        f" {len(report.faults)} faults\n"
    )
    for fault in report.faults[:20]:
        sys.stdout.write(f"  {fault}\n")
    return int(bool(report.faults))


if __name__ == "__main__":
    sys.exit(main())
