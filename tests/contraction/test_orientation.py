import numpy as np
import pytest
from contraction.test_ankle_angle import SETTINGS, errors_deg, imu, stream, walker
from vqf import VQF

from monitor.chunk import Channel, Chunk, Stream
from monitor.contraction.ankle_angle import AnkleAngle
from monitor.contraction.inclination import STANDARD_GRAVITY
from monitor.contraction.orientation import QUATERNION, Orientation


def quaternions(segment: str, rate_hz: float = 60.0) -> Stream:
    return Stream("quat", rate_hz, tuple(Channel(axis, "1") for axis in QUATERNION), segment)


def told(chunk: Chunk) -> Chunk:
    """What a sensor says that runs its own orientation filter."""
    acc, gyr = chunk.samples[:, :3] * STANDARD_GRAVITY, np.radians(chunk.samples[:, 3:])
    turns = VQF(1 / chunk.stream.rate_hz).updateBatch(np.ascontiguousarray(gyr), np.ascontiguousarray(acc))["quat6D"]
    return Chunk(quaternions(chunk.stream.source_id, chunk.stream.rate_hz), chunk.time_s, turns)


def turning(rate_dps: float, n: int = 200, rate_hz: float = 100.0) -> Chunk:
    half = np.radians(rate_dps) * np.arange(n) / rate_hz / 2
    turns = np.column_stack([np.cos(half), np.zeros(n), np.sin(half), np.zeros(n)])
    turns[n // 2 :] *= -1  # the same orientations, told with the other sign
    return Chunk(quaternions("x", rate_hz), np.arange(n) / rate_hz, turns)


def test_the_rate_of_turn_is_that_of_the_quaternions():
    rates = Orientation(quaternions("x", 100.0), SETTINGS).push(turning(250.0)).samples[1:, 3:]
    assert np.allclose(rates, [0, 250, 0], atol=1e-6)


def test_upright_is_up_and_a_quarter_turn_is_not():
    up = Orientation(quaternions("x", 100.0), SETTINGS).push(turning(90.0, 101)).samples[:, :3]
    assert np.allclose(up[0], [0, 0, 1])
    assert np.allclose(up[100], [-1, 0, 0], atol=1e-9)


@pytest.mark.parametrize("size", [1, 7, 60])
def test_chunks_do_not_matter_and_lost_samples_stay_lost(size: int):
    whole = turning(100.0)
    samples = whole.samples.copy()
    samples[50:60] = np.nan
    samples[100:150] = np.nan
    whole = Chunk(whole.stream, whole.time_s, samples)
    one, many = Orientation(whole.stream, SETTINGS), Orientation(whole.stream, SETTINGS)
    expected = one.push(whole).samples
    parts = [many.push(whole[at : at + size]).samples for at in range(0, 200, size)]
    np.testing.assert_allclose(np.concatenate(parts), expected, atol=1e-12)
    assert np.isnan(expected[50:60]).all() and np.isfinite(expected[60]).all()
    assert np.isfinite(expected[150, :3]).all() and np.isnan(expected[150, 3:]).all()


def test_the_ankle_angle_comes_from_two_orientations_as_well():
    calf, until_s = walker(1), 87
    shank, foot = (told(imu(calf, segment, until_s, 60.0)) for segment in ("shank", "foot"))
    angle, out = AnkleAngle(shank.stream, foot.stream, SETTINGS), []
    for second in range(until_s):
        rows = [slice(*np.searchsorted(chunk.time_s, (second, second + 1))) for chunk in (shank, foot)]
        angle.push_shank(shank[rows[0]])
        angle.push_foot(foot[rows[1]])
        out.append(angle.advance(second + 1.0))
    assert angle.note.startswith("calibrated at ")
    error_deg = errors_deg(calf, Chunk.joined(out), (45.0, 87.0))
    assert np.sqrt(np.mean(error_deg**2)) < 2.0


def test_one_orientation_and_one_pair_of_acc_and_gyr_go_together():
    calf = walker(2)
    shank, foot = told(imu(calf, "shank", 87, 60.0)), imu(calf, "foot", 87)
    angle = AnkleAngle(shank.stream, stream("foot"), SETTINGS)
    for second in range(87):
        rows = [slice(*np.searchsorted(chunk.time_s, (second, second + 1))) for chunk in (shank, foot)]
        angle.push_shank(shank[rows[0]])
        angle.push_foot(foot[rows[1]])
        angle.advance(second + 1.0)
    assert angle.calibration is not None
