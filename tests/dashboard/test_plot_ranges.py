"""The plots' ranges and the names of their levels."""

from __future__ import annotations

import numpy as np
import pytest

from monitor.dashboard.levels import spread
from monitor.dashboard.live_plots import emg_step_uv
from monitor.dashboard.trend_plot import frequency_range_hz, span_min


def test_the_trend_axes_grow_in_steps_and_keep_the_thresholds_in_view() -> None:
    assert [span_min(seconds) for seconds in (0.0, 119.0, 121.0, 3600.0, 90000.0)] == [2, 2, 5, 60, 2880]
    assert frequency_range_hz(100.0, np.array([np.nan])) == (70, 110)
    assert frequency_range_hz(None, np.array([])) == (60, 120)
    low, high = frequency_range_hz(100.0, np.full(50, 48.0))
    assert low == 40 and high == 110


def test_names_of_levels_never_lie_on_each_other() -> None:
    assert spread([93.0, 95.0, 101.0], 6.0) == pytest.approx([90 + 1 / 3, 96 + 1 / 3, 102 + 1 / 3])
    assert spread([60.0, 95.0], 6.0) == [60.0, 95.0]
    assert spread([], 6.0) == []


def test_the_emg_scale_steps_up_at_once_and_down_only_when_far_below() -> None:
    assert emg_step_uv(np.array([-180.0, 90.0]), 50.0) == 200.0
    assert emg_step_uv(np.array([100.0]), 200.0) == 200.0
    assert emg_step_uv(np.array([40.0]), 200.0) == 50.0
    assert emg_step_uv(np.array([np.nan]), 200.0) == 200.0
    assert emg_step_uv(np.empty((0, 2)), 70.0) == 70.0
