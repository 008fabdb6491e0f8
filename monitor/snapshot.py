"""What the screens see: one read-only picture of the session, made by the engine, replaced as a whole.

The engine keeps no window and a window keeps no engine: this file is all they share. Arrays in a snapshot are never
written again after it is published.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """A curve to draw. time_s: (n,) session seconds; values: (n,) or (n, n_channels); NaN = lost."""

    time_s: NDArray[np.float64]
    values: NDArray[np.floating]

    @classmethod
    def empty(cls, n_channels: int | None = None) -> Trace:
        """A curve of no points."""
        return cls(np.empty(0), np.empty(0) if n_channels is None else np.empty((0, n_channels)))


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """One fatigue reading against the athlete's own baseline.

    compression: spectral scale now / baseline, None = unknown.
    n_frames: contraction frames (128 ms each, 60 ms apart) that it rests on, since the session's start.
    interval: 95 %, of the compression; slope_pct_per_min with its interval: of five minutes. None = unknown.
    """

    compression: float | None
    n_frames: int
    stale: bool
    interval: tuple[float, float] | None = None
    slope_pct_per_min: float | None = None
    slope_interval: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class LegView:
    """One leg as a screen shows it."""

    athlete: str
    leg: str
    state: str
    since_s: float
    reasons: tuple[str, ...]
    score: float | None
    points: dict[str, float | None]
    channels: tuple[str, ...]
    emg_unit: str  # uV or counts
    emg: Trace  # last 10 s, (n, n_channels), high-passed at 20 Hz for the picture
    envelope: Trace  # last 10 s, 50 Hz, (n, n_channels), RMS per 20 ms
    contraction: Trace  # last 10 s, 50 Hz, (n,), 1 = the calf is working
    angle: Trace  # last 10 s, (n,), deg, dorsiflexion +
    angle_source: str  # imu | recorded | none
    angle_note: str  # why there is no angle, what to do for its calibration, or how it was made; may be empty
    mdf: Trace  # since the start (bounded), 1 Hz or sparser, (n, n_channels), Hz, NaN = no contraction
    trend: Trace  # the fatigue reading as MDF: MDF0 * compression, (n,), Hz
    baseline_hz: float | None  # MDF0, median over the channels; None while calibrating
    watch_hz: float | None  # WATCH is reached below this
    clear_hz: float | None  # WATCH ends above this
    all_contractions: Reading
    plantarflexed: Reading
    calibration_fraction: float  # 0..1, baseline frames gathered / needed
    quality: tuple[str, ...]  # plain sentences on bad channels, empty = all good
    gait: str = ""  # what the leg does and on what ground: "walking, 108 steps per min, uphill 4 deg"; empty = unknown
    course: str = ""  # how the reading goes: "tiring, -1.9 % per min (-2.5 to -1.3) in five minutes"; empty = unknown
    fatigue_notes: tuple[str, ...] = ()  # what to bear in mind beside the reading: the sensor's band, no angle, cold
    calibrated_share: float | None = None  # of an ankle calibration that is under way, 0..1; None = none is
    shortened: str = ""  # how much the calf has worked while short in the last minute, in words; empty = unknown


@dataclass(frozen=True, slots=True, eq=False)
class LinkView:
    """One sensor's link. age_s: since the last packet, session seconds; None = no packet yet."""

    sensor: str
    model: str
    role: str  # "A7 left: EMG GM, shank"
    link: str
    detail: str
    age_s: float | None
    rate_hz: float | None
    loss_fraction: float | None  # of the last 10 s
    battery: float | None  # 0..1
    warning: str = ""  # battery low, link too slow; empty = all good
    rate_sag: float | None = None  # how far the rate lies below the one first measured: samples lost unseen
    time_uncertainty_s: float | None = None  # by how much its stamps may be wrong, the worst of its streams
    left_out: int = 0  # packets that came twice or too late


@dataclass(frozen=True, slots=True)
class AlertView:
    """A leg that calls, from the first alert until its episode is over. state: the worst of the episode.

    sent: alerts of it that went out so far (0: the athlete is muted, or they are held back); seen: by somebody.
    """

    athlete: str
    leg: str
    state: str
    since_s: float
    sent: int
    seen: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """The whole session at one moment."""

    time_s: float
    speed: float
    source: str  # demo | live | replay
    title: str  # scenario, team or file name
    simulated: bool
    legs: tuple[LegView, ...] = ()
    links: tuple[LinkView, ...] = ()
    markers: tuple[tuple[float, str], ...] = ()
    alerts: tuple[AlertView, ...] = ()  # as the alert rules have it; a replay alerts nobody
    muted: tuple[str, ...] = ()  # athletes whose alerts go nowhere
    away: tuple[tuple[str, str], ...] = ()  # athlete, leg: out of range, every sensor of it
    recording: str = ""  # file name and size, or what is wrong; empty = not recording
    dropped: int = 0  # events that the display path dropped
    ended: bool = False  # a replay or a limited demo has come to its end
    notes: tuple[str, ...] = field(default=())
