"""What a sensor measures where it sits: which signal goes into which stream of its packets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from monitor.acquisition.encoding import to_counts
from monitor.acquisition.packet_model import PacketSpec
from monitor.acquisition.profile_model import Profile, StreamSpec

COUNTS_PER_UV = 0.1  # of EMG sensors that tell no scale: assumed, so that a strong contraction stays inside 8 bits
ALL_THE_TIME = {  # what does not follow from the leg: a plausible value for each kind of stream, in its unit
    "battery": 87.0,
    "heart_rate": 132.0,
    "rr": 0.455,
    "speed": 2.8,
    "cadence": 84.0,
    "stride": 1.05,
    "distance": 420.0,
    "temperature": 31.0,
    "status": 1.0,
    "mag": 25.0,
    "linear_acc": 0.0,
}
Floats = NDArray[np.floating]


class SampleSource(Protocol):
    """Consecutive samples of one simulated signal."""

    def read(self, n_samples: int) -> tuple[NDArray[np.float64], Floats]:
        """The next samples: (n,) seconds and (n, n_channels)."""
        ...

    def seek(self, time_s: float) -> None:
        """Go on with the first sample at or after a time."""
        ...


class Signals(Protocol):
    """What a sensor is stuck on: gives its signals at whatever rate the sensor samples."""

    def emg(self, rate_hz: float, n_channels: int) -> SampleSource:
        """EMG in uV, (n, n_channels)."""
        ...

    def imu(self, rate_hz: float) -> SampleSource:
        """(n, 6): acceleration x y z in g, angular rate x y z in deg/s."""
        ...

    def quat(self, rate_hz: float) -> SampleSource:
        """(n, 4): the sensor's orientation w x y z (to an earth frame, z up)."""
        ...


@dataclass(slots=True)
class _Part:
    """A signal, and the streams that are made of it: name, specification, columns."""

    source: SampleSource
    streams: list[tuple[str, StreamSpec, list[int]]]


class Wearing:
    """The streams of one kind of packet, sample by sample, as counts."""

    def __init__(self, profile: Profile, spec: PacketSpec, signals: Signals, rate_hz: float) -> None:
        self._profile = profile
        self._streams = profile.streams_of(spec)
        self._parts = _parts(self._streams, signals, rate_hz)

    def seek(self, time_s: float) -> None:
        """Go on with the first sample at or after a time."""
        for part in self._parts:
            part.source.seek(time_s)

    def read(self, n_samples: int) -> Mapping[str, NDArray]:
        """The next counts of every stream, (n_samples, channels)."""
        counts = {}
        for part in self._parts:
            _, samples = part.source.read(n_samples)
            for name, spec, columns in part.streams:
                counts[name] = to_counts(self._profile, name, in_its_unit(spec, samples[:, columns]))
        for name, spec in self._streams.items():
            if name not in counts:
                value = ALL_THE_TIME.get(spec.kind, 0.0)
                counts[name] = to_counts(self._profile, name, np.full((n_samples, len(spec.channels)), value))
        return counts


def in_its_unit(spec: StreamSpec, samples: Floats) -> NDArray[np.float64]:
    """What the sensor makes of the signal before it counts it."""
    whole = np.asarray(samples, dtype=np.float64)
    if spec.kind == "envelope":
        whole = np.abs(whole)
    if spec.kind in ("emg", "envelope") and spec.unit == "counts":
        return COUNTS_PER_UV * whole
    return 1e-3 * whole if spec.unit == "mV" else whole


def _parts(streams: Mapping[str, StreamSpec], signals: Signals, rate_hz: float) -> list[_Part]:
    muscle = [
        (name, spec, list(range(len(spec.channels))))
        for name, spec in streams.items()
        if spec.kind in ("emg", "envelope")
    ]
    axes = {"acc": [0, 1, 2], "gyro": [3, 4, 5]}
    motion = [
        (name, spec, axes[spec.kind][: len(spec.channels)]) for name, spec in streams.items() if spec.kind in axes
    ]
    turns = [(name, spec, [0, 1, 2, 3]) for name, spec in streams.items() if spec.kind == "quat"]
    parts = []
    if muscle:
        parts.append(_Part(signals.emg(rate_hz, max(len(columns) for _, _, columns in muscle)), muscle))
    if motion:
        parts.append(_Part(signals.imu(rate_hz), motion))
    if turns:
        parts.append(_Part(signals.quat(rate_hz), turns))
    angles = [(name, spec, [0, 1, 2]) for name, spec in streams.items() if spec.kind == "euler"]
    if angles:
        parts.append(_Part(EulerSource(signals.quat(rate_hz)), angles))
    return parts


class EulerSource:
    """Roll, pitch and yaw in degrees (about x, then y, then z of the earth frame) from an orientation."""

    def __init__(self, quat: SampleSource) -> None:
        self._quat = quat

    def read(self, n_samples: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The next samples: (n,) seconds and (n, 3)."""
        time_s, turns = self._quat.read(n_samples)
        w, x, y, z = np.asarray(turns, dtype=np.float64).T
        roll = np.arctan2(2 * (w * x + y * z), 1 - 2 * (x * x + y * y))
        pitch = np.arcsin(np.clip(2 * (w * y - z * x), -1.0, 1.0))
        yaw = np.arctan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z))
        return time_s, np.degrees(np.column_stack([roll, pitch, yaw]))

    def seek(self, time_s: float) -> None:
        """Go on with the first sample at or after a time."""
        self._quat.seek(time_s)
