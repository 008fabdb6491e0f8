"""What can be bought, as outfits: true channels, rate, bits, bandwidth and motion sensors, from the profiles.

Packets are lost and clocks drift as the session's `sensor` table says, the same for every kit. Sensors that tell no
scale are taken to count 0.1 per microvolt (8 bits: Myo) or 1 (12 bits: NPG Lite): assumed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from monitor.acquisition.encoding import limits_of_stream, to_counts
from monitor.acquisition.profile import find
from monitor.acquisition.profile_model import Profile
from monitor.acquisition.sensor import motion_stream
from monitor.chunk import Channel, Chunk, Stream
from monitor.evaluation.simulated import Feed, Worn
from monitor.limits import Limits
from monitor.simulation.calf import Calf
from monitor.simulation.disturbances import emg_of
from monitor.simulation.imu import ImuSource
from monitor.simulation.orientation import OrientationSource
from monitor.simulation.scenario import Scenario
from monitor.simulation.truth import LEGS
from monitor.simulation.wearing import COUNTS_PER_UV, SampleSource, in_its_unit
from monitor.simulation.wire import Wire
from monitor.team import LegSide

_ONE: tuple[LegSide, ...] = ("left",)
_LABELS = ("GM", "GL", "GM1", "GL1", "GM2", "GL2", "GM3", "GL3")
_INSIDE_HZ = 100.0  # a sensor's own filter runs at this rate or above
_FINE_BITS = 1024  # counts from end to end; finer converters have their range filled
Segment = Literal["shank", "foot"]


@dataclass(frozen=True, slots=True)
class Bought:
    """One kit. emg : profile of the EMG sensor; shank, foot : profiles of the motion sensors, None = none

    options : of the profiles, by id
    """

    title: str
    emg: str
    shank: str | None = None
    foot: str | None = None
    legs: tuple[LegSide, ...] = _ONE
    options: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def of(self, scenario: Scenario, leg: LegSide, seed: int) -> Worn:
        """The sensors of one leg."""
        calf, emg = Calf(scenario, leg, seed), self.profile(self.emg)
        feeds: dict[str, Feed] = {"emg": _emg(emg, calf, seed)}
        if self.shank is not None and self.foot is not None:
            feeds |= {"shank": _motion(self.profile(self.shank), calf, "shank", seed)}
            feeds |= {"foot": _motion(self.profile(self.foot), calf, "foot", seed)}
        return Worn(feeds, Limits.of(emg))

    def profile(self, profile_id: str) -> Profile:
        """One of its sensors, resolved."""
        return find(profile_id, options=self.options.get(profile_id))


KITS: Mapping[str, Bought] = {
    "umyo": Bought("1 uMyo (one calf)", "umyo"),
    "umyo-both": Bought("2 uMyo (both calves)", "umyo", legs=LEGS),
    "umyo-foot": Bought("2 uMyo (calf and foot)", "umyo", "umyo", "umyo"),
    "umyo-witmotion": Bought("uMyo + 2 WitMotion", "umyo", "witmotion", "witmotion"),
    "npg-lite": Bought("NPG Lite", "npg-lite"),
    "gforce-dot": Bought("gForce 12-bit + 2 DOT", "gforce", "xsens-dot", "xsens-dot"),
    "myo": Bought("Myo", "myo"),
}


@dataclass(slots=True)
class _Counted:
    """A signal as counts of a sensor, back in its unit, over its link."""

    profile: Profile
    streams: tuple[tuple[str, int], ...]  # names in the profile, and how many channels of each
    stream: Stream
    source: SampleSource
    wire: Wire
    scale: float = 1.0  # of the source, before it is counted
    every: int = 1  # of the source's samples

    def chunk(self, start_s: float, end_s: float) -> Chunk:
        """What it sends of a span of time; a lost packet is a row of NaN."""
        first, end = (int(np.ceil(edge_s * self.wire.rate_hz - 1e-6)) for edge_s in (start_s, end_s))
        time_s, samples = self.source.read(self.every * (end - first))
        rows = self._counted(self.scale * samples[:: self.every]).astype(np.float32)
        rows[self.wire.lost(first, end)] = np.nan
        return Chunk(self.stream, self.wire.stamps_s(time_s[:: self.every]), rows)

    def _counted(self, samples: np.ndarray) -> np.ndarray:
        parts, column = [], 0
        for name, n in self.streams:
            spec = self.profile.streams[name]
            counts = to_counts(self.profile, name, in_its_unit(spec, samples[:, column : column + n]))
            parts.append((counts - spec.centre) * spec.gain)
            column += n
        return np.concatenate(parts, axis=1)


def _emg(profile: Profile, calf: Calf, seed: int) -> _Counted:
    spec, source_id = profile.streams["emg"], f"{profile.id}-{calf.leg}-emg"
    labels = _LABELS[: len(spec.channels)]
    wire = Wire(calf.scenario.sensor, source_id, seed, spec.rate_nominal_hz)
    upper_hz = profile.quality.bandwidth_hz[1] if profile.quality.bandwidth_hz else None
    source = emg_of(calf, labels, rate_hz=wire.rate_hz, upper_hz=upper_hz)
    stream = Stream("emg", spec.rate_nominal_hz, tuple(Channel(label, spec.unit) for label in labels), source_id)
    return _Counted(profile, (("emg", len(labels)),), stream, source, wire, _gain(profile))


def _gain(profile: Profile) -> float:
    """What a converter of no known scale is assumed to make of a microvolt, against the usual assumption."""
    limits = limits_of_stream(profile, "emg")
    fine = limits is not None and limits[1] - limits[0] >= _FINE_BITS
    return 1.0 / COUNTS_PER_UV if profile.streams["emg"].unit == "counts" and fine else 1.0


def _motion(profile: Profile, calf: Calf, segment: Segment, seed: int) -> _Counted:
    source_id, kind = f"{profile.id}-{calf.leg}-{segment}", motion_stream(profile)
    if kind == "quat":
        spec = profile.streams["quat"]
        wire = Wire(calf.scenario.sensor, source_id, seed, spec.rate_nominal_hz)
        every = int(np.ceil(_INSIDE_HZ / spec.rate_nominal_hz))
        source = OrientationSource(ImuSource(calf, segment, rate_hz=every * wire.rate_hz))
        stream = Stream("quat", spec.rate_nominal_hz, tuple(Channel(axis, "1") for axis in "wxyz"), source_id)
        return _Counted(profile, (("quat", 4),), stream, source, wire, every=every)
    rate_hz = profile.streams["acc"].rate_nominal_hz
    wire = Wire(calf.scenario.sensor, source_id, seed, rate_hz)
    axes = [(f"acc_{axis}", "g") for axis in "xyz"] + [(f"gyr_{axis}", "deg/s") for axis in "xyz"]
    stream = Stream("imu", rate_hz, tuple(Channel(label, unit) for label, unit in axes), source_id)
    return _Counted(profile, (("acc", 3), ("gyro", 3)), stream, ImuSource(calf, segment, rate_hz=wire.rate_hz), wire)
