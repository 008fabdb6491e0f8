import itertools

import pytest
from evidence_of import UNKNOWN, evidence

from monitor.settings import SignSettings, StateSettings
from monitor.warning import score as scoring

SIGNS, STATES = SignSettings(), StateSettings()


def points(**changed) -> scoring.Points:
    return scoring.points(evidence(**changed), SIGNS, STATES)


def score(**changed) -> float | None:
    return scoring.total(points(**changed))


def warns(**changed) -> bool:
    return scoring.is_warning(points(**changed), STATES)


def test_a_calm_calf_has_no_points():
    assert score() == 0.0


@pytest.mark.parametrize(
    ("sign", "values", "expected"),
    [
        ("compression", [0.93, 0.919, 0.879, 0.79], [0, 1, 2, 3]),
        ("quiet_ratio", [1.4, 1.5, 2.0, 3.0], [0, 1, 2, 3]),
        ("twitches_per_min", [5.9, 6.0, 12.0, 60.0], [0, 1, 2, 2]),
        ("shortened_share", [0.19, 0.2, 1.0], [0, 1, 1]),
    ],
)
def test_every_sign_alone_changes_the_score(sign: str, values: list[float], expected: list[int]):
    assert [score(**{sign: value}) for value in values] == expected


def test_twitches_of_a_calf_that_always_twitches_do_not_count():
    assert score(twitches_per_min=8.0, twitch_baseline_per_min=4.0) == 0.0
    assert score(twitches_per_min=12.0, twitch_baseline_per_min=4.0) == 2.0


def test_involuntary_signs_together_give_at_most_four():
    assert score(quiet_ratio=5.0, twitches_per_min=40.0) == 4.0


def test_the_largest_score_can_be_reached_and_not_passed():
    worst = {"compression": 0.3, "quiet_ratio": 50.0, "twitches_per_min": 500.0, "shortened_share": 1.0}
    assert score(**worst) == 8.0
    assert warns(**worst)


def test_unknown_is_none_and_not_zero():
    assert set(points(**UNKNOWN).values()) == {None}
    assert score(**UNKNOWN) is None
    assert not warns(**UNKNOWN)


@pytest.mark.parametrize(
    ("field", "sign"),
    [
        ("compression", "fatigue"),
        ("quiet_ratio", "quiet"),
        ("twitches_per_min", "twitches"),
        ("shortened_share", "dose"),
    ],
)
def test_one_unknown_sign_leaves_the_others(field: str, sign: str):
    known = {"compression": 0.85, "quiet_ratio": 2.0, "twitches_per_min": 7.0, "shortened_share": 0.3}
    everything = points(**known)
    found = points(**known | {field: None})
    assert found[sign] is None
    assert {key: value for key, value in found.items() if key != sign} == {
        key: value for key, value in everything.items() if key != sign
    }


def test_twitches_without_a_baseline_are_unknown():
    assert points(twitches_per_min=20.0, twitch_baseline_per_min=None)["twitches"] is None


def test_what_is_not_measured_yet_is_unknown():
    assert {key for key, value in points().items() if value is None} == {"relaxation", "tonic", "context"}
    assert set(points()) == set(scoring.KEYS)


@pytest.mark.parametrize("share", [0.0, 1.0, None])
def test_fatigue_alone_never_warns_however_deep(share: float | None):
    for compression in (0.9, 0.8, 0.5, 0.1):
        assert not warns(compression=compression, shortened_share=share)


def test_fatigue_with_little_of_one_involuntary_sign_does_not_warn():
    assert not warns(compression=0.5, shortened_share=1.0, quiet_ratio=2.5)
    assert not warns(compression=0.5, shortened_share=1.0, twitches_per_min=20.0)


@pytest.mark.parametrize(
    "signs",
    [
        {"compression": 0.87, "quiet_ratio": 1.6, "twitches_per_min": 6.5},
        {"compression": 0.91, "quiet_ratio": 3.5},
        {"quiet_ratio": 3.5, "shortened_share": 0.3},
        {"quiet_ratio": 2.1, "twitches_per_min": 13.0},
    ],
)
def test_enough_points_with_involuntary_activity_warn(signs: dict[str, float]):
    assert warns(**signs)


def test_no_sign_that_grows_ever_takes_a_warning_away():
    steps = {
        "compression": [1.0, 0.91, 0.87, 0.75],
        "quiet_ratio": [1.0, 1.6, 2.2, 3.5],
        "twitches_per_min": [0.5, 7.0, 13.0],
        "shortened_share": [0.0, 0.5],
    }
    for levels in itertools.product(*(range(len(values)) for values in steps.values())):
        signs = {name: values[level] for (name, values), level in zip(steps.items(), levels, strict=True)}
        if not warns(**signs):
            continue
        for (name, values), level in zip(steps.items(), levels, strict=True):
            assert all(warns(**signs | {name: value}) for value in values[level:])
