"""What a foreign LSL stream holds: its channels, units and rate, as a Stream of ours; nothing is assumed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitor.acquisition.tables import ANGLE_CHANNELS, IMU_CHANNELS
from monitor.chunk import Channel, Stream
from monitor.errors import LinkError
from monitor.team import Sensor

SLOWEST_EMG_HZ = 100.0
# unit as people write it -> ours, and what a sample is multiplied by
_EMG_UNITS = {
    "uv": ("uV", 1.0),
    "microvolt": ("uV", 1.0),
    "microvolts": ("uV", 1.0),
    "mv": ("uV", 1e3),
    "millivolt": ("uV", 1e3),
    "millivolts": ("uV", 1e3),
    "v": ("uV", 1e6),
    "volt": ("uV", 1e6),
    "volts": ("uV", 1e6),
    "counts": ("counts", 1.0),
}
_DEG = 180.0 / np.pi
_MOTION_UNITS = {
    "g": ("g", 1.0),
    "m/s^2": ("g", 1 / 9.80665),
    "m/s2": ("g", 1 / 9.80665),
    "dps": ("deg/s", 1.0),
    "deg/s": ("deg/s", 1.0),
    "rad/s": ("deg/s", _DEG),
}
_ANGLE_UNITS = {"deg": ("deg", 1.0), "degrees": ("deg", 1.0), "rad": ("deg", _DEG)}
_SIX = tuple(f"{what}{axis}" for what in ("acc", "gyr") for axis in "xyz")


@dataclass(frozen=True, slots=True, eq=False)
class Foreign:
    """How the columns of a foreign stream become ours."""

    stream: Stream
    columns: tuple[int, ...]
    scale: NDArray[np.float64]

    def samples(self, rows: NDArray[np.floating]) -> NDArray[np.float32]:
        """(n, foreign channels) -> (n, our channels) in our units."""
        return (rows[:, self.columns] * self.scale).astype(np.float32)


def foreign_stream(sensor: Sensor, rate_hz: float, labels: Sequence[str], units: Sequence[str]) -> Foreign:
    """What a stream means that plays the sensor's one role.

    labels, units : as the stream tells them, one per channel, "" = not told; `unit` among the sensor's options says it
    for all channels. Raises: LinkError in a sentence where something is missing.
    """
    (role,) = sensor.roles
    slowest_hz = SLOWEST_EMG_HZ if role == "emg" else 1.0
    if rate_hz < slowest_hz:
        raise LinkError(f"it tells a rate of {rate_hz:g} per second; {role} needs {slowest_hz:g} at least")
    named = [label or f"ch{place}" for place, label in enumerate(labels, start=1)]
    told = [sensor.options.get("unit") or unit for unit in units]
    if role == "emg":
        columns = _picked(sensor.only, named)
        found = [_unit(told[column], _EMG_UNITS, named[column]) for column in columns]
        names = sensor.channels or tuple(named[column] for column in columns)
        if len(names) != len(columns):
            raise LinkError(f"the team file names {len(names)} channels, and it sends {len(columns)}")
        channels = tuple(Channel(name, unit) for name, (unit, _) in zip(names, found, strict=True))
    else:
        columns, channels = (_six(named), IMU_CHANNELS) if role != "angle" else ((0,), ANGLE_CHANNELS)
        known = _MOTION_UNITS if role != "angle" else _ANGLE_UNITS
        found = [_unit(told[column], known, named[column]) for column in columns]
        if [unit for unit, _ in found] != [channel.unit for channel in channels]:
            raise LinkError(
                f"its units are {', '.join(told)}; {', '.join(channel.unit for channel in channels)} are meant"
            )
    name = role if role in ("emg", "angle") else "imu"
    scale = np.array([factor for _, factor in found])
    return Foreign(Stream(name, rate_hz, channels, sensor.match), tuple(columns), scale)


def _picked(only: Sequence[str], named: Sequence[str]) -> tuple[int, ...]:
    missing = [name for name in only if name not in named]
    if missing:
        raise LinkError(f"it has no channel {missing[0]!r}; it has {', '.join(named)}")
    return tuple(named.index(name) for name in only) if only else tuple(range(len(named)))


def _unit(told: str, known: dict[str, tuple[str, float]], label: str) -> tuple[str, float]:
    found = known.get(told.strip().lower().replace("µ", "u").replace("μ", "u"))
    if found is None:
        says = f"tells the unit {told!r}" if told else "tells no unit"
        raise LinkError(
            f"channel {label!r} {says}; the team file can: options = {{ unit = ... }}, of {', '.join(known)}"
        )
    return found


def _six(named: Sequence[str]) -> tuple[int, ...]:
    """The columns of the three accelerations and the three angular rates, found by their names."""
    plain = [
        re.sub(r"[^a-z]", "", re.sub(r"(acc|gyr)(elerometer|eleration|oscope|o)?", r"\1", name.lower()))
        for name in named
    ]
    places = {name: place for place, name in reversed(list(enumerate(plain)))}
    missing = [name for name in _SIX if name not in places]
    if missing:
        raise LinkError(f"its channels {', '.join(named)} are no motion sensor's: acc x y z and gyr x y z are meant")
    return tuple(places[name] for name in _SIX)
