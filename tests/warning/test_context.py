import math

import pytest

from monitor.contraction.gait import Activity, GaitSecond
from monitor.settings import Settings
from monitor.warning.context import Context, GroundWatch

GAIT = Settings().gait


def second(slope_deg: float | None, roughness_deg: float | None, activity: Activity = Activity.WALKING) -> GaitSecond:
    return GaitSecond(0.0, activity, 10, 110.0, 0.6, slope_deg, roughness_deg)


def share(*seen: tuple[int, GaitSecond | None]) -> float:
    watch, last = GroundWatch(GAIT), math.nan
    for seconds, what in seen:
        for _ in range(seconds):
            last = watch.push(what)
    return last


def test_ground_that_was_hardly_seen_is_unknown():
    assert math.isnan(share((300, None)))
    assert math.isnan(share((59, second(6.0, 0.5))))
    assert share((60, second(6.0, 0.5))) == 1.0


@pytest.mark.parametrize("slope_deg, hard", [(0.0, 0.0), (2.9, 0.0), (3.1, 1.0), (-6.0, 1.0)])
def test_steep_is_up_and_down(slope_deg: float, hard: float):
    assert share((90, second(slope_deg, 0.5))) == hard


def test_a_runners_foot_may_be_less_even():
    assert share((90, second(0.0, 4.0))) == 1.0
    assert share((90, second(0.0, 4.0, Activity.RUNNING))) == 0.0
    assert share((90, second(0.0, 7.0, Activity.RUNNING))) == 1.0


def test_it_is_the_share_of_the_last_five_minutes():
    assert share((150, second(6.0, 0.5)), (150, second(0.0, 0.5))) == pytest.approx(0.5)
    assert share((150, second(6.0, 0.5)), (300, second(0.0, 0.5))) == 0.0
    assert share((100, second(6.0, 0.5)), (100, None)) == 1.0


def test_the_part_of_a_session_is_unknown_without_a_plan_and_at_most_one():
    assert Context().session_part(100.0) is None
    assert Context(planned_s=200.0).session_part(100.0) == 0.5
    assert Context(planned_s=200.0).session_part(1000.0) == 1.0


@pytest.mark.parametrize("steep, share", [(None, None), (True, 1.0), (False, 0.0)])
def test_planned_climbs_count_where_the_ground_is_not_seen(steep: bool | None, share: float | None):
    assert Context(steep=steep).ground_share(None) == share
    assert Context(steep=steep).ground_share(0.4) == 0.4
