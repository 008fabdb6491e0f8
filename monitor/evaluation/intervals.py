"""Intervals of 95 %: exact ones of shares and rates, and by bootstrap over athletes."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_TAIL = 0.025
Interval = tuple[float, float]


def share_interval(hits: int, n: int, tail: float = _TAIL) -> Interval | None:
    """Clopper-Pearson of hits out of n; None of nothing. tail : the share beyond each end.

    Source: Clopper & Pearson 1934, Biometrika 26:404-413.
    """
    if not n:
        return None
    from scipy.stats import beta  # late: it takes a second to import

    low = float(beta.ppf(tail, hits, n - hits + 1)) if hits else 0.0
    high = float(beta.ppf(1.0 - tail, hits + 1, n - hits)) if hits < n else 1.0
    return low, high


def rate_interval(count: int, hours: float) -> Interval | None:
    """Exact interval of a Poisson rate per hour; None of no hours. Source: Garwood 1936, Biometrika 28:437-442."""
    if hours <= 0:
        return None
    from scipy.stats import chi2

    low = float(chi2.ppf(_TAIL, 2 * count)) / 2.0 if count else 0.0
    return low / hours, float(chi2.ppf(1.0 - _TAIL, 2 * count + 2)) / 2.0 / hours


def resamples(n: int, times: int, seed: int) -> NDArray[np.int64]:
    """How often each of n athletes is drawn in each resample: (times, n)."""
    rng = np.random.default_rng(seed)
    return rng.multinomial(n, np.full(n, 1.0 / n), size=times) if n else np.zeros((times, 0), dtype=np.int64)


def resamples_of(athletes: Sequence[str], times: int, seed: int) -> NDArray[np.int64]:
    """How often each session is drawn in each resample of athletes: (times, n_sessions). athletes : whose each is."""
    every = list(dict.fromkeys(athletes))
    rows = np.array([every.index(athlete) for athlete in athletes], dtype=np.intp)
    return np.take(resamples(len(every), times, seed), rows, axis=1)


def middle(values: NDArray[np.float64]) -> Interval | None:
    """The middle 95 % of resampled values; None where fewer than half are known."""
    known = values[np.isfinite(values)]
    if 2 * len(known) < len(values) or not len(known):
        return None
    low, high = np.quantile(known, (_TAIL, 1.0 - _TAIL))
    return float(low), float(high)


def ppv(base_rate_per_h: float, sensitivity: float, false_per_h: float) -> float | None:
    """The share of alarms that a cramp follows, at so many cramps per athlete hour."""
    true_per_h = base_rate_per_h * sensitivity
    total = true_per_h + false_per_h
    return true_per_h / total if total > 0 and math.isfinite(total) else None
