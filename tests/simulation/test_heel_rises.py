"""Heel rises of one leg: the other stands, and the truth says when each was how high."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from monitor.simulation.calf import Calf
from monitor.simulation.scenario import scenario
from monitor.simulation.step import Step
from monitor.simulation.truth import truth


def test_only_the_named_leg_rises():
    left, right = (Calf(scenario("heel-rise"), leg, seed=2) for leg in ("left", "right"))
    time_s = np.arange(113.0, 180.0, 0.05)
    assert np.ptp(left.angle_deg(time_s)) > 20
    assert np.ptp(right.angle_deg(time_s)) < 2
    assert right.drive(time_s).max() < 0.01


def test_the_truth_counts_30_full_rises_left_and_26_right_and_five_low_ones():
    told = truth(scenario("heel-rise"), 2, 400.0, emg_hz=1000.0)
    for leg, full in (("left", 30), ("right", 26)):
        rises = told["legs"][leg]["rises"]
        heights = np.array(rises["height_deg"])[np.array(rises["time_s"]) > 100]
        assert (np.count_nonzero(heights > 15), np.count_nonzero(heights < 15)) == (full, 5)


def test_a_step_names_a_leg_and_a_reach():
    step = Step.model_validate("raises 10 s pace 1.2 left reach 0.33")
    assert (step.leg, step.reach, step.pace) == ("left", 0.33, 1.2)
    with pytest.raises(ValidationError, match="left, right"):
        Step.model_validate("raises 10 s middle")
