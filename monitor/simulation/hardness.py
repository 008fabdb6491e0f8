"""Are the random sessions hard enough? `python -m monitor.simulation.hardness` prints what simple rules reach on them.

If a rule that is known to be poor did well here, the simulation would be too easy to judge a better one by. Three
rules look at the raw EMG of GM: the naive one (an alarm whenever the MDF of one second is below 85 % of the start's),
the ungated reading (the MDF of all samples of ten seconds, contraction or not) and the MDF of contractions alone,
smoothed over a minute.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitor.simulation.calf import Calf
from monitor.simulation.disturbances import emg_of
from monitor.simulation.ranges import ranges_hash
from monitor.simulation.sessions import random_session
from monitor.simulation.truth import LEGS

Floats = NDArray[np.float64]
RATE_HZ = 1000.0
HORIZON_S = 900.0  # an alarm so long before a cramp is a hit
_AFTER_S = 300.0  # after a cramp's start nothing is counted
_BASELINE_S = (45.0, 330.0)
_HOLD_S = 300.0  # an alarm stands for so long: at most twelve an hour
_FRAME = 250  # samples
_BAND = slice(5, 113)  # 20..448 Hz
_NAIVE_LEVEL, _ALLOWED_PER_H = 0.85, 0.1
_READING_S = 10


@dataclass(frozen=True, slots=True)
class LegSeconds:
    """One leg, second by second. mdf_hz : of that second; ungated_hz : of ten seconds, whatever there is in them;
    gated_hz : of the contractions in ten seconds, NaN = none.

    true_scale : spectral scale of the muscle; cramps_s : when its cramps start
    """

    mdf_hz: Floats
    ungated_hz: Floats
    gated_hz: Floats
    true_scale: Floats
    cramps_s: tuple[float, ...]

    @property
    def hours(self) -> float:
        """Length of the session."""
        return len(self.mdf_hz) / 3600.0


@dataclass(frozen=True, slots=True)
class Hardness:
    """What the rules reach. false_per_h : of the naive rule; reading_error : RMS of the ungated reading, fraction

    gated_error : of the gated one; sensitivity : of the MDF alone at 0.1 false alarms per hour
    """

    legs: int
    hours: float
    cramps: int
    false_per_h: float
    reading_error: float
    gated_error: float
    sensitivity: float

    @property
    def hard_enough(self) -> bool:
        """Whether poor rules do as poorly as they should."""
        return self.false_per_h >= 5.0 and self.reading_error >= 0.2 and self.sensitivity < 0.35


def leg_seconds(calf: Calf) -> LegSeconds:
    """What the rules see of one leg over its whole session."""
    n = int(calf.scenario.length_s)
    source = emg_of(calf, ("GM",), rate_hz=RATE_HZ, seed=calf.seed)
    power = np.concatenate([_power(source.read(round(60 * RATE_HZ))[1][:, 0]) for _ in range(n // 60 + 1)])[: 4 * n]
    level = np.sqrt(power.sum(axis=1))
    floor, strong = np.percentile(level[: 4 * 120], 10), np.percentile(level, 95)
    working = level > max(3.0 * floor, 0.15 * strong)
    second_s = np.arange(0.5, n)
    mdf_hz = _median_hz(power.reshape(n, 4, -1).sum(axis=1))
    true_scale = calf.compression(second_s) * calf.temperature_scale(second_s)
    ungated_hz, gated_hz = _readings(power, np.ones(len(power), dtype=bool)), _readings(power, working)
    return LegSeconds(mdf_hz, ungated_hz, gated_hz, true_scale, tuple(cramp.start_s for cramp in calf.cramps))


def measure(legs: Sequence[LegSeconds]) -> Hardness:
    """The figures of all legs together."""
    hours = sum(leg.hours for leg in legs)
    naive = [_naive_alarms(leg) for leg in legs]
    wrong = sum(_false(alarms, leg) for alarms, leg in zip(naive, legs, strict=True))
    errors = [_errors(leg.ungated_hz, leg) for leg in legs]
    gated = [_errors(leg.gated_hz, leg) for leg in legs]
    return Hardness(
        legs=len(legs),
        hours=hours,
        cramps=sum(len(leg.cramps_s) for leg in legs),
        false_per_h=wrong / hours,
        reading_error=float(np.sqrt(np.nanmean(np.concatenate(errors) ** 2))),
        gated_error=float(np.sqrt(np.nanmean(np.concatenate(gated) ** 2))),
        sensitivity=_sensitivity(legs, hours),
    )


def _power(samples: Floats) -> Floats:
    frames = samples.reshape(-1, _FRAME) * np.hanning(_FRAME)
    return np.abs(np.fft.rfft(frames)[:, _BAND]) ** 2


def _median_hz(power: Floats) -> Floats:
    """MDF of each row, between bins; NaN where there is no power."""
    total = np.cumsum(power, axis=1)
    half = 0.5 * total[:, -1:]
    place = (total < half).sum(axis=1)
    rows = np.arange(len(total))
    below = np.where(place > 0, total[rows, place - 1], 0.0)
    inside = (half[:, 0] - below) / np.maximum(total[rows, place] - below, 1e-30)
    return np.where(total[:, -1] > 0, 4.0 * (place + _BAND.start + inside - 0.5), np.nan)


def _readings(power: Floats, counting: NDArray[np.bool_]) -> Floats:
    """For each second the MDF of those quarters of the ten seconds before it that count; NaN below one second."""
    pooled = np.cumsum((power * counting[:, None]).reshape(len(power) // 4, 4, -1).sum(axis=1), axis=0)
    counted = np.cumsum(counting.reshape(-1, 4).sum(axis=1))
    pooled[_READING_S:] -= pooled[:-_READING_S].copy()
    counted[_READING_S:] -= counted[:-_READING_S].copy()
    return np.where(counted >= 4, _median_hz(np.maximum(pooled, 0.0)), np.nan)


def _baseline(values: Floats) -> float:
    return float(np.nanmedian(values[int(_BASELINE_S[0]) : int(_BASELINE_S[1])]))


def _errors(readings: Floats, leg: LegSeconds) -> Floats:
    """How far a reading is from the true change of the spectrum, as a fraction."""
    span = slice(int(_BASELINE_S[0]), int(_BASELINE_S[1]))
    known = np.isfinite(readings[span])
    true = leg.true_scale / np.median(leg.true_scale[span][known])
    return readings / _baseline(readings) / true - 1.0


def _naive_alarms(leg: LegSeconds) -> list[float]:
    low = leg.mdf_hz < _NAIVE_LEVEL * _baseline(leg.mdf_hz)
    alarms: list[float] = []
    for second in np.flatnonzero(low[int(_BASELINE_S[1]) :]) + int(_BASELINE_S[1]):
        if not alarms or second >= alarms[-1] + _HOLD_S:
            alarms.append(float(second))
    return alarms


def _trend(leg: LegSeconds) -> Floats:
    """The gated reading against the start's, smoothed over a minute of contractions; held where there are none."""
    ratio = leg.gated_hz / _baseline(leg.gated_hz)
    trend, now = np.empty(len(ratio)), 1.0
    for second, value in enumerate(ratio.tolist()):
        if value == value:  # not NaN
            now += (value - now) / 60.0
        trend[second] = now
    return trend


def _false(alarms: Iterable[float], leg: LegSeconds) -> int:
    """Alarms that no cramp follows within the horizon; those soon after a cramp are not counted."""
    return sum(
        not any(start_s - HORIZON_S <= alarm <= start_s + _AFTER_S for start_s in leg.cramps_s) for alarm in alarms
    )


def _sensitivity(legs: Sequence[LegSeconds], hours: float) -> float:
    """The largest share of cramps that a threshold on the trend announces at no more than 0.1 false alarms per hour."""
    trends = [_trend(leg) for leg in legs]
    cramps = sum(len(leg.cramps_s) for leg in legs)
    best = 0.0
    for level in np.arange(0.6, 1.0, 0.005):
        hits, wrong = 0, 0
        for trend, leg in zip(trends, legs, strict=True):
            alarms = _crossings(trend, float(level))
            wrong += _false(alarms, leg)
            hits += sum(any(at - HORIZON_S <= alarm <= at for alarm in alarms) for at in leg.cramps_s)
        if wrong / hours <= _ALLOWED_PER_H:
            best = max(best, hits / max(cramps, 1))
    return best


def _crossings(trend: Floats, level: float) -> list[float]:
    """When the trend falls below a level, after it was 3 % above it in between."""
    alarms, armed = [], True
    low, high = trend < level, trend > 1.03 * level
    for second in range(int(_BASELINE_S[1]), len(trend)):
        if armed and low[second]:
            alarms.append(float(second))
            armed = False
        elif high[second]:
            armed = True
    return alarms


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, tell how far it is on a terminal, print the figures; 1 if the sessions are too easy."""
    parser = argparse.ArgumentParser(prog="monitor.simulation.hardness", description=__doc__)
    parser.add_argument("--sessions", type=int, default=60)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    options = parser.parse_args(arguments)
    legs: list[LegSeconds] = []
    for seed in range(options.first, options.first + options.sessions):
        session = random_session(seed)
        legs += [leg_seconds(Calf(session, leg, seed)) for leg in LEGS]
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{seed - options.first + 1} of {options.sessions} ")
    found = measure(legs)
    sys.stdout.write(
        f"SIMULATED: {found.legs} legs, {found.hours:.1f} h, {found.cramps} cramps, ranges {ranges_hash()}\n"
        f"naive 1-s rule, MDF below 85 %:        {found.false_per_h:.1f} false alarms per hour (5 or more)\n"
        f"ungated 10-s reading, error:           {100 * found.reading_error:.0f} % RMS (20 or more)\n"
        f"contractions only, 10-s reading:       {100 * found.gated_error:.1f} % RMS\n"
        f"MDF alone at {_ALLOWED_PER_H:g} false alarms per hour: sensitivity {found.sensitivity:.2f} (below 0.35)\n"
        f"hard enough: {'yes' if found.hard_enough else 'NO'}\n"
    )
    return int(not found.hard_enough)


if __name__ == "__main__":
    sys.exit(main())
