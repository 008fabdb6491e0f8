from itertools import pairwise

import numpy as np
import pytest

from monitor.errors import ScenarioError
from monitor.simulation.calf import Calf
from monitor.simulation.movements import MOVEMENTS
from monitor.simulation.scenario import load_scenario, scenario, scenario_names
from monitor.simulation.timeline import Timeline


def test_every_session_begins_with_the_calibration():
    for name in scenario_names():
        begin = [(step.activity, step.seconds) for step in scenario(name).steps[:3]]
        assert begin == [("stand", 8.0), ("pumps", 15.0), ("walk", 20.0)]


def test_the_scenarios_are_as_long_as_their_stories():
    assert scenario("rested").length_s >= 600
    assert scenario("tiring").length_s >= 600
    assert scenario("cramp-left-calf").length_s >= 1200


@pytest.mark.parametrize("name", ["rested", "tiring", "cramp-left-calf"])
def test_every_two_minutes_hold_quiet_rest_and_contractions(name: str):
    calf = Calf(scenario(name), "left", seed=5)
    timeline = Timeline(scenario(name))
    time_s = np.arange(43.0, scenario(name).length_s + 120.0, 0.1)
    activity = np.array([timeline.bout(int(number)).activity for number in timeline.number_at(time_s)])
    quiet, working = np.isin(activity, ["stand", "point"]), calf.drive(time_s) > 0.03
    for start in range(0, len(time_s) - 1200, 100):
        assert quiet[start : start + 1200].sum() * 0.1 >= 20.0
        assert working[start : start + 1200].sum() * 0.1 >= 5.0


def test_the_last_part_goes_on_for_ever_without_a_gap():
    timeline = Timeline(scenario("cramp-left-calf"))
    bouts = timeline.bouts(0.0, 4000.0)
    assert all(earlier.end_s == pytest.approx(later.start_s) for earlier, later in pairwise(bouts))
    assert [bout.activity for bout in bouts[-5:]].count("stretch") == 1
    assert timeline.number_at(np.array([1200.0]))[0] == len(scenario("cramp-left-calf").steps)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('title = "x"\n[[part]]\nsteps = ["fly 5 s"]', "unknown activity 'fly'"),
        ('title = "x"\n[[part]]\nsteps = ["walk"]', "part.0.steps.0"),
        ('title = "x"\nspeed = 3\n[[part]]\nsteps = ["walk 9 s"]', "speed"),
        ('title = "x"\n[[part]]\nsteps = ["walk 9 s"]\n[leg.left]\nquiet = [[5, 1], [5, 2]]', "must rise"),
        ("title =", "cannot read"),
    ],
)
def test_a_wrong_file_says_what_is_wrong_and_where(tmp_path, text: str, reason: str):
    path = tmp_path / "mine.toml"
    path.write_text(text)
    with pytest.raises(ScenarioError, match=reason):
        load_scenario(path)


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(ScenarioError, match="rested"):
        scenario("moon-walk")


def test_walking_works_the_calf_before_the_ankle_points():
    phase = np.linspace(0.0, 1.0, 1000, endpoint=False)
    walk = MOVEMENTS["walk"]
    drive, angle_deg = walk.drive(phase), walk.angle_deg(phase)
    assert drive[angle_deg < -10.0].max() < 0.01
    assert drive[angle_deg > 0.0].sum() > 0.85 * drive.sum()
