import math

import pytest

from monitor.settings import Settings
from monitor.warning.dose import LeakyDose

SIGNS = Settings().signs


def after(*spans: tuple[int, float]) -> float:
    """The dose after so many seconds of so much shortened contraction each, in turn."""
    dose, minutes = LeakyDose(SIGNS), 0.0
    for seconds, shortened_s in spans:
        for _ in range(seconds):
            minutes = dose.push(shortened_s, known=True)
    return minutes


def test_a_short_bout_counts_as_long_as_it_was():
    assert after((30, 1.0)) == pytest.approx(0.5, rel=0.05)


def test_what_is_one_time_constant_old_counts_a_third():
    assert after((30, 1.0), (480, 0.0)) == pytest.approx(after((30, 1.0)) / math.e, rel=1e-6)


def test_however_long_it_lasts_it_stays_below_the_time_constant():
    assert 7.9 < after((10_000, 1.0)) < 8.1


def test_without_an_angle_it_is_unknown_and_what_was_seen_is_kept():
    dose = LeakyDose(SIGNS)
    for _ in range(60):
        dose.push(1.0, known=True)
    assert math.isnan(dose.push(0.0, known=False))
    assert dose.push(0.0, known=True) == pytest.approx(0.94, abs=0.03)
