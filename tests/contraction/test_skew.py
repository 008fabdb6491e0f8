"""Clocks that move against each other are noticed by the change of the lag, and never where they do not move."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from contraction.test_ankle_angle import CALIBRATION, SETTINGS, errors_deg, follow, imu, stream, walker

from monitor.chunk import Channel, Chunk, Stream
from monitor.contraction.ankle_angle import AnkleAngle
from monitor.contraction.gait import Activity
from monitor.contraction.skew import SkewWatch, lag_s
from monitor.settings import SkewSettings

STEPS = (*CALIBRATION, ("walk", 260.0))
UNTIL_S = 303
MOVED_S = 120.0


@cache
def walked(seed: int, moved_s: float) -> tuple[AnkleAngle, np.ndarray]:
    """The foot's stamps are late by so much from MOVED_S on; the angle's errors in the last 40 s."""
    calf = walker(seed, STEPS)
    foot = imu(calf, "foot", UNTIL_S)
    time_s = foot.time_s + np.where(foot.time_s > MOVED_S, moved_s, 0.0)
    kept = np.concatenate([[True], np.diff(np.maximum.accumulate(time_s)) > 0])
    foot = Chunk(foot.stream, time_s[kept], foot.samples[kept])
    angle = AnkleAngle(stream("shank"), stream("foot"), SETTINGS)
    out = follow(angle, imu(calf, "shank", UNTIL_S), foot, UNTIL_S)
    return angle, errors_deg(calf, out, (UNTIL_S - 40.0, UNTIL_S - 1.0))


@pytest.mark.parametrize("moved_s", [-0.04, 0.04, 0.1])
def test_a_step_of_the_clocks_is_corrected_and_told(moved_s: float):
    angle, error_deg = walked(2, moved_s)
    assert f"clocks have moved by {1000 * abs(moved_s):.0f} ms: corrected" in angle.note
    assert angle.skew_s == pytest.approx(abs(moved_s), abs=0.005)
    late_s = max(0.0, moved_s)  # the earlier sensor waits for the later one, so the angle is as late
    assert np.sqrt(np.nanmean(error_deg**2)) < 2.0 + 100.0 * late_s


def test_clocks_that_agree_are_left_alone():
    for seed in (1, 2):
        angle, error_deg = walked(seed, 0.0)
        assert "clocks" not in angle.note
        assert np.sqrt(np.nanmean(error_deg**2)) < 2.0


def test_a_small_change_is_left_alone():
    assert "clocks" not in walked(2, 0.008)[0].note


def inclination(rate_dps: np.ndarray) -> Chunk:
    channels = tuple(Channel(name, "") for name in ("ux", "uy", "uz", "gx", "gy", "gz"))
    samples = np.hstack([np.zeros((len(rate_dps), 3)), rate_dps])
    return Chunk(Stream("imu", 100.0, channels, "recorded"), np.arange(len(rate_dps)) / 100.0, samples)


def test_recorded_sensors_that_are_synchronous_are_never_corrected(shared: Path):
    """A minute of free movement, six times over, in looks that fall elsewhere each time."""
    with np.load(shared / "data" / "imu_reference" / "qmt_foot_shank_left.npz") as file:
        shank, foot = (inclination(np.degrees(np.tile(file[f"{name}_gyr"], (6, 1)))) for name in ("shank", "foot"))
    for look_s in (20.0, 17.0, 23.0):
        watch = SkewWatch(SkewSettings(look_s=look_s))
        seconds = [slice(100 * second, 100 * second + 100) for second in range(360)]
        assert not any(watch.push(shank[rows], foot[rows], Activity.WALKING) for rows in seconds)


def test_a_leg_at_rest_shows_no_lag():
    rng = np.random.default_rng(1)
    one, other = (inclination(rng.normal(size=(2000, 3))) for _ in range(2))
    assert lag_s(one, other) is None
