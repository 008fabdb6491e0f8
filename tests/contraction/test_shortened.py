import numpy as np
import pytest

from monitor.chunk import Chunk
from monitor.contraction.shortened import ShortenedDose, activity_input, exposure_text
from monitor.settings import AngleSettings


def dose(angle_deg: np.ndarray, contraction: np.ndarray | float = 1.0, effort: np.ndarray | float = 1.0) -> np.ndarray:
    """Seconds (shortened s, share, exposure s/min) of an activity on the 20 ms grid."""
    stream = activity_input("pod")
    working, worked = (np.broadcast_to(level, len(angle_deg)).astype(float) for level in (contraction, effort))
    time_s = 0.02 * np.arange(1, len(angle_deg) + 1)
    return (
        ShortenedDose(stream, AngleSettings())
        .push(Chunk(stream, time_s, np.stack([working, angle_deg, worked], axis=1)))
        .samples
    )


def held(*spans: tuple[float, float]) -> np.ndarray:
    """(seconds, angle) after one another."""
    return np.concatenate([np.full(round(50 * seconds), angle) for seconds, angle in spans])


@pytest.mark.parametrize(
    ("angles", "seconds"),
    [
        (held((1, -9.9)), [0.0]),
        (held((1, -10.0)), [1.0]),
        (held((1, 0.0), (1, -12.0), (1, -6.0), (1, -5.0), (1, -9.0)), [0.0, 1.0, 1.0, 0.0, 0.0]),
        (held((1, -6.0), (1, -12.0), (1, -4.0)), [0.0, 1.0, 0.0]),
    ],
)
def test_it_is_entered_at_10_and_left_at_5_degrees(angles: np.ndarray, seconds: list[float]):
    np.testing.assert_allclose(dose(angles)[:, 0], seconds)


def test_a_relaxed_calf_that_hangs_pointed_gets_no_dose():
    assert dose(held((5, -20.0)), 0.0)[:, 0].sum() == 0.0


def test_parts_of_a_second_count_as_such():
    np.testing.assert_allclose(dose(held((0.5, 0.0), (0.3, -20.0), (0.2, 0.0)))[:, 0], [0.3])


def test_lost_emg_and_an_unknown_angle_give_no_dose():
    assert dose(held((2, -20.0)), np.nan)[:, 0].sum() == 0.0
    assert dose(held((2, np.nan)))[:, 0].sum() == 0.0


def test_an_unknown_angle_ends_the_shortened_position():
    np.testing.assert_allclose(dose(held((1, -20.0), (0.02, np.nan), (0.98, -7.0)))[:, 0], [1.0, 0.0])


def test_the_share_is_that_of_the_last_five_minutes():
    out = dose(held((200, 0.0), (90, -20.0), (10, 0.0), (320, 0.0)))
    assert out[299, 1] == pytest.approx(0.3)
    assert out[-1, 1] == 0.0


def test_the_share_is_unknown_while_the_angle_was_known_for_less_than_half_of_five_minutes():
    out = dose(held((149, -20.0), (2, -20.0), (200, np.nan)))
    assert np.isnan(out[149, 1]) and np.isfinite(out[150, 1])
    assert np.isfinite(out[290, 1]) and np.isnan(out[-1, 1])


def test_the_exposure_is_that_of_the_last_minute_weighted_by_effort():
    hard, easy = dose(held((50, 0.0), (10, -20.0))), dose(held((50, 0.0), (10, -20.0)), 1.0, 0.3)
    assert hard[-1, 2] == pytest.approx(10.0) and easy[-1, 2] == pytest.approx(3.0)
    assert dose(held((10, -20.0), (60, 0.0)))[-1, 2] == 0.0


def test_the_effort_is_capped_and_counts_as_the_reference_where_there_is_none():
    assert dose(held((60, -20.0)), 1.0, 7.0)[-1, 2] == pytest.approx(60 * AngleSettings().effort_most)
    assert dose(held((60, -20.0)), 1.0, np.nan)[-1, 2] == pytest.approx(60.0)


def test_the_exposure_is_unknown_where_the_angle_is():
    assert np.isnan(dose(held((20, -20.0), (40, np.nan)))[-1, 2])
    assert exposure_text(3.21) == "worked shortened 3.2 s per min by effort, knee unseen"
