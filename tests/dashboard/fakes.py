"""Plausible snapshots for the screens' tests: a calf that does calf raises, seen by two EMG channels and two IMUs."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from monitor.snapshot import AlertView, LegView, LinkView, Reading, Snapshot, Trace

EMG_RATE_HZ, ANGLE_RATE_HZ, GRID_RATE_HZ = 1000.0, 100.0, 50.0
PERIOD_S = 2.5
STORY: dict[str, tuple[str, float, dict[str, float | None]]] = {
    "NO_SIGNAL": ("No packet from the left EMG sensor for 4 s.", 0.92, {}),
    "CALIBRATING": ("Learning how this calf looks when it is fresh: keep moving as usual.", 1.0, {}),
    "OK": ("MDF 99 Hz, 2 % below the baseline of 101 Hz.", 0.98, {"fatigue": 0, "quiet": 0, "twitches": 0}),
    "WATCH": (
        "MDF 92 Hz is 9 % below the baseline of 101 Hz (WATCH from 8 %), over the last 60 s of contractions.",
        0.91,
        {"fatigue": 2, "quiet": 0, "twitches": None},
    ),
    "WARN": (
        "Quiet EMG 2.4 x the baseline and 8 twitches per minute between contractions, while MDF is 15 % below 101 Hz.",
        0.85,
        {"fatigue": 2, "quiet": 1, "twitches": 1},
    ),
    "CRAMP": ("EMG at 41 % of the reference for 5 s while the ankle stands still.", 0.83, {"fatigue": 2, "quiet": 2}),
    "RELIEF": ("EMG fell to 1.6 x quiet while the ankle moved into a stretch.", 0.86, {"fatigue": 2, "quiet": 0}),
    "COOLDOWN": ("A cramp 12 min ago: 48 min of closer watch remain.", 0.95, {"fatigue": 0, "context": 1}),
}
STATES = tuple(STORY)


def _time(now_s: float, rate_hz: float, span_s: float = 10.0) -> np.ndarray:
    first, last = int(np.ceil(max(0.0, now_s - span_s) * rate_hz)), int(np.floor(now_s * rate_hz))
    return np.arange(first, last + 1) / rate_hz


def _drive(time_s: np.ndarray, phase_s: float) -> np.ndarray:
    return np.clip(np.sin(2 * np.pi * (time_s - phase_s) / PERIOD_S), 0.0, 1.0) ** 1.5


def _noise(time_s: np.ndarray, rate_hz: float, seed: int) -> np.ndarray:
    """The same noise for the same instants, whatever the window."""
    table = np.random.default_rng(seed).standard_normal(4096)
    smooth = np.convolve(np.concatenate((table[-4:], table)), [0.2, 0.5, 0.2, -0.3, -0.4], mode="valid")
    return smooth[np.round(time_s * rate_hz).astype(int) % 4096]


def _noises(time_s: np.ndarray, rate_hz: float, seed: int, count: int) -> np.ndarray:
    return np.array([_noise(time_s, rate_hz, seed + c) for c in range(count)]).reshape(count, len(time_s)).T


@dataclass
class FakeSession:
    """Snapshots of a made-up session at any moment."""

    athletes: tuple[str, ...] = ("A7",)
    legs: tuple[str, ...] = ("left", "right")
    states: tuple[str, ...] = ("OK", "WATCH")
    channels: tuple[str, ...] = ("GM", "GL")
    speed: float = 10.0
    source: str = "demo"
    markers: tuple[tuple[float, str], ...] = ()
    changes: dict[str, object] = field(default_factory=dict)

    def at(self, time_s: float) -> Snapshot:
        """The session at this moment."""
        pairs = [(athlete, leg) for athlete in self.athletes for leg in self.legs]
        views = [
            fake_leg(athlete, leg, self.states[i % len(self.states)], time_s, self.channels, seed=i)
            for i, (athlete, leg) in enumerate(pairs)
        ]
        links = [link for i, (athlete, leg) in enumerate(pairs) for link in fake_links(athlete, leg, i)]
        parts: dict[str, object] = {
            "time_s": time_s,
            "speed": self.speed,
            "source": self.source,
            "title": "Calf raises until tired",
            "simulated": True,
            "legs": tuple(views),
            "links": tuple(links),
            "markers": self.markers,
            "alerts": () if self.source == "replay" else fake_alerts(views),
            "recording": "2025-11-25 A7.xdf, 12.4 MB",
        }
        return Snapshot(**{**parts, **self.changes})  # type: ignore[arg-type]


def fake_alerts(legs: list[LegView]) -> tuple[AlertView, ...]:
    """An alert of each leg that warns or cramps, sent once and seen by nobody."""
    return tuple(AlertView(leg.athlete, leg.leg, leg.state, 0.0, 1) for leg in legs if leg.state in ("WARN", "CRAMP"))


def fake_leg(
    athlete: str, leg: str, state: str, time_s: float, channels: tuple[str, ...] = ("GM", "GL"), seed: int = 0
) -> LegView:
    """One leg in this state at this moment."""
    reason, compression, points = STORY[state]
    baseline_hz = None if state == "CALIBRATING" else 101.0
    when, phase_s = _time(time_s, EMG_RATE_HZ), 0.4 * seed
    gain_uv = np.linspace(110.0, 70.0, max(len(channels), 1))[: len(channels)]
    noise = _noises(when, EMG_RATE_HZ, 10 * seed, len(channels))
    emg = noise * (6.0 + _drive(when, phase_s)[:, None] * gain_uv)
    grid = _time(time_s, GRID_RATE_HZ)
    envelope = 6.0 + _drive(grid, phase_s)[:, None] * gain_uv * 0.8
    angle_time = _time(time_s, ANGLE_RATE_HZ)
    past = np.arange(0.0, time_s, max(1.0, time_s / 600))
    slope = 1 - (1 - compression) * past / max(time_s, 1.0)
    wobble = _noises(past, 1.0, 77 + seed, len(channels))
    mdf = (101.0 + 6.0 * np.arange(len(channels)))[None, :] * slope[:, None] * (1 + 0.02 * wobble)
    known = baseline_hz is not None
    return LegView(
        athlete=athlete,
        leg=leg,
        state=state,
        since_s=max(0.0, time_s - 134.0),
        reasons=(reason,),
        score=None if not points else float(sum(value or 0 for value in points.values())),
        points=points,
        channels=channels,
        emg_unit="uV",
        emg=Trace(when, emg.astype(np.float32)),
        envelope=Trace(grid, envelope),
        contraction=Trace(grid, (_drive(grid, phase_s) > 0.1).astype(float)),
        angle=Trace(angle_time, 8.0 - 38.0 * _drive(angle_time, phase_s + 0.05) + 1.5 * np.sin(angle_time)),
        angle_source="imu",
        angle_note="zero from 8 s of standing still",
        mdf=Trace(past, mdf),
        trend=Trace(past, 101.0 * slope if known else np.full(len(past), np.nan)),
        baseline_hz=baseline_hz,
        watch_hz=93.0 if known else None,
        clear_hz=95.0 if known else None,
        all_contractions=Reading(compression if known else None, int(4 * time_s), stale=False),
        plantarflexed=Reading(compression - 0.01 if known else None, int(1.5 * time_s), stale=state == "OK"),
        calibration_fraction=0.42 if state == "CALIBRATING" else 1.0,
        quality=("GL: mains hum is 34 % of the signal; dry the skin, press the electrode on.",)
        if state == "WATCH"
        else (),
    )


def fake_links(athlete: str, leg: str, seed: int = 0) -> list[LinkView]:
    """The two sensors of a leg."""
    number = 2 * seed
    return [
        LinkView(f"uMyo {number}", "uMyo 3.1", f"{athlete} {leg}: EMG GM, shank", "live", "", 0.04, 1124.6, 0.0, 0.83),
        LinkView(f"WT {number + 1}", "WT9011", f"{athlete} {leg}: foot", "live", "", 0.11, 99.8, 0.013, None),
    ]


def bare_leg(state: str = "NO_SIGNAL") -> LegView:
    """A leg of which nothing is known yet."""
    unknown = Reading(None, 0, stale=True)
    one, two = Trace.empty(), Trace.empty(2)
    return LegView(
        "A7", "left", state, 0.0, (), None, {"fatigue": None, "quiet": None}, ("GM", "GL"), "uV", two, two, one, one,
        "none", "no sensor on the foot", two, one, None, None, None, unknown, unknown, 0.0, (),
    )  # fmt: skip
