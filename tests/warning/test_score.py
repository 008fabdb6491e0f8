import itertools
import json
from dataclasses import replace

import pytest
from evidence_of import RISKY, UNKNOWN, evidence

from monitor.errors import SettingsError
from monitor.settings import Settings, Tables
from monitor.settings.tables import CONTEXT, INVOLUNTARY, SENSITIVITIES, SIGNS, Table, shipped_tables
from monitor.warning import score as scoring
from monitor.warning.context import Context

TABLES, SETTINGS = shipped_tables(), Settings()
CONTEXT_OF = Context(history=True, planned_s=1000.0)
WORST = {
    "time_s": 1000.0,
    "compression": 0.3,
    "relaxation_z": 9.0,
    "quiet_ratio": 9.0,
    "twitches_per_min": 200.0,
    "tonic_s_per_min": 60.0,
    "dose_min": 20.0,
    "since_cramp_s": 1500.0,
    "ground_share": 1.0,
    "context": CONTEXT_OF,
}
RAISED = {
    "fatigue": {"compression": 0.8},
    "relaxation": {"relaxation_z": 3.0},
    "quiet": {"quiet_ratio": 2.0},
    "twitches": {"twitches_per_min": 10.0},
    "tonic": {"tonic_s_per_min": 6.0},
    "dose": {"dose_min": 1.5},
}


def points(**changed) -> scoring.Points:
    return scoring.points(evidence(**changed), TABLES)


def score(**changed) -> float:
    found = scoring.total(points(**changed))
    assert found is not None
    return found


def warns(settings: Settings = SETTINGS, **changed) -> bool:
    return scoring.is_warning(points(**changed), settings)


def careful() -> Settings:
    return Settings().changed({"state.false_alarms_per_h": 0.5})


def test_a_calm_calf_does_not_warn_and_is_calm():
    assert not warns(careful()) and scoring.is_calm(points(), careful())


@pytest.mark.parametrize("key", RAISED)
def test_every_sign_alone_raises_the_score_and_its_own_points_only(key: str):
    assert score(**RAISED[key]) > score()
    calm, raised = points(), points(**RAISED[key])
    assert [name for name in scoring.KEYS if calm[name] != raised[name]] == [key]


@pytest.mark.parametrize(
    "more",
    [
        {"context": Context(history=True)},
        {"context": Context(planned_s=100.0), "time_s": 90.0},
        {"ground_share": 1.0},
        {"since_cramp_s": 1500.0},
    ],
)
def test_each_part_of_the_context_can_raise_its_points(more: dict):
    assert points()["context"] is None
    assert (points(**more)["context"] or 0.0) > 0.0


def test_the_minutes_after_a_cramp_take_points_away_for_what_it_leaves_behind():
    assert score(since_cramp_s=60.0) < score(since_cramp_s=1500.0)


def test_the_largest_score_can_be_reached_and_not_passed():
    most = sum(table.most for table in TABLES.signs.values())
    assert score(**WORST) == pytest.approx(most)
    assert warns(Settings().changed({"state.false_alarms_per_h": 0.1}), **WORST)


def test_unknown_is_none_and_not_zero():
    assert set(points(**UNKNOWN).values()) == {None}
    assert scoring.total(points(**UNKNOWN)) is None
    assert not warns(**UNKNOWN) and not scoring.is_calm(points(**UNKNOWN), SETTINGS)


def test_context_alone_is_no_score():
    only = points(**UNKNOWN, context=CONTEXT_OF, time_s=900.0)
    assert only["context"] is not None and scoring.total(only) is None


@pytest.mark.parametrize("key, field", [(key, next(iter(values))) for key, values in RAISED.items()])
def test_one_unknown_sign_leaves_the_others_and_widens_the_span(key: str, field: str):
    everything, without = points(**RISKY), points(**RISKY | {field: None})
    assert without[key] is None
    assert {name: each for name, each in without.items() if name != key} == {
        name: each for name, each in everything.items() if name != key
    }
    narrow = scoring.span(evidence(**RISKY), TABLES)
    low, high = scoring.span(evidence(**RISKY | {field: None}), TABLES)
    assert low <= narrow[0] and high >= narrow[1] and high - low > narrow[1] - narrow[0]
    assert low <= score(**RISKY) <= high
    assert scoring.known_share(evidence(**RISKY | {field: None}), TABLES) < scoring.known_share(
        evidence(**RISKY), TABLES
    )


def test_twitches_without_a_baseline_are_unknown():
    assert points(twitches_per_min=20.0, twitch_baseline_per_min=None)["twitches"] is None


def test_twitches_of_a_calf_that_always_twitches_count_less():
    assert score(twitches_per_min=12.0, twitch_baseline_per_min=9.0) < score(twitches_per_min=12.0)


@pytest.mark.parametrize("dose_min, part", [(0.0, 0.0), (20.0, 1.0), (None, None)])
def test_fatigue_alone_never_warns_however_deep(dose_min: float | None, part: float | None):
    context = Context(history=True, planned_s=None if part is None else 1000.0)
    calm = {"dose_min": dose_min, "time_s": 1000.0 * (part or 0.0), "context": context, "ground_share": 1.0}
    for compression in (0.9, 0.8, 0.5, 0.1):
        assert not warns(careful(), compression=compression, **calm)
        unseen = {"relaxation_z": None, "quiet_ratio": None, "twitches_per_min": None, "tonic_s_per_min": None}
        assert not warns(careful(), compression=compression, **calm, **unseen)


def test_the_three_involuntary_signs_together_warn_at_every_sensitivity():
    for rate in SENSITIVITIES.values():
        assert warns(Settings().changed({"state.false_alarms_per_h": rate}), **RISKY)


def test_a_more_careful_setting_warns_earlier():
    thresholds = [TABLES.threshold(rate) for rate in (0.5, 0.4, 0.25, 0.15, 0.1)]
    assert thresholds == sorted(thresholds)
    for name, rate in SENSITIVITIES.items():
        assert TABLES.threshold(rate) == pytest.approx(TABLES.thresholds[name])


def test_no_sign_that_grows_ever_takes_points_away():
    steps = {
        "compression": [1.0, 0.91, 0.87, 0.75],
        "relaxation_z": [-2.0, 0.5, 1.0, 3.0],
        "quiet_ratio": [1.0, 1.3, 1.6, 2.2],
        "twitches_per_min": [0.5, 4.0, 7.0, 30.0],
    }
    for field, values in steps.items():
        scores = [score(**{field: value}) for value in values]
        assert all(low <= high for low, high in itertools.pairwise(scores))


def test_a_leg_that_was_not_seen_at_rest_is_not_calm():
    assert not scoring.is_calm(points(quiet_ratio=None, twitches_per_min=None), SETTINGS)


# the tables ---------------------------------------------------------------------------------------------------------


def test_a_table_is_straight_between_its_knots_and_level_beyond():
    table = Table("", "", (1.0, 2.0, 4.0), (-1.0, 0.0, 3.0))
    assert [table.at(x) for x in (0.0, 1.0, 1.5, 2.0, 3.0, 4.0, 99.0)] == [-1.0, -1.0, -0.5, 0.0, 1.5, 3.0, 3.0]
    assert (table.least, table.most) == (-1.0, 3.0)


def test_the_shipped_tables_say_where_they_come_from_and_what_they_reach():
    facts = TABLES.facts
    assert facts["simulated"] is True and facts["made"] and facts["ranges_hash"] and facts["sessions"] >= 100
    for name, rate in SENSITIVITIES.items():
        assert facts["figures"][name]["false_alarms_per_h"] <= rate
    assert all(table.source.startswith(("fitted", "assumed")) for table in TABLES.signs.values())


def test_tables_survive_json():
    assert Tables.from_dict(json.loads(json.dumps(TABLES.to_dict()))) == TABLES


def changed_sign(name: str, points_: tuple[float, ...]) -> dict[str, Table]:
    table = TABLES.signs[name]
    return {**TABLES.signs, name: replace(table, points=points_, knots=tuple(map(float, range(len(points_)))))}


@pytest.mark.parametrize(
    "signs, thresholds",
    [
        ({name: table for name, table in TABLES.signs.items() if name != "quiet"}, TABLES.thresholds),
        (TABLES.signs, {"balanced": 3.0}),
        (TABLES.signs, {**TABLES.thresholds, "careful": 99.0}),
        (TABLES.signs, {**TABLES.thresholds, "quiet": 99.0}),
        (TABLES.signs, {**TABLES.thresholds, "careful": -5.0}),
        (changed_sign("quiet", (0.0, 1.0, 0.5)), TABLES.thresholds),
        (changed_sign("cooldown", (0.0, 1.0)), TABLES.thresholds),
        (changed_sign("fatigue", (0.0, 50.0)), TABLES.thresholds),
        (changed_sign("relaxation", (0.0, float("nan"))), TABLES.thresholds),
        (changed_sign("tonic", (0.0,)), TABLES.thresholds),
    ],
)
def test_tables_that_break_the_rules_are_refused(signs, thresholds):
    with pytest.raises(SettingsError):
        Tables(signs, thresholds, 0.7, {})


def test_damaged_tables_are_refused_in_words():
    for broken in ({}, {"signs": 3}, TABLES.to_dict() | {"thresholds": None}):
        with pytest.raises(SettingsError, match="tables of the score"):
            Tables.from_dict(broken)


def test_every_sign_has_a_table_and_a_key():
    assert set(TABLES.signs) == set(SIGNS)
    assert set(SIGNS) - set(CONTEXT) | {"context"} == set(scoring.KEYS)
    assert set(INVOLUNTARY) < set(scoring.KEYS)
