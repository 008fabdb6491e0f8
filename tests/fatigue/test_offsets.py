import numpy as np
import pytest

from monitor.fatigue.offsets import ChannelOffsets

RNG = np.random.default_rng(1)
APART = np.array([0.03, -0.03])


def frames(n: int, level: float, apart: np.ndarray = APART) -> np.ndarray:
    return level + apart + 0.05 * RNG.standard_normal((n, len(apart)))


def taught(seconds: int = 60) -> ChannelOffsets:
    offsets = ChannelOffsets(2)
    for _ in range(seconds):
        offsets.learn(frames(10, -0.1))
    return offsets


def test_with_all_channels_the_reading_is_their_median():
    u = frames(50, -0.1)
    np.testing.assert_array_equal(taught().together(u), np.median(u, axis=1))


@pytest.mark.parametrize("dead", [0, 1])
def test_the_reading_does_not_jump_when_one_of_two_drops_out(dead: int):
    u = frames(2000, -0.1)
    u[:, dead] = np.nan
    assert np.mean(taught().together(u)) == pytest.approx(-0.1, abs=0.01)
    assert abs(np.mean(ChannelOffsets(2).together(u)) + 0.1) == pytest.approx(0.03, abs=0.01), "it did before"


def test_it_follows_the_channel_that_is_left():
    u = frames(2000, -0.2)
    u[:, 0] = np.nan
    assert np.mean(taught().together(u)) == pytest.approx(-0.2, abs=0.01)


def test_too_few_frames_together_correct_nothing():
    u = frames(100, -0.1)
    u[:, 0] = np.nan
    np.testing.assert_array_equal(taught(5).together(u), u[:, 1])


def test_only_the_rows_with_a_missing_channel_are_corrected():
    u = frames(100, -0.1)
    u[50:, 0] = np.nan
    found = taught().together(u)
    np.testing.assert_array_equal(found[:50], np.median(u[:50], axis=1))
    np.testing.assert_allclose(found[50:], u[50:, 1] + 0.03, atol=0.012)


def test_nothing_known_is_nothing_said():
    assert np.isnan(taught().together(np.full((3, 2), np.nan))).all()
