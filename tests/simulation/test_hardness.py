"""Poor rules must do poorly on the random sessions; the figures: `python -m monitor.simulation.hardness`."""

from __future__ import annotations

import numpy as np
import pytest

from monitor.simulation.calf import Calf
from monitor.simulation.hardness import LegSeconds, leg_seconds, measure
from monitor.simulation.scenario import Part, Scenario


def leg(mdf_hz: np.ndarray, *cramps_s: float) -> LegSeconds:
    return LegSeconds(mdf_hz, mdf_hz, mdf_hz, np.ones(len(mdf_hz)), cramps_s)


def test_a_steady_reading_alarms_nobody_and_errs_by_nothing():
    found = measure([leg(np.full(3600, 100.0))])
    assert (found.false_per_h, found.reading_error, found.sensitivity, found.hours) == (0.0, 0.0, 0.0, 1.0)
    assert not found.hard_enough


def test_a_reading_that_falls_before_every_cramp_and_never_else_would_be_too_easy():
    falling = np.full(3600, 100.0)
    falling[2500:3000] = 70.0
    found = measure([leg(falling, 2900.0), leg(np.full(3600, 100.0))])
    assert found.sensitivity == 1.0
    assert not found.hard_enough


def test_an_alarm_that_no_cramp_follows_is_false_and_stands_for_five_minutes():
    falling = np.full(3600, 100.0)
    falling[1000:1599] = 70.0
    assert measure([leg(falling)]).false_per_h == 2.0
    assert measure([leg(falling, 1650.0)]).false_per_h == 0.0


def test_the_rules_see_the_signal():
    steps = ["stand 45 s", "hold 100 s", "stand 60 s", "hold 100 s", "stand 55 s"]
    played = Scenario(name="one", title="", part=(Part.model_validate({"steps": steps}),))
    seen = leg_seconds(Calf(played, "left", 1))
    true_hz = Calf(played, "left", 1).mdf_hz(np.array([100.0]), "GM", 1000.0)[0]
    assert np.nanmedian(seen.gated_hz[70:140]) == pytest.approx(true_hz, rel=0.04)
    assert np.isnan(seen.gated_hz[:40]).all()
    assert np.isfinite(seen.ungated_hz[10:]).all()
    assert seen.ungated_hz[130] == pytest.approx(seen.gated_hz[130], rel=0.01)  # nothing but contraction
