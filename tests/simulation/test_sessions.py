"""Random sessions: varied, sound, and the same for the same seed."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from monitor.errors import ScenarioError
from monitor.simulation.calf import Calf
from monitor.simulation.scenario import scenario, scenario_names
from monitor.simulation.sessions import random_session, session_of
from monitor.simulation.timeline import Timeline
from monitor.simulation.truth import truth

SEEDS = range(60)
NAMED = (
    "rested",
    "tiring",
    "cramp-left-calf",
    "sudden-cramp",
    "artefacts",
    "cold-rain",
    "hill-run",
    "football-match",
    "both-legs",
    "cool-down",
)


def test_all_the_promised_scenarios_are_there():
    assert set(NAMED) <= set(scenario_names())


def test_a_seed_is_a_session_and_another_seed_another_one():
    assert random_session(5) == random_session(5) == session_of("random", 5)
    assert len({session.part for session in map(random_session, SEEDS)}) == len(SEEDS)


def test_a_file_of_ones_own_is_played(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(
        'title = "mine"\nathlete = { depth = 0.2 }\n[[part]]\nsteps = ["run 60 s slope 4 rough effort 1.1"]\n'
    )
    (step,) = session_of(str(path), 1).steps
    assert (step.activity, step.seconds, step.slope_deg, step.rough, step.effort) == ("run", 60.0, 4.0, True, 1.1)
    with pytest.raises(ScenarioError, match="cannot read"):
        session_of(str(tmp_path / "other.toml"), 1)


def test_sessions_hold_cramps_with_and_without_precursors_and_precursors_without_cramps():
    plans = [plan for session in map(random_session, SEEDS) for plan in session.leg.values()]
    cramps = [cramp for plan in plans for cramp in plan.cramps]
    sudden = sum(cramp.precursor.strength == 0 for cramp in cramps)
    assert len(cramps) > 0.3 * len(SEEDS)
    assert 0.12 < sudden / len(cramps) < 0.5
    assert sum(len(plan.false_starts) for plan in plans) >= len(cramps)
    assert all(cramp.precursor.start_s <= cramp.onset_s < cramp.stretch_s for cramp in cramps)
    assert sum(not plan.cramps for plan in plans) > len(plans) / 2


def test_a_cramp_is_stretched_when_the_leg_stretches():
    for session in map(random_session, SEEDS):
        timeline = Timeline(session)
        for plan in session.leg.values():
            for cramp in plan.cramps:
                doing = [
                    timeline.bout(int(timeline.number_at(np.array([at]))[0])) for at in (cramp.onset_s, cramp.stretch_s)
                ]
                assert doing[1].activity == "stretch"
                assert doing[0].number < doing[1].number


def test_all_kinds_of_training_occur_and_some_calves_tire_far_more_than_others():
    sessions = [random_session(seed) for seed in range(16)]
    activities = {step.activity for session in sessions for step in session.steps}
    assert {"run", "sprint", "kicks", "raises", "push", "tiptoe", "lean", "point", "stretch"} <= activities
    assert {step.rough for session in sessions for step in session.steps} == {True, False}
    ends = [
        Calf(one, "left", seed).compression(np.array([one.length_s - 240.0]))[0] for seed, one in enumerate(sessions)
    ]
    assert min(ends) < 0.9 and max(ends) > 0.95


@pytest.mark.parametrize("name", [name for name in NAMED if scenario(name).athlete is not None])
@pytest.mark.parametrize("seed", [1, 2])
def test_each_named_scenario_tells_its_story_for_every_athlete(name: str, seed: int):
    calves = {leg: Calf(scenario(name), leg, seed) for leg in ("left", "right")}
    cramps = {leg: len(calf.cramps) for leg, calf in calves.items()}
    assert cramps == {"left": int(name in ("sudden-cramp", "football-match")), "right": 0}
    before_s = np.arange(0.0, min([cramp.start_s for cramp in calves["left"].cramps], default=1300.0))
    restless = [leg for leg, calf in calves.items() if calf.quiet(before_s).max() > 1.9]
    assert restless == {"both-legs": ["left", "right"], "football-match": ["left"]}.get(name, [])


def test_the_truth_counts_steps_and_names_activities():
    played = scenario("hill-run")
    told = truth(played, 1, 400.0, emg_hz=1000.0)
    assert told["activities"][0] == [0.0, 8.0, "stand", 0.0, False]
    assert any(entry[2] == "run" and entry[3] == 6.0 for entry in told["activities"])
    steps = told["legs"]["left"]["steps"]
    assert len(steps["strikes_s"]) == pytest.approx(len(steps["toe_offs_s"]), abs=10)
    assert np.diff(steps["strikes_s"]).min() > 0.4


def test_hills_tire_and_cold_rain_only_cools():
    tired = Calf(scenario("hill-run"), "left", 1)
    cold = Calf(scenario("cold-rain"), "left", 1)
    late_s = np.array([1400.0])
    assert tired.compression(late_s)[0] < 0.93
    assert cold.compression(late_s)[0] > 0.96
    assert cold.temperature_scale(late_s)[0] < 0.86


def test_a_cool_down_brings_the_calf_back():
    calf = Calf(scenario("cool-down"), "left", 1)
    hard, cooled = calf.compression(np.array([829.0, 1560.0]))
    assert hard < 0.86
    assert cooled > 0.95


def test_two_legs_of_a_session_do_not_tire_alike():
    ends = []
    for seed, leg in itertools.product((4, 5), ("left", "right")):
        ends.append(Calf(random_session(seed), leg, seed).compression(np.array([2000.0]))[0])
    assert abs(ends[0] - ends[1]) > 0.002 or abs(ends[2] - ends[3]) > 0.002


@pytest.mark.parametrize("seed", [700_005, 700_006, 700_007])
def test_a_session_that_is_to_be_short_is_planned_like_one_of_twenty_minutes(seed: int):
    assert random_session(seed, 7.0) == random_session(seed, 20.0) != random_session(seed, 40.0)
