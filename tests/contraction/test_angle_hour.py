"""The short version of angle_hour.py: the angle of every activity, right clocks and skewed ones, no drift."""

import pytest
from contraction.angle_hour import DRIFT_DEG, MOST_DEG, faults, measure


@pytest.mark.parametrize("seed", [3, 4])
def test_the_angle_is_as_good_as_promised_and_does_not_drift(seed: int):
    hour = measure(seed, 6.5)
    assert faults(hour, 0.0) == []
    assert hour.known_fraction > 0.99


@pytest.mark.parametrize("skew_s", [0.01, -0.01])
def test_ten_milliseconds_between_the_clocks_cost_less_than_four_degrees_in_running(skew_s: float):
    hour = measure(1, 3.6, skew_s)
    assert hour.rmse_deg["run"] <= MOST_DEG["run"]
    assert hour.rmse_deg["raises"] <= MOST_DEG["raises"]  # slow movement hardly minds


def test_what_is_worse_is_named():
    hour = measure(1, 3.6, 0.04)
    assert [fault.split()[0] for fault in faults(hour, 0.04)] == ["run"]
    assert abs(hour.drift_deg) <= DRIFT_DEG
