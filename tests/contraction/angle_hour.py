"""The ankle angle over an hour of simulated truth: `python tests/contraction/angle_hour.py [SEEDS] [MINUTES]`.

Each seed straps both sensors on in another orientation and draws another way to move. After the calibration the leg
walks, rises on its toes, holds, runs and stands, again and again. Printed: RMSE by activity, with both clocks right and
with the foot's stamps 10 ms late and early, and the drift: how far the mean error of raises and holds moves from the
first three rounds to the last three.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[1])]

from contraction.test_ankle_angle import CALIBRATION, SETTINGS, follow, stream

from monitor.chunk import Chunk
from monitor.contraction.ankle_angle import AnkleAngle
from monitor.simulation.calf import Calf
from monitor.simulation.imu import ImuSource
from monitor.simulation.scenario import Part, Scenario

ROUND = (("walk", 60.0), ("raises", 24.0), ("hold", 20.0), ("run", 60.0), ("stand", 10.0))
ROUND_S = sum(seconds for _, seconds in ROUND)
BEGIN_S = sum(seconds for _, seconds in CALIBRATION)
MOST_DEG = {"walk": 2.0, "raises": 1.0, "hold": 1.0, "run": 4.0}
DRIFT_DEG = 0.5
SKEWS_S = (0.0, 0.01, -0.01)
_SETTLE_S = 1.0  # between two activities the simulated leg fades from one to the other


@dataclass(frozen=True, slots=True)
class Hour:
    """One session: RMSE by activity and how far the mean error went from its beginning to its end, deg."""

    rmse_deg: dict[str, float]
    drift_deg: float
    known_fraction: float


def measure(seed: int, minutes: float, skew_s: float = 0.0) -> Hour:
    """Follow one leg; skew_s: how much later than the truth the foot's stamps are."""
    part = (Part(steps=CALIBRATION), Part(steps=ROUND, times=max(1, round((60 * minutes - BEGIN_S) / ROUND_S))))  # type: ignore[arg-type]
    leg = "left" if seed % 2 else "right"
    session = Scenario(name="hour", title="an hour", part=part)
    until_s = int(session.length_s)
    calf = Calf(session, leg, seed)
    chunks = {}
    for segment, late_s in (("shank", 0.0), ("foot", skew_s)):
        time_s, samples = ImuSource(calf, segment, rate_hz=100.0, seed=seed).read(100 * until_s)  # type: ignore[arg-type]
        chunks[segment] = Chunk(stream(segment), time_s + late_s, samples)
    angle = AnkleAngle(stream("shank"), stream("foot"), SETTINGS)
    out = follow(angle, chunks["shank"], chunks["foot"], until_s)
    error_deg = out.samples[:, 0] - calf.angle_deg(out.time_s)
    return _hour(out.time_s, error_deg)


def _hour(time_s: np.ndarray, error_deg: np.ndarray) -> Hour:
    edges_s = BEGIN_S + np.cumsum([0.0] + [seconds for _, seconds in ROUND])
    at_s = BEGIN_S + (time_s - BEGIN_S) % ROUND_S
    after = time_s >= BEGIN_S
    rmse_deg = {}
    for (name, _), begin_s, end_s in zip(ROUND, edges_s[:-1], edges_s[1:], strict=True):
        rows = after & (at_s >= begin_s + _SETTLE_S) & (at_s < end_s)
        rmse_deg[name] = float(np.sqrt(np.nanmean(error_deg[rows] ** 2)))
    rounds = np.floor((time_s - BEGIN_S) / ROUND_S)
    few = max(1.0, min(3.0, (rounds[-1] + 1) // 2))
    slow = after & (at_s >= edges_s[1]) & (at_s < edges_s[3])  # raises and holds
    first, last = slow & (rounds < few), slow & (rounds >= rounds[-1] - few)
    drift_deg = float(np.nanmean(error_deg[last]) - np.nanmean(error_deg[first]))
    return Hour(rmse_deg, drift_deg, float(np.isfinite(error_deg[after]).mean()))


def faults(hour: Hour, skew_s: float) -> list[str]:
    """What is worse than promised. With skewed stamps only running is promised."""
    names = ["run"] if skew_s else list(MOST_DEG)
    found = [f"{name} {hour.rmse_deg[name]:.2f} deg" for name in names if not hour.rmse_deg[name] <= MOST_DEG[name]]
    return found + ([f"drift {hour.drift_deg:.2f} deg"] if not abs(hour.drift_deg) <= DRIFT_DEG else [])


def main() -> None:
    """Print the table."""
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    minutes = float(sys.argv[2]) if len(sys.argv) > 2 else 60.0
    sys.stdout.write("seed  skew ms" + "".join(f"{name:>8}" for name, _ in ROUND) + "   drift  known\n")
    worse = 0
    for seed in range(1, seeds + 1):
        for skew_s in SKEWS_S:
            hour = measure(seed, minutes, skew_s)
            wrong = faults(hour, skew_s)
            worse += len(wrong)
            columns = "".join(f"{hour.rmse_deg[name]:8.2f}" for name, _ in ROUND)
            sys.stdout.write(
                f"{seed:4d} {1000 * skew_s:8.0f}{columns}{hour.drift_deg:8.2f}{hour.known_fraction:7.3f}"
                f"  {'; '.join(wrong)}\n"
            )
            sys.stdout.flush()
    sys.stdout.write("all as promised\n" if not worse else f"{worse} worse than promised\n")
    sys.exit(1 if worse else 0)


if __name__ == "__main__":
    main()
