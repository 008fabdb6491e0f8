"""The rows of the table of realism about cramps: as the electrodes see them, and as their motor units fire."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from monitor.simulation.calf import Calf
from monitor.simulation.emg import EmgSource
from monitor.simulation.muscle import muscles_of
from monitor.simulation.noise import key_of
from monitor.simulation.realism_row import Row, training
from monitor.simulation.rows import layout
from monitor.simulation.scenario import CrampPlan, LegPlan, Precursor
from monitor.simulation.sessions import random_session
from monitor.simulation.unit_level import Train

Floats = NDArray[np.float64]
_RATE_HZ = 1000.0


def cramps(seeds: Sequence[int]) -> list[Row]:
    """What the electrodes see of cramps."""
    plans = [cramp for seed in range(120) for plan in random_session(seed).leg.values() for cramp in plan.cramps]
    bearing_s = [cramp.stretch_s - cramp.onset_s for cramp in plans]
    plateau = float(np.median([cramp.plateau for cramp in plans]))
    sudden = np.mean([cramp.precursor.strength == 0 for cramp in plans])
    rises, falls_s, others = zip(*(_one_cramp(seed) for seed in seeds), strict=True)
    return [
        Row("plateau of a cramp", "of the largest RMS", plateau, 0.15, 0.6, "assumed"),
        Row("cramp until it is stretched", "s", float(np.median(bearing_s)), 10, 180, "seconds to minutes"),
        Row("cramps without a precursor", "", float(sudden), 0.2, 0.45, "assumed: a quarter or more"),
        Row("other head in a cramp", "of the plateau", float(np.median(others)), 0, 0.15, "silent (Khan & Burne 2007)"),
        Row("rise when stretched", "%", float(np.median(rises)), 0, 100, "EMG rose first (Ross & Thomas 1995)"),
        Row("from stretch to relief", "s", float(np.median(falls_s)), 1, 10, "about 1-10 s (a prior)"),
    ]


def units(seeds: Sequence[int]) -> list[Row]:
    """What the motor units of GM do in a cramp, at motor-unit level."""
    source = "48 units of abductor hallucis (Minetto 2009): mean and sd"
    per_unit = np.concatenate([_cramping_units(seed) for seed in seeds])
    mean, low, high, irregular = np.median(per_unit, axis=0).tolist()
    return [
        Row("cramp: mean rate of a unit", "per s", mean, 9.4, 19.6, f"{source} 14.5, 5.1"),
        Row("cramp: lowest rate of a unit", "per s", low, 5.2, 6.8, f"{source} 6.0, 0.8"),
        Row("cramp: highest rate of a unit", "per s", high, 17.0, 33.0, f"{source} 25.0, 8.0"),
        Row("cramp: irregularity of intervals", "%", 100.0 * irregular, 34.9, 54.3, f"{source} 44.6, 9.7"),
    ]


def _cramping_units(seed: int) -> Floats:
    """(n_units, 4): mean rate, lowest and highest rate over 8 intervals, sd / mean of all; units with 50 and more."""
    calf = _cramping(seed)
    (muscle,) = muscles_of(layout(calf, ("GM",)).rows[:1], key_of(seed, "units in a cramp"))
    firing, instants_s = Train(muscle, muscle.discharges[1]).between(20.0, 50.0)
    found = []
    for unit in np.unique(firing):
        own_s = np.sort(instants_s[firing == unit])
        if len(own_s) > 50:
            intervals_s, rates = np.diff(own_s), 8.0 / (own_s[8:] - own_s[:-8])
            found.append((1.0 / intervals_s.mean(), rates.min(), rates.max(), intervals_s.std() / intervals_s.mean()))
    return np.array(found)


def _cramping(seed: int) -> Calf:
    """A calf that cramps from 20 s on and is stretched at 45 s."""
    precursor = Precursor(kind="none", start_s=20.0, strength=0.0)
    cramp = CrampPlan(onset_s=20.0, rise_s=4.0, stretch_s=45.0, plateau=0.35, precursor=precursor)
    return training(seed, "point 34 s", "stretch 30 s", plan=LegPlan(cramps=(cramp,)))


def _one_cramp(seed: int) -> tuple[float, float, float]:
    """Rise at the stretch in %, seconds from the stretch to a third of the plateau, share of the other head's RMS."""
    calf = _cramping(seed)
    source = EmgSource(calf, rate_hz=_RATE_HZ, seed=seed)
    source.seek(26.0)
    time_s, samples = source.read(30_000)
    rms_uv = np.sqrt((samples.reshape(-1, 250, 2) ** 2).mean(axis=1))
    at_s = time_s[::250]
    plateau_uv, other_uv = rms_uv[at_s < 42.0].mean(axis=0)
    stretched = rms_uv[at_s > 45.0, 0]
    relieved_s = 0.25 * (1 + np.flatnonzero(stretched > 0.3 * plateau_uv)[-1])
    return 100.0 * (stretched.max() / plateau_uv - 1.0), relieved_s, other_uv / plateau_uv
