import json

import numpy as np
import pytest

from monitor.simulation.calf import Calf
from monitor.simulation.scenario import scenario, scenario_names
from monitor.simulation.truth import truth

LEGS = ("left", "right")


def seconds(until_s: float, step_s: float = 1.0) -> np.ndarray:
    return np.arange(0.0, until_s, step_s)


def test_the_truth_depends_on_scenario_leg_and_seed_alone():
    one, other = (Calf(scenario("cramp-left-calf"), "left", seed=7) for _ in range(2))
    time_s = seconds(1300, 0.05)
    backwards = np.concatenate([other.angle_deg(piece) for piece in np.array_split(time_s, 13)[::-1]][::-1])
    np.testing.assert_array_equal(one.angle_deg(time_s), backwards)
    whole, _ = one.twitches(0.0, 1300.0)
    parts = [other.twitches(start_s, start_s + 65.0)[0] for start_s in np.arange(0.0, 1300.0, 65.0)]
    np.testing.assert_array_equal(whole, np.concatenate(parts))
    assert not np.array_equal(one.angle_deg(time_s), Calf(scenario("cramp-left-calf"), "left", 8).angle_deg(time_s))


def test_angles_stay_in_their_ranges_and_zero_is_standing():
    for seed in range(4):
        for leg in LEGS:
            calf = Calf(scenario("rested"), leg, seed)
            standing, walking, raising = (
                calf.angle_deg(np.arange(*span, 0.01)) for span in ((0, 8), (24, 42), (64, 86))
            )
            assert np.abs(standing).max() < 0.5
            assert -23 < walking.min() < -15
            assert 10 < walking.max() < 16
            assert -33 < raising.min() < -24


def test_the_first_pump_is_plantarflexion():
    for leg in LEGS:
        angle_deg = Calf(scenario("rested"), leg, seed=2).angle_deg(np.arange(8.0, 23.0, 0.01))
        assert angle_deg[np.flatnonzero(np.abs(angle_deg) > 5.0)[0]] < 0.0
        assert angle_deg.min() < -20
        assert angle_deg.max() > 8


def test_the_angle_is_smooth_through_a_whole_session():
    angle_deg = Calf(scenario("cramp-left-calf"), "right", seed=3).angle_deg(seconds(1320, 0.01))
    assert np.abs(np.diff(angle_deg)).max() / 0.01 < 400.0  # deg/s
    assert np.abs(np.diff(angle_deg, 2)).max() / 0.01**2 < 8000.0  # deg/s^2


def test_the_legs_walk_half_a_stride_apart():
    time_s = np.arange(25.0, 41.0, 0.01)
    left, right = (Calf(scenario("rested"), leg, seed=1) for leg in LEGS)
    in_step, out_of_step = (np.corrcoef(left.drive(time_s), right.drive(time_s - lag_s))[0, 1] for lag_s in (0.56, 0))
    assert in_step > 0.8
    assert out_of_step < 0.0
    assert len(left.strikes(25.0, 41.0)[0]) == pytest.approx(16.0 / 1.12, abs=1.5)


def test_rested_stays_fresh():
    for leg in LEGS:
        calf = Calf(scenario("rested"), leg, seed=1)
        for label in ("GM", "GL"):
            np.testing.assert_array_equal(calf.compression(seconds(3600), label), 1.0)
            np.testing.assert_array_equal(calf.quiet(seconds(3600), label), 1.0)
        assert calf.cramps == ()


def test_tiring_falls_slowly_first_and_at_most_7_percent_a_minute():
    for leg in LEGS:
        calf = Calf(scenario("tiring"), leg, seed=1)
        for label in ("GM", "GL"):
            compression = calf.compression(seconds(900), label)
            per_min = compression[60:] / compression[:-60] - 1.0
            assert per_min.min() >= -0.07
            assert compression[150] > 0.985
            assert 0.75 <= compression[600] <= 0.82


def test_the_left_calf_tells_the_story_and_the_right_one_does_not():
    left, right = (Calf(scenario("cramp-left-calf"), leg, seed=1) for leg in LEGS)
    time_s = seconds(1300)
    tired = left.compression(time_s)
    assert tired[90] == 1.0
    assert 175 <= np.flatnonzero(tired < 0.9)[0] <= 190
    assert 0.78 <= tired[700] <= 0.82
    assert left.quiet(time_s)[480] == 1.0
    assert 2.5 <= left.quiet(time_s)[900] <= 3.0
    assert right.compression(time_s).min() > 0.94
    assert right.quiet(time_s).max() == 1.0
    assert [round(cramp.start_s, -1) for cramp in left.cramps] == [1000.0]
    assert right.cramps == ()


def test_twitches_come_at_rest_and_more_often_before_the_cramp():
    left, right = (Calf(scenario("cramp-left-calf"), leg, seed=1) for leg in LEGS)
    time_s, peaks_uv = left.twitches(0.0, 1300.0)
    assert np.diff(time_s).min() >= 0.3
    assert left.drive(time_s).max() < 0.04  # the calf lets go late, and has not wholly
    assert left.cramp_uv(time_s).max() < 0.5
    assert np.all((np.abs(peaks_uv) >= 100) & (np.abs(peaks_uv) <= 500))
    resting_min = (left.drive(np.arange(700.0, 1000.0, 0.01)) < 0.01).sum() * 0.01 / 60
    before, late = (((time_s >= a) & (time_s < b)).sum() for a, b in ((0, 480), (700, 1000)))
    assert before <= 6
    assert 12 <= late / resting_min <= 28
    assert len(right.twitches(0.0, 1000.0)[0]) < 12


def test_the_cramp_is_in_one_head_and_ends_after_a_stretch_that_first_raises_it():
    calf = Calf(scenario("cramp-left-calf"), "left", seed=1)
    time_s = np.arange(995.0, 1060.0, 0.01)
    level_uv = calf.cramp_uv(time_s, "GM")
    assert calf.cramp_uv(time_s, "GL").max() == 0.0
    plateau_uv = level_uv[(time_s > 1010) & (time_s < 1040)].mean()
    assert 0.15 <= plateau_uv / calf.site("GM").full_uv <= 0.6
    assert level_uv[time_s > 1041.5].max() > 1.2 * plateau_uv
    assert level_uv[np.searchsorted(time_s, calf.cramps[0].start_s)] == pytest.approx(0.5 * plateau_uv, rel=0.15)
    shortened, stretched = calf.angle_deg(np.array([1020.0, 1044.0]))
    assert shortened < -10
    assert stretched > 5


def test_contractions_are_where_the_drive_is():
    calf = Calf(scenario("tiring"), "left", seed=1)
    found = calf.contractions(300.0)
    middle = np.array([0.5 * (start_s + end_s) for start_s, end_s in found])
    assert np.all(calf.drive(middle) > 0.03)
    assert all(end_s > start_s for start_s, end_s in found)
    raises = [start_s for start_s, _ in found if 63.0 <= start_s < 87.0]
    assert len(raises) == 10


def test_a_tired_calf_needs_more_drive_but_never_more_than_all():
    time_s = seconds(600, 0.05)
    fresh, tired = (Calf(scenario(name), "left", seed=1).drive(time_s) for name in ("rested", "tiring"))
    assert tired.max() <= 1.0
    assert 1.15 < tired[-1000:].max() / fresh[-1000:].max() <= 1.3


@pytest.mark.parametrize("name", scenario_names())
def test_the_truth_file_keeps_its_promise(name: str):
    until_s = 1100.0 if name == "cramp-left-calf" else 200.0
    legs = json.loads(json.dumps(truth(scenario(name), seed=1, until_s=until_s, emg_hz=1000.0)))["legs"]
    for leg in LEGS:
        assert {"cramps", "compression", "ankle_deg", "contractions", "twitches_s"} <= legs[leg].keys()
        assert len(legs[leg]["compression"]["GM"]) == len(legs[leg]["compression"]["time_s"]) == until_s
        assert len(legs[leg]["ankle_deg"]["deg"]) == len(legs[leg]["ankle_deg"]["time_s"])
    if name == "cramp-left-calf":
        (cramp,) = legs["left"]["cramps"]
        assert cramp["precursor"]["start_s"] < cramp["start_s"] < cramp["end_s"] < cramp["relief_s"] < 1050
        calf = Calf(scenario(name), "left", 1)
        after_s = np.array([cramp["relief_s"]])
        assert calf.cramp_uv(after_s)[0] == pytest.approx(2 * calf.quiet_uv(after_s)[0], rel=0.01)
    elif name != "shortened-hold":  # which is there to cramp
        assert legs["left"]["cramps"] == legs["right"]["cramps"] == []
