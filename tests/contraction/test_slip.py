"""A sensor that turns on the leg is noticed, the angle is unknown from then on, and it is sought again."""

import numpy as np
import pytest
from contraction.test_ankle_angle import CALIBRATION, SETTINGS, errors_deg, imu, stream, walker

from monitor.chunk import Chunk
from monitor.contraction.ankle_angle import AnkleAngle

STEPS = (*CALIBRATION, ("walk", 120.0), ("stand", 8.0), ("pumps", 15.0), ("walk", 40.0))
UNTIL_S = int(sum(duration_s for _, duration_s in STEPS))
SLIPPED_S = 90.0


def turned(chunk: Chunk, angle_deg: float, axis: np.ndarray) -> Chunk:
    """The same movement felt by a sensor that was turned about an axis (in its own frame) at SLIPPED_S."""
    x, y, z = np.radians(angle_deg) * axis / np.linalg.norm(axis)
    theta = np.radians(angle_deg)
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]]) / theta
    matrix = np.eye(3) + np.sin(theta) * cross + (1 - np.cos(theta)) * cross @ cross
    samples = np.asarray(chunk.samples, dtype=np.float64).copy()
    rows = chunk.time_s >= SLIPPED_S
    samples[rows] = np.hstack([samples[rows, :3] @ matrix, samples[rows, 3:] @ matrix])
    return Chunk(chunk.stream, chunk.time_s, samples)


def watched(shank: Chunk, foot: Chunk) -> tuple[list[str], Chunk, AnkleAngle]:
    angle, notes, out = AnkleAngle(stream("shank"), stream("foot"), SETTINGS), [], []
    for second in range(UNTIL_S):
        rows = [slice(*np.searchsorted(chunk.time_s, (second, second + 1))) for chunk in (shank, foot)]
        angle.push_shank(shank[rows[0]])
        angle.push_foot(foot[rows[1]])
        out.append(angle.advance(second + 1.0))
        notes.append(angle.note)
    return notes, Chunk.joined(out), angle


@pytest.mark.parametrize(("segment", "seed"), [("foot", 1), ("shank", 2)])
def test_a_slipped_sensor_takes_the_angle_with_it_until_it_is_calibrated_again(segment: str, seed: int):
    calf = walker(seed, STEPS)
    chunks = {name: imu(calf, name, UNTIL_S) for name in ("shank", "foot")}
    across = np.cross(np.eye(3)[seed], [0.3, 0.5, 0.8])
    chunks[segment] = turned(chunks[segment], 50.0, across)
    notes, out, angle = watched(chunks["shank"], chunks["foot"])
    told = next(second for second, note in enumerate(notes) if f"the {segment} sensor has slipped" in note)
    assert SLIPPED_S < told < SLIPPED_S + 35
    span = out.samples[(out.time_s > told + 1) & (out.time_s < 175), 0]
    assert np.isnan(span).all()  # unknown, never wrong
    assert angle.calibration is not None and "slipped" not in angle.note
    rows = (216.0, float(UNTIL_S))
    assert np.sqrt(np.nanmean(errors_deg(calf, out, rows) ** 2)) < 3.0


def test_a_sensor_that_stays_in_place_never_slips():
    for seed in (1, 2, 3):
        calf = walker(seed, STEPS)
        notes, _, angle = watched(imu(calf, "shank", UNTIL_S), imu(calf, "foot", UNTIL_S))
        assert not any("slipped" in note for note in notes) and angle.calibration is not None
