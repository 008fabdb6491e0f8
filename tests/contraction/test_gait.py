"""Strides and gait on simulated truth."""

from functools import cache

import numpy as np
import pytest
from contraction.test_ankle_angle import CALIBRATION, SETTINGS, imu, stream, walker

from monitor.contraction.ankle_angle import AnkleAngle
from monitor.contraction.gait import Activity, GaitSecond
from monitor.contraction.hinge import Calibration
from monitor.contraction.strides import StrideFinder
from monitor.settings import GaitSettings
from monitor.simulation.imu import ImuSource

STEPS = (*CALIBRATION, ("walk", 60.0), ("raises", 20.0), ("stand", 10.0), ("walk", 40.0), ("hold", 10.0))
UNTIL_S = int(sum(duration_s for _, duration_s in STEPS))


@cache
def seconds(seed: int) -> tuple[Calibration, dict[int, GaitSecond]]:
    calf = walker(seed, STEPS)
    angle = AnkleAngle(stream("shank"), stream("foot"), SETTINGS)
    shank, foot = imu(calf, "shank", UNTIL_S), imu(calf, "foot", UNTIL_S)
    found = {}
    for second in range(UNTIL_S):
        rows = [slice(*np.searchsorted(chunk.time_s, (second, second + 1))) for chunk in (shank, foot)]
        angle.push_shank(shank[rows[0]])
        angle.push_foot(foot[rows[1]])
        angle.advance(second + 1.0)
        if angle.gait is not None:
            found[second + 1] = angle.gait
    assert angle.calibration is not None
    return angle.calibration, found


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_every_stride_of_a_walk_is_found_once(seed: int):
    calf = walker(seed, (("walk", 200.0), ("raises", 30.0), ("walk", 70.0)), "left" if seed % 2 else "right")
    foot, shank = (ImuSource(calf, segment, rate_hz=100.0, seed=seed) for segment in ("foot", "shank"))  # type: ignore[arg-type]
    rates = [-(source.read(30_000)[1][:, 3:] @ source.hinge) for source in (foot, shank)]
    found = np.array(count(*rates))
    true = calf.strikes(0.0, 300.0)[0]
    missed = [time_s for time_s in true if np.abs(found - time_s).min() > 0.2]
    invented = [time_s for time_s in found if np.abs(true - time_s).min() > 0.2 and not fades(time_s)]
    assert len(missed) + len(invented) <= 0.005 * len(true)


def fades(time_s: float) -> bool:
    """Whether a walk begins or ends around this time: its first and last half steps are no strikes of the truth."""
    return min(abs(time_s - edge_s) for edge_s in (0.0, 200.0, 230.0, 300.0)) < 1.5


def test_raises_and_standing_add_no_strides():
    _, found = seconds(1)
    assert found[133].strides == found[105].strides > 50


@pytest.mark.parametrize("seed", [1, 2])
def test_the_activity_is_told_from_second_to_second(seed: int):
    _, found = seconds(seed)
    assert {found[second].activity for second in range(45, 103)} == {Activity.WALKING}
    assert {found[second].activity for second in range(107, 122)} == {Activity.OTHER}
    assert {found[second].activity for second in range(126, 133)} == {Activity.STILL}


def test_cadence_and_stance_are_those_of_the_walk():
    _, found = seconds(1)
    strikes = walker(1, STEPS).strikes(60.0, 100.0)[0]
    assert found[100].cadence_per_min == pytest.approx(120.0 / np.diff(strikes).mean(), rel=0.04)
    stance = found[100].stance_fraction
    assert stance is not None and 0.55 < stance < 0.72  # 0.62 of the simulated stride


def test_level_ground_reads_level_and_smooth():
    _, found = seconds(2)
    slope, roughness = found[100].slope_deg, found[100].roughness_deg
    assert slope is not None and abs(slope) < 2.0
    assert roughness is not None and roughness < 1.5


def test_what_is_not_walked_has_no_slope():
    _, found = seconds(1)
    assert found[130].slope_deg is None and found[130].cadence_per_min is None


def swings(peaks_dps: list[float], rate_hz: float = 100.0) -> np.ndarray:
    """A foot that pushes off and swings once a second, so fast each time."""
    phase = np.arange(rate_hz) / rate_hz
    push_off = -np.where((phase > 0.1) & (phase < 0.3), np.sin((phase - 0.1) / 0.2 * np.pi), 0.0)
    swing = np.where((phase >= 0.3) & (phase < 0.7), np.sin((phase - 0.3) / 0.4 * np.pi), 0.0)
    landing = -np.where((phase >= 0.7) & (phase < 0.8), np.sin((phase - 0.7) / 0.1 * np.pi), 0.0)
    return np.concatenate([peak * (push_off + swing + landing) for peak in peaks_dps])


def count(rate_dps: np.ndarray, shank_dps: np.ndarray | None = None, size: int = 100) -> list[float]:
    finder, strikes = StrideFinder(GaitSettings()), []
    time_s = np.arange(len(rate_dps)) / 100.0
    for at in range(0, len(rate_dps), size):
        rows = slice(at, at + size)
        shank = None if shank_dps is None else shank_dps[rows]
        strikes += [stride.strike_s for stride in finder.push(time_s[rows], rate_dps[rows], shank)]
    return strikes


def test_strikes_lie_where_the_foot_meets_the_ground():
    assert count(swings([300.0] * 5)) == pytest.approx([0.7, 1.7, 2.7, 3.7, 4.7], abs=0.02)


def test_a_swing_across_the_border_of_two_seconds_is_one():
    rate = np.roll(swings([300.0] * 5), 50)
    assert len(count(rate)) == 4  # the first begins before anything was seen


def test_a_wobble_between_two_steps_is_no_step():
    assert len(count(swings([300.0, 300.0, 60.0, 300.0]))) == 3


def test_ankle_pumps_are_no_steps():
    foot = swings([300.0] * 4)
    assert count(foot, 0.05 * foot) == []
    assert len(count(foot, 0.9 * foot)) == 4


def test_lost_samples_are_no_steps():
    rate = swings([300.0] * 4)
    rate[150:290] = np.nan  # one strike and one whole swing
    assert count(rate) == pytest.approx([0.7, 3.7], abs=0.02)


@pytest.mark.parametrize("seed", [1, 2])
def test_kicks_are_told_as_kicks_and_steps_are_not(seed: int):
    steps = (*CALIBRATION, ("walk", 30.0), ("stand", 8.0), ("kicks", 32.0), ("run", 30.0))
    begin_s = sum(duration_s for _, duration_s in steps[:-2])
    calf, angle = walker(seed, steps), AnkleAngle(stream("shank"), stream("foot"), SETTINGS)
    until_s = int(begin_s + 62.0)
    motion = {segment: imu(calf, segment, until_s) for segment in ("shank", "foot")}
    told: dict[int, Activity] = {}
    for second in range(until_s):
        for segment, push in (("shank", angle.push_shank), ("foot", angle.push_foot)):
            chunk = motion[segment]
            push(chunk[slice(*np.searchsorted(chunk.time_s, (second, second + 1)))])
        angle.advance(second + 1.0)
        if angle.gait is not None:
            told[second + 1] = angle.gait.activity
    kicks = [second for second, activity in told.items() if activity is Activity.KICK]
    assert 8 <= sum(begin_s < second <= begin_s + 33 for second in kicks) <= 11  # one leg kicks every 3.2 s
    assert not [second for second in kicks if not begin_s < second <= begin_s + 33]
