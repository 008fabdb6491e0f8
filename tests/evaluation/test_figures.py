"""Sweeps, chance, intervals and the figures' shape."""

from __future__ import annotations

import csv
import dataclasses
import json

import numpy as np
import pytest
from made_outcomes import cramp, leg, session

from monitor.analysis import plain
from monitor.errors import EvaluationError
from monitor.evaluation.as_shown import judge
from monitor.evaluation.chance import chance
from monitor.evaluation.cramp_figures import cramp_figures
from monitor.evaluation.cramp_rows import DICTIONARY, write_cramps
from monitor.evaluation.figures import at_thresholds, figures
from monitor.evaluation.intervals import ppv, rate_interval, resamples, resamples_of, share_interval
from monitor.evaluation.missed import missed
from monitor.evaluation.page import page
from monitor.evaluation.readme import markdown
from monitor.evaluation.seeds import check_apart, fitted_seeds, seeds_of
from monitor.evaluation.sweep import sweep
from monitor.evaluation.told import lines
from monitor.evaluation.tracks import FRONTIER, OURS, Passing

PROMISED = {
    *("sessions", "hours", "cramps", "sensitivity", "sensitivity_ci", "sensitivity_precursor", "lead_s"),
    *("false_alarms_per_hour", "false_alarms_ci", "time_in_warning", "ppv", "base_rate_per_hour", "by_athlete"),
    *("chance_sensitivity", "baselines", "roc"),
}


def some():
    return [
        session(leg("left", warn=((1900, 2005),)), leg("right"), cramps=(cramp(2000.0),), families=("run",)),
        session(leg("left"), leg("right", warn=((500, 600),)), families=("run", "artefacts")),
        session(leg("left"), leg("right"), cramps=(cramp(3000.0, "right", 0.0, 0.0),)),
    ]


def test_the_figures_are_those_of_the_contract():
    found = plain(figures(some(), base_rate_per_h=0.05))
    assert set(found) >= PROMISED
    assert (found["sessions"], found["hours"], found["cramps"]) == (3, 3.0, 2)
    assert found["sensitivity"] == 0.5
    assert found["sensitivity_precursor"] == 1.0
    assert found["false_alarms_per_hour"] == pytest.approx(1 / 3)
    assert found["false_alarms_per_leg_hour"] == pytest.approx(1 / 6)
    assert found["false_alarms_per_squad_session"] == pytest.approx(10.0)
    assert found["time_in_warning"] == pytest.approx(100 / 3 / 3600)
    assert found["ppv"] == pytest.approx(0.025 / (0.025 + 1 / 3))
    assert found["missed"] == {"sudden": 1}
    assert found["lead_s"]["median"] == 100.0
    assert set(found["baselines"]) == {"mdf_only", "rms_only", "quiet_only", "clock", "random"}
    assert found["by_family"]["run"]["sessions"] == 2
    json.dumps(found, allow_nan=False)


def test_page_and_lines_say_that_it_is_simulated_on_every_figure():
    answer = plain(figures(some(), base_rate_per_h=0.05)) | {"simulated": True, "failures": []}
    shown = page(answer)
    for part in shown.split("<caption>")[1:] + shown.split("<figcaption>")[1:]:
        assert "simulated" in part.split("</")[0], part[:80]
    assert "http" not in shown and "<script" not in shown  # it stands alone
    assert "never clinical" in next(lines(answer))


def test_the_tables_of_the_readme_say_what_the_answer_says():
    answer = plain(figures(some(), base_rate_per_h=0.05)) | {"simulated": True, "failures": [], "made_by": "Made so."}
    answer["sensitivities"] = plain(at_thresholds(some(), {"balanced": 0.5}, 0.1, 0.05))
    shown = markdown(answer)
    assert shown.startswith("Simulated, never clinical: 3 sessions, 3 athlete hours, 2 cramps.\nMade so.")
    rows = {row.split(" | ")[0].strip("| "): row for row in shown.splitlines() if row.startswith("|")}
    assert f"{answer['sensitivities']['balanced']['sensitivity']:.2f}" in rows["balanced"]
    assert {"ours", "MDF only", "RMS only", "quiet EMG only", "clock", "random"} < set(rows)
    assert f"{answer['at_rate']['0.5']['sensitivity']:.2f}" in rows["ours"]
    assert len({row.count("|") for row in rows.values()}) == 2  # two tables, each with rows of one length


def test_nothing_is_known_without_a_cramp():
    found = plain(figures(some()[1:2], base_rate_per_h=0.05))
    assert found["sensitivity"] is found["sensitivity_ci"] is found["chance_sensitivity"] is None
    assert found["roc"] == []
    page(found | {"simulated": False, "failures": [{"name": "x", "error": "y"}]})


def test_a_swept_threshold_finds_what_the_score_can_tell():
    found = sweep(OURS, some())
    assert found.curve() == [(0.0, 0.0), pytest.approx((1 / 3, 0.5)), *found.curve()[2:]]
    assert found.row_at(0.1) == 0  # nothing is allowed
    assert found.hits[found.row_at(0.5)].sum() == 1
    draws = resamples(3, 200, 0)
    low, high = found.interval(draws, 0.5) or (None, None)
    assert low == 0.0 and high == 1.0


def test_intervals_are_exact():
    assert share_interval(0, 10) == pytest.approx((0.0, 0.3085), abs=1e-4)
    assert share_interval(5, 10) == pytest.approx((0.1871, 0.8129), abs=1e-4)
    assert share_interval(0, 0) is None
    assert rate_interval(0, 10.0) == pytest.approx((0.0, 0.3689), abs=1e-4)
    assert rate_interval(5, 50.0) == pytest.approx((0.0325, 0.2334), abs=1e-4)
    assert ppv(0.02, 0.7, 0.1) == pytest.approx(0.1228, abs=1e-4)


def test_chance_is_the_share_of_the_session_that_the_horizon_covers():
    judged = [judge(session(leg(warn=((1900, 1950),)), cramps=(cramp(2000.0),))) for _ in range(40)]
    by_chance, p = chance(judged, 1)
    assert by_chance == pytest.approx(0.25, abs=0.02)
    assert p == 0.0
    assert chance(judged, 1) == (by_chance, p)


@pytest.mark.parametrize(
    "track,what,reason",
    [
        (leg(NO_SIGNAL=(1900, 2100)), cramp(2000.0), "no_signal"),
        (leg(CALIBRATING=(1, 1900)), cramp(2000.0), "no_baseline"),
        (leg(warn=((900, 2100),)), cramp(2000.0), "too_early"),
        (leg(), cramp(2000.0, strength=0.0), "sudden"),
        (leg(), cramp(2000.0, strength=0.3), "weak"),
        (leg(), cramp(2000.0, precursor_s=40.0), "short"),
        (leg(), cramp(2000.0), "unseen"),
        (leg(), cramp(2000.0, strength=None), "unknown"),
    ],
)
def test_every_missed_cramp_has_a_reason(track, what, reason):
    assert missed([judge(session(track, cramps=(what,)))]) == {reason: 1}


def test_cramp_and_relief_are_timed_against_the_truth():
    told = leg(CRAMP=(2006, 2032), RELIEF=(2032, 2060))
    found = cramp_figures([session(told, cramps=(cramp(2000.0),))], "artefacts")
    assert (found["within_4_s"], found["median_delay_s"]) == (1.0, 3.0)
    assert (found["relief"]["within_4_s"], found["relief"]["premature"]) == (1.0, 0)
    late = leg(CRAMP=(2008, 2029), RELIEF=(2029, 2060))
    found = cramp_figures([session(late, cramps=(cramp(2000.0),))], "artefacts")
    assert (found["within_4_s"], found["relief"]["premature"]) == (0.0, 1)


def test_false_cramps_are_counted_in_clean_and_artefact_sessions_apart():
    sessions = [session(leg(CRAMP=(500, 510)), families=("artefacts",)), session(leg(), families=())]
    false = cramp_figures(sessions, "artefacts")["false"]
    assert (false["artefact"]["per_hour"], false["clean"]["per_hour"]) == (1.0, 0.0)


def test_seeds_of_evaluation_are_never_those_of_fitting():
    assert not set(seeds_of(1, 10_000)) & set(seeds_of(2, 10_000))
    check_apart(seeds_of(1, 5), fitted_seeds({"first_seed": 700_000, "sessions": 240}))
    check_apart(seeds_of(1, 5), fitted_seeds({}))
    with pytest.raises(EvaluationError, match="fitted on session 1010003"):
        check_apart(seeds_of(1, 5), fitted_seeds({"first_seed": 1_010_003, "sessions": 9}))
    with pytest.raises(EvaluationError, match="at most"):
        seeds_of(1, 20_000)


def test_resamples_draw_every_athlete_once_in_the_mean():
    draws = resamples(7, 500, 3)
    assert (draws.sum(axis=1) == 7).all()
    assert np.abs(draws.mean(axis=0) - 1.0).max() < 0.2


def test_sessions_of_one_athlete_are_drawn_and_counted_together():
    draws = resamples_of(["A1", "B2", "A1", "C3"], 500, 3)
    np.testing.assert_array_equal(draws[:, 0], draws[:, 2])
    np.testing.assert_array_equal(draws[:, [0, 1, 3]], resamples(3, 500, 3))
    np.testing.assert_array_equal(resamples_of([str(n) for n in range(7)], 500, 3), resamples(7, 500, 3))
    sessions = [dataclasses.replace(each, athlete=who) for each, who in zip(some(), ("A1", "B2", "A1"), strict=True)]
    found = plain(figures(sessions, base_rate_per_h=0.05))["by_athlete"]
    assert {who: (of["hours"], of["cramps"], of["hits"]) for who, of in found.items()} == {
        "A1": (2.0, 2, 1),
        "B2": (1.0, 0, 0),
    }


def test_alarms_in_passing_precursors_weigh_as_the_base_rate_says():
    passing = (Passing("right", 450.0, 650.0),)
    sessions = [some()[0], dataclasses.replace(some()[1], passing=passing), some()[2]]
    found = plain(figures(sessions, base_rate_per_h=0.05))
    assert (found["false_alarms_in_passing_precursors"], found["passing_precursors"]) == (1, 1)
    assert found["false_alarms_per_hour_at_base_rate"] == pytest.approx(0.05 / (2 / 3) / 3)
    rare = sweep(OURS, sessions).at_base_rate(0.05)
    assert rare.rates[1] == pytest.approx(0.05 / (2 / 3) / 3)
    assert found["at_rate"]["0.1"]["sensitivity"] == 0.0
    assert found["at_rate_at_base_rate"]["0.1"]["sensitivity"] == 0.5


def test_the_frontier_knows_the_precursors_and_not_which_of_them_lead_to_a_cramp():
    n = 3600
    strong = np.zeros(n)
    strong[1800:2000] = 0.9
    passed = np.zeros(n)
    passed[500:700] = 0.95
    one, other, quiet = (
        dataclasses.replace(leg(), scores=leg().scores | {FRONTIER: s}) for s in (strong, passed, 0 * passed)
    )
    sessions = [session(one, cramps=(cramp(2000.0),)), session(other), session(quiet)]
    best = plain(figures(sessions, base_rate_per_h=0.05))["frontier"]
    assert best["at_rate"]["0.1"]["sensitivity"] == 0.0
    assert best["at_rate"]["0.5"]["sensitivity"] == 1.0


def test_every_cramp_is_a_row_of_a_table(tmp_path):
    sessions = [
        *some(),
        session(leg("left", CRAMP=(2006, 2032), RELIEF=(2032, 2060)), cramps=(cramp(2000.0, strength=None),)),
    ]
    rows = plain(figures(sessions, base_rate_per_h=0.05))["by_cramp"]
    hit, sudden, labelled = rows
    assert all(list(row) == list(DICTIONARY) for row in rows)
    assert (hit["hit"], hit["lead_s"], hit["missed"], hit["precursor"], hit["strength"]) == (
        True,
        100.0,
        None,
        "all signs",
        1.0,
    )
    assert (sudden["leg"], sudden["hit"], sudden["lead_s"], sudden["missed"]) == ("right", False, None, "sudden")
    assert (sudden["cramp_delay_s"], sudden["relief_delay_s"]) == (None, None)
    assert (labelled["cramp_delay_s"], labelled["relief_delay_s"]) == (3.0, 2.0)
    assert (labelled["strength"], labelled["precursor_s"], labelled["missed"]) == (None, None, "unknown")
    write_cramps(tmp_path / "t.csv", rows)
    with (tmp_path / "t.csv").open(newline="") as file:
        written = list(csv.DictReader(file))
    assert [(row["hit"], row["strength"], row["missed"]) for row in written] == [
        ("yes", "1.0", ""), ("no", "0.0", "sudden"), ("no", "", "unknown"),
    ]  # fmt: skip
    assert "premature" in (tmp_path / "t.dictionary.csv").read_text()


def test_every_setting_is_told_at_its_own_threshold():
    found = at_thresholds(some(), {"careful": 1.0, "quiet": 2.0}, 0.0, 0.05)
    assert (found["careful"]["sensitivity"], found["quiet"]["sensitivity"]) == (0.5, 0.0)
    assert found["careful"]["false_alarms_per_hour"] == pytest.approx(1 / 3)
    answer = plain(figures(some(), base_rate_per_h=0.05)) | {"simulated": True, "failures": [], "sensitivities": found}
    assert "careful" in page(answer)
    assert any("setting careful" in line for line in lines(answer))
