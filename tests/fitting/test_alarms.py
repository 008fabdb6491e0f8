import numpy as np
import pytest

from monitor.fitting.alarms import at_rate, judge, sweep, warnings
from monitor.fitting.ceiling import ceiling
from monitor.fitting.track import Track
from monitor.settings import StateSettings
from monitor.settings.tables import SIGNS

STATES = StateSettings()
HOUR = 3600


def score(*spans: tuple[int, int, float], n: int = HOUR, low: float = 0.0) -> np.ndarray:
    """A score that is raised in spans of seconds."""
    found = np.full(n, low)
    for start, stop, value in spans:
        found[start:stop] = value
    return found


def track(athlete: int = 1, cramps_s: tuple[float, ...] = (), precursors=(), n: int = HOUR) -> Track:
    ends_s = tuple(at_s + 30.0 for at_s in cramps_s)
    values = {name: np.zeros(n) for name in SIGNS}
    return Track(athlete, values, cramps_s, ends_s, tuple(True for _ in cramps_s), tuple(precursors))


def test_a_warning_needs_five_seconds_and_ends_after_a_calm_minute():
    assert warnings(score((100, 104, 5.0)), 3.0, 0.7, STATES) == []
    assert warnings(score((100, 105, 5.0)), 3.0, 0.7, STATES) == [(105.0, 165.0)]
    assert warnings(score((100, 200, 5.0), (240, 300, 5.0)), 3.0, 0.7, STATES) == [(105.0, 360.0)]


def test_what_lies_between_the_limits_or_is_unknown_ends_nothing():
    for between in (2.5, np.nan):
        raised = score((100, 200, 5.0), (200, 500, between))
        assert warnings(raised, 3.0, 0.7, STATES) == [(105.0, 560.0)]


def test_a_warning_that_is_on_at_the_end_ends_with_the_session():
    assert warnings(score((100, HOUR, 5.0)), 3.0, 0.7, STATES) == [(105.0, 3600.0)]


@pytest.mark.parametrize("start, hit, false", [(1050, 0, 1), (1150, 1, 0), (1990, 1, 0), (2010, 0, 0), (2100, 0, 1)])
def test_hits_start_in_the_quarter_of_an_hour_before_the_cramp(start: int, hit: int, false: int):
    judged = judge([track(cramps_s=(2000.0,))] * 2, [score((start, start + 9, 5.0)), score()], 3.0, 0.7, STATES)
    assert (judged.cramps, judged.hits, judged.false_alarms) == (2, hit, false)


def test_both_legs_at_once_are_one_false_alarm_and_one_hour():
    alarmed = score((1000, 1100, 5.0))
    judged = judge([track(), track()], [alarmed, alarmed], 3.0, 0.7, STATES)
    assert (judged.false_alarms, judged.hours) == (1, 1.0)
    assert judged.time_in_warning == pytest.approx(155 / 3600)


def test_of_an_athlete_with_one_leg_the_other_counts_as_if_it_was_alike():
    judged = judge([track()], [score((1000, 1100, 5.0))], 3.0, 0.7, STATES)
    assert (judged.false_alarms, judged.hours) == (2, 1.0)


def test_the_threshold_for_a_rate_is_the_lowest_that_keeps_to_it():
    tracks = [track(1, cramps_s=(2000.0,)), track(2)]
    scores = [score((1500, 1600, 4.0)), score((500, 600, 3.0), (1500, 1600, 6.0))]
    curve = sweep(tracks, scores, 0.7, STATES, n=200)
    threshold, judged = at_rate(curve, 1.0)
    assert judged.sensitivity == 1.0 and 3.0 < threshold <= 4.0
    assert at_rate(curve, 0.1)[1].hits == 0


def test_nobody_can_tell_a_precursor_that_passes_from_one_that_does_not():
    followed = [track(n, (2400.0,), [(2100.0, 2400.0, 0.5)]) for n in range(5)]
    passing = [track(n, (), [(2100.0, 2400.0, 0.6)]) for n in range(5, 10)]
    assert ceiling(followed + passing, 10.0) == (1.0, 1.0)
    assert ceiling(followed + passing, 0.1) == (0.0, 0.0)
    stronger = [track(n, (2400.0,), [(2100.0, 2400.0, 0.9)]) for n in range(5)]
    assert ceiling(stronger + passing, 0.1) == (1.0, 1.0)
