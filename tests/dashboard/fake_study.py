"""A made-up study: a calf that works, tires, warns; any number of channels, no pipeline."""

from __future__ import annotations

import numpy as np

from monitor.settings import Settings
from monitor.snapshot import Trace
from monitor.study import LegStudy, Seconds, Study
from monitor.warning.state import State, StateChange
from monitor.warning.texts import fatigue_notes

CHANNELS = ("GM", "GL", "SOL")


def fake_study(
    duration_s: float = 120.0, channels: tuple[str, ...] = CHANNELS, shift: float = 0.0, file: str = "made up.xdf"
) -> Study:
    """States: CALIBRATING, OK from 30 s, WATCH from 60 s, WARN from 90 s. shift: of the fatigue reading."""
    legs = tuple(_leg(side, duration_s, channels, shift) for side in ("left", "right"))
    return Study(file, duration_s, Settings(), True, legs, ((40.0, "stretch"),))


def _leg(side: str, duration_s: float, channels: tuple[str, ...], shift: float) -> LegStudy:
    rng = np.random.default_rng(3 if side == "left" else 4)
    count, time_s = len(channels), np.arange(0.0, duration_s, 0.001)
    drive = np.clip(np.sin(2 * np.pi * time_s / 2.5), 0, 1)
    emg = (rng.standard_normal((len(time_s), count)) * (6 + 120 * drive[:, None])).astype(np.float32)
    emg[50_000:50_400] = np.nan
    ticks = np.arange(0.0, duration_s, 0.02)
    spans = np.array([[start, start + 1.25] for start in np.arange(0.0, duration_s - 2, 2.5)])
    return LegStudy(
        "A7",
        side,
        channels,
        "uV",
        Trace(time_s, emg + 5.0),
        Trace(time_s, emg),
        Trace(ticks, 6 + 100 * np.clip(np.sin(2 * np.pi * ticks / 2.5), 0, 1)[:, None] * np.ones(count)),
        Trace(ticks, 5 - 35 * np.clip(np.sin(2 * np.pi * ticks / 2.5), 0, 1)),
        spans,
        _seconds(duration_s, count, shift),
        tuple(_change(side, *each) for each in _STORY),
        fatigue_notes("", matched=True),
    )


_STORY = (
    (0.0, State.CALIBRATING, "learning this calf"),
    (30.0, State.OK, "no pattern seen"),
    (60.0, State.WATCH, "MDF 101 -> 90 Hz (-11 %)"),
    (90.0, State.WARN, "quiet EMG 2.2 x its baseline: 2 points"),
)


def _change(side: str, time_s: float, state: State, reason: str) -> StateChange:
    return StateChange(time_s, "A7", side, state, 4.0, {"fatigue": 1.0}, (reason,))


def _seconds(duration_s: float, count: int, shift: float) -> Seconds:
    time_s = np.arange(1.0, duration_s + 1)
    reading = np.where(time_s > 30, 1 - 0.15 * time_s / duration_s + shift, np.nan)
    quality = np.zeros((len(time_s), count))
    quality[50:56, 0] = 6
    return Seconds(
        time_s=time_s,
        mdf_hz=(101 + np.arange(count))[None, :] * np.ones((len(time_s), 1)) * np.nan_to_num(reading, nan=1.0)[:, None],
        reading=reading,
        reading_low=reading - 0.02,
        reading_high=reading + 0.02,
        plantarflexed=reading - 0.01,
        baseline_hz=np.where(time_s > 30, 101.0, np.nan),
        quiet_ratio=1 + time_s / duration_s,
        twitches_per_min=10 * time_s / duration_s,
        score=np.floor(6 * time_s / duration_s),
        quality=quality,
        points={"fatigue": np.floor(2 * time_s / duration_s), "quiet": np.floor(2 * time_s / duration_s)},
    )
