"""A small instance of the whole: sessions are simulated, played through the legs, kept, judged and told."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from made_outcomes import cramp, leg, session

from monitor.batch import Workers
from monitor.errors import EvaluationError
from monitor.evaluation.baselines import WorkingRms, at_random, clock
from monitor.evaluation.bought import KITS
from monitor.evaluation.families import ARTEFACT, families
from monitor.evaluation.kit_figures import kit_figures
from monitor.evaluation.labelled import check_files, labels_of, read_labels
from monitor.evaluation.precursors import ASSUMED, AssumedTask, assumed_table, assuming
from monitor.evaluation.readme import kits_markdown
from monitor.evaluation.run import Failure, Task, made
from monitor.evaluation.simulated import Table, simulated_session
from monitor.evaluation.tracks import BASELINES, OURS
from monitor.settings import Settings
from monitor.simulation.scenario import scenario
from monitor.simulation.sessions import random_session


def test_a_session_is_the_same_again_and_from_the_folder(tmp_path):
    work = Task(1.0, Settings(), quick=True, folder=tmp_path)
    first, again = work(1_000_001), work(1_000_001)
    assert len(list(tmp_path.glob("*.npz"))) == 1
    assert not isinstance(first, Failure) and not isinstance(again, Failure)
    for one, other in zip(first.legs, again.legs, strict=True):
        assert set(one.scores) >= {OURS, *BASELINES}
        np.testing.assert_array_equal(one.state, other.state)
        for name in one.scores:
            np.testing.assert_array_equal(one.scores[name], other.scores[name])
    assert (first.cramps, first.families, first.duration_s) == (again.cramps, again.families, 60.0)


def test_a_session_that_fails_stops_nothing(tmp_path):
    found = list(made(Task(0.5, Settings()), [1_000_001, 1_000_002], Workers()))
    assert [each.name for each in found if isinstance(each, Failure)] == ["session 1000001", "session 1000002"]


def test_the_truth_of_a_named_scenario_is_taken_over():
    found = simulated_session(1, 1.0, Settings(), Table(), scenario("sudden-cramp").model_copy(update={"name": "x"}))
    assert found.families[0] == "x" and "no cramp" not in found.families
    assert found.cramps == ()  # it comes later


def test_a_told_length_is_kept_about():
    lengths_min = [random_session(seed, 40.0).length_s / 60.0 for seed in range(20)]
    assert min(lengths_min) > 38.0 and max(lengths_min) < 50.0
    assert random_session(3) == random_session(3, None)


def test_families_tell_training_and_hardness():
    found = families(random_session(1_000_001, 40.0))
    assert found[0] in ("calf work", "run", "hills", "match", "easy")
    assert ARTEFACT in families(scenario("artefacts"))
    assert ARTEFACT not in families(scenario("rested"))


def test_baselines_know_what_they_say():
    assert clock(3600, 3600.0)[-1200 - 1] == pytest.approx(-20.0)
    course = at_random(20_000, 1)
    assert abs(course.mean()) < 0.3 and 0.7 < course.std() < 1.3
    assert np.corrcoef(course[:-1], course[1:])[0, 1] > 0.95


def test_the_working_rms_rises_with_the_emg():
    from monitor.chunk import Channel, Chunk, Stream

    rng = np.random.default_rng(1)
    level = np.where(np.arange(800) % 4 < 2, 1.0, 100.0) * np.where(np.arange(800) > 400, 1.5, 1.0)
    samples = (rng.standard_normal((800, 1000)) * level[:, None]).reshape(-1, 1)
    stream = Stream("emg", 1000.0, (Channel("GM", "uV"),), "made")
    rms = WorkingRms(stream)
    for start in range(0, 800_000, 20_000):
        rows = np.arange(start, start + 20_000)
        rms.push(Chunk(stream, rows / 1000.0, samples[rows]))
    score = rms.score(800)
    assert np.isnan(score[:330]).all()
    assert abs(score[395]) < 0.1
    assert score[-1] == pytest.approx(0.5, abs=0.07)


def test_labels_are_read_and_wrong_ones_named(tmp_path):
    path = tmp_path / "labels.csv"
    path.write_text("file,leg,start_s,end_s,kind\na/one.xdf,left,10,20.5,cramp\n")
    (label,) = read_labels(path)
    (noted,) = labels_of([label], tmp_path / "one.xdf")
    assert (noted.leg, noted.onset_s, noted.relief_s, noted.strength) == ("left", 10.0, 20.5, None)
    with pytest.raises(EvaluationError, match="not given"):
        check_files([label], [tmp_path / "two.xdf"])
    for row, fault in (("a,up,1,2,cramp", "leg"), ("a,left,1,2,pain", "kind"), ("a,left,3,2,cramp", "ends")):
        path.write_text(f"file,leg,start_s,end_s,kind\n{row}\n")
        with pytest.raises(EvaluationError, match=fault):
            read_labels(path)


@pytest.mark.parametrize("key", KITS)
def test_a_kit_sends_what_its_sensor_can(key: str):
    kit, session = KITS[key], random_session(1_000_001, 20.0)
    worn = kit.of(session, "left", 1_000_001)
    emg = worn.feeds["emg"].chunk(20.0, 30.0)
    spec = kit.profile(kit.emg).streams["emg"]
    known = emg.samples[np.isfinite(emg.samples).all(axis=1)]
    assert emg.stream.rate_hz == spec.rate_nominal_hz
    assert len(emg) == pytest.approx(10 * spec.rate_nominal_hz, abs=2)
    assert 0.3 * len(emg) < len(known) <= len(emg)
    counts = known / spec.gain
    np.testing.assert_allclose(counts, np.rint(counts), atol=2e-3)
    assert (set(worn.feeds) == {"emg", "shank", "foot"}) == (kit.foot is not None)
    for role in set(worn.feeds) - {"emg"}:
        motion = worn.feeds[role].chunk(20.0, 30.0)
        assert len(motion) == pytest.approx(10 * motion.stream.rate_hz, abs=2)


def test_the_kits_figures_tell_error_watch_and_warn():
    n = 3600
    true = np.linspace(0.0, 0.2, n)
    tired = dataclasses.replace(leg(WATCH=(2100, n)), scores={"mdf_only": true + 0.01, "true_decline": true})
    rested = dataclasses.replace(leg(WATCH=(500, 600)), scores={"mdf_only": 0 * true, "true_decline": 0 * true})
    found = kit_figures([session(tired, rested)], 0.05)
    assert found["fatigue"]["known"] == 1.0
    assert found["fatigue"]["rms"] == pytest.approx(0.01 / np.sqrt(2))
    assert (found["watch"]["tired_legs"], found["watch"]["seen"], found["watch"]["false_per_leg_hour"]) == (1, 1.0, 1.0)
    assert found["watch"]["delay_s"]["median"] == pytest.approx(300, abs=2)
    answer = {"simulated": True, "sessions": 1, "hours": 1.0, "cramps": 0}
    (row,) = [
        line
        for line in kits_markdown(answer | {"kits": {"one": {"title": "One sensor"} | found}}).splitlines()
        if line.startswith("| One sensor")
    ]
    assert f"| {100 * found['fatigue']['rms']:.1f} % |" in row and "1.00 (" in row and row.endswith(" |")


def test_cramps_are_announced_as_it_is_assumed_and_nothing_else_changes():
    seed = next(seed for seed in range(100) if any(plan.cramps for plan in random_session(seed).leg.values()))
    drawn = random_session(seed)
    none, long = (assuming(drawn, each) for each in (ASSUMED[0], ASSUMED[-1]))
    for one, other in ((drawn, none), (drawn, long)):
        assert one.part == other.part and one.sensor == other.sensor
    cramps = [cramp for plan in long.leg.values() for cramp in plan.cramps]
    assert all(cramp.onset_s - cramp.precursor.start_s == 180.0 for cramp in cramps)
    assert all(cramp.precursor.strength == 0 for plan in none.leg.values() for cramp in plan.cramps)


def test_the_table_of_assumed_precursors_judges_at_our_threshold():
    hit = session(leg(warn=((1990, 2000),)), cramps=(cramp(2000.0),))
    made = [dataclasses.replace(hit, athlete="1000001")]
    table = assumed_table(made, {"0.1": 1.0, "0.25": None}, Task(40.0, Settings()), lambda _, seeds: made * len(seeds))
    assert [row["sensitivity"] for row in table["0.1"]] == [1.0] * (len(ASSUMED) + 1)
    assert [row["sensitivity"] for row in table["0.25"]] == [0.0] * (len(ASSUMED) + 1)


def test_assumed_sessions_are_kept_apart_from_those_as_drawn(tmp_path, monkeypatch):
    """A run that is taken up again makes none of them twice, and takes none for another's."""
    made: list[str] = []

    def noting(seed, minutes, settings, outfit, scenario):
        made.append(f"{seed} {'as drawn' if scenario is None else 'assumed'}")
        return dataclasses.replace(session(leg()), athlete=str(seed))

    monkeypatch.setattr("monitor.evaluation.run.simulated_session", noting)
    task, seed = Task(40.0, Settings(), folder=tmp_path), 1_000_001
    for _ in range(2):
        task(seed)
        for each in ASSUMED:
            AssumedTask(task, each)(seed)
    assert made == [f"{seed} as drawn"] + [f"{seed} assumed"] * len(ASSUMED)
    assert len(list(tmp_path.glob("*.npz"))) == 1 + len(ASSUMED)
