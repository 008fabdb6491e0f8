"""The calibration tells what to do, second by second, and how good it became; doubts about the angle are told."""

from functools import cache

import numpy as np
import pytest
from contraction.test_ankle_angle import CALIBRATION, RAISES_S, SETTINGS, follow, imu, rmse_deg, stream, walker

from monitor.chunk import Chunk
from monitor.contraction.ankle_angle import AnkleAngle
from monitor.contraction.calibration import verdict
from monitor.settings import AngleSettings


@cache
def prompts(seed: int, steps: tuple[tuple[str, float], ...] = CALIBRATION) -> list[str]:
    """The note after every second."""
    calf, until_s = walker(seed, steps), int(sum(seconds for _, seconds in steps))
    angle, notes = AnkleAngle(stream("shank"), stream("foot"), SETTINGS), []
    shank, foot = imu(calf, "shank", until_s), imu(calf, "foot", until_s)
    for second in range(until_s):
        for push, chunk in ((angle.push_shank, shank), (angle.push_foot, foot)):
            push(chunk[slice(*np.searchsorted(chunk.time_s, (second, second + 1)))])
        angle.advance(second + 1.0)
        notes.append(angle.note)
    return notes


def test_every_phase_is_prompted_and_counted():
    notes = prompts(1)
    assert notes[2] == "calibrating: stand still: 3 of 5 s"
    assert notes[6] == "calibrating: now pump the ankle, toes down first: 0 of 6 s"
    assert "calibrating: now pump the ankle, toes down first: 4 of 6 s" in notes
    assert "calibrating: now walk: 7 of 10 s" in notes
    assert notes.index("calibrating: now walk: 0 of 10 s") < notes.index("calibrating: now walk: 7 of 10 s")


def test_a_sensor_that_begins_late_is_waited_for():
    calf = walker(1)
    foot = imu(calf, "foot", 87)
    angle = AnkleAngle(stream("shank"), stream("foot"), SETTINGS)
    follow(angle, imu(calf, "shank", 87), foot[np.searchsorted(foot.time_s, 3.02) :], 4)
    assert angle.note == "calibrating: stand still: 0 of 5 s"


def test_the_verdict_says_what_was_found():
    note = prompts(1)[-1]
    assert note.startswith("calibrated at ")
    assert "axes agree to" in note and "standing angle 0 +- 0." in note and "poor" not in note
    pumps_deg = float(note.split("pumps ")[1].split(" deg")[0])
    assert 30 < pumps_deg < 70


def test_walking_without_the_pumps_is_said_at_once():
    notes = prompts(2, (("stand", 8.0), ("walk", 20.0)))
    assert "no ankle pumps were seen" in notes[-1]


@pytest.mark.parametrize(
    ("found", "poor"),
    [
        ((45.0, 3.0, 0.2), None),
        ((12.0, 3.0, 0.2), "the pumps were small"),
        ((45.0, 35.0, 0.2), "the axes do not agree"),
        ((45.0, 3.0, 4.0), "the stand was not still"),
    ],
)
def test_a_poor_calibration_is_called_poor(found: tuple[float, float, float], poor: str | None):
    told = verdict((8.0, 40.0), *found, AngleSettings())
    assert told.startswith("calibrated at 8-40 s")
    assert ("poor, calibrate again" in told) == (poor is not None) and (poor or "") in told


def test_the_limits_are_settings():
    calf = walker(1)
    angle = AnkleAngle(stream("shank"), stream("foot"), AngleSettings(walk_s=40.0))
    follow(angle, imu(calf, "shank", 44), imu(calf, "foot", 44), 44)
    assert angle.calibration is None and "of 40 s" in angle.note


def test_a_leg_that_lies_on_its_side_has_no_angle():
    calf = walker(1)
    shank, foot = imu(calf, "shank", 87), imu(calf, "foot", 87)
    angle = AnkleAngle(stream("shank"), stream("foot"), SETTINGS)
    follow(angle, shank, foot, 60)
    assert angle.calibration is not None
    axes = angle.calibration.shank_axis, angle.calibration.foot_axis
    time_s = 60.0 + np.arange(2000) / 100.0
    for push, axis in zip((angle.push_shank, angle.push_foot), axes, strict=True):
        samples = np.tile(np.concatenate([axis, np.zeros(3)]), (2000, 1))
        push(Chunk(stream("lying"), time_s, samples))
    lying = Chunk.joined([angle.advance(60.0 + second) for second in range(1, 21)])
    assert np.isnan(lying.samples[-500:]).all()
    assert "lying on the side" in angle.note


def test_an_acceleration_at_the_sensors_limit_is_told():
    calf = walker(1)
    shank, foot = imu(calf, "shank", 87), imu(calf, "foot", 87)
    samples = np.array(foot.samples)
    samples[:, :3] = np.clip(samples[:, :3], -2.0, 2.0)
    samples[4500:8600:100, 0] = samples[4501:8600:100, 0] = 2.0
    angle = AnkleAngle(stream("shank"), stream("foot"), SETTINGS)
    out = follow(angle, shank, Chunk(foot.stream, foot.time_s, samples), 87)
    assert "the foot sensor's acceleration is cut off" in angle.note and "shank sensor's" not in angle.note
    assert rmse_deg(calf, out, RAISES_S) < 3.0
