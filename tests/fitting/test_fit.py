import dataclasses
import itertools
import json

import numpy as np
import pytest

from monitor.errors import SettingsError
from monitor.fitting.fit import fit
from monitor.fitting.tick_level import sign_track
from monitor.fitting.track import Track, score_of
from monitor.settings import Settings, StateSettings
from monitor.settings.tables import SENSITIVITIES, SIGNS, Tables
from monitor.simulation.calf import Calf
from monitor.simulation.scenario import LegPlan, Part, Scenario

N = 2400


def session(number: int, cramp: bool) -> Track:
    """40 min; where a cramp comes at 2000 s, all signs rise four minutes before it."""
    rng = np.random.default_rng(number)
    time_s = np.arange(N)
    pattern = np.clip((time_s - 1760) / 120.0, 0, 1) * (time_s < 2030) if cramp else np.zeros(N)

    def course(usual: float, spread: float, rise: float) -> np.ndarray:
        slow = np.repeat(rng.standard_normal(N // 60), 60)
        return usual + spread * slow + rise * pattern

    values = {name: np.full(N, np.nan) for name in SIGNS}
    values |= {"relaxation": course(0.0, 0.5, 3.0), "quiet": course(1.1, 0.1, 0.9), "twitches": course(1.0, 1.0, 10.0)}
    values |= {"fatigue": course(0.05, 0.03, 0.0), "dose": course(0.5, 0.2, 0.0), "session_part": time_s / N}
    values["quiet"][rng.uniform(size=N) < 0.3] = np.nan
    precursors = ((1760.0, 2000.0, 0.9),) if cramp else ()
    return Track(number, values, (2000.0,) if cramp else (), (2030.0,) if cramp else (), (True,) * cramp, precursors)


@pytest.fixture(scope="module")
def tracks() -> list[Track]:
    return [session(number, cramp=number % 2 == 0) for number in range(24)]


@pytest.fixture(scope="module")
def tables(tracks: list[Track]) -> Tables:
    return fit(tracks, StateSettings(), {"made": "today"})


def test_fitted_tables_keep_the_rules_and_can_be_read_again(tables: Tables):
    assert Tables.from_dict(json.loads(json.dumps(tables.to_dict()))) == tables
    for name, table in tables.signs.items():
        rising = all(low <= high for low, high in itertools.pairwise(table.points))
        assert rising or name == "cooldown"
        assert table.most > table.least or name == "aftermath"


def test_signs_that_come_before_cramps_get_the_points_and_others_few(tables: Tables):
    rises = {name: table.most - table.least for name, table in tables.signs.items()}
    assert rises["relaxation"] > 1.0 and rises["twitches"] > 1.0
    assert max(rises["fatigue"], rises["dose"]) < 0.5 * rises["relaxation"]


def test_clear_precursors_are_announced_at_few_false_alarms_and_the_figures_say_so(tables: Tables):
    for name, rate in SENSITIVITIES.items():
        figures = tables.facts["figures"][name]
        assert figures["sensitivity"] >= 0.8 and figures["false_alarms_per_h"] <= rate
    assert tables.facts["made"] == "today"


def test_without_the_truth_about_precursors_the_minutes_before_cramps_teach(tracks: list[Track]):
    blind = [dataclasses.replace(track, precursors=()) for track in tracks]
    found = fit(blind, StateSettings(), {})
    assert found.signs["relaxation"].most - found.signs["relaxation"].least > 1.0


def test_without_a_cramp_nothing_can_be_fitted():
    with pytest.raises(SettingsError, match="no cramp"):
        fit([session(1, cramp=False)], StateSettings(), {})


def test_a_second_in_which_no_involuntary_sign_is_known_has_no_score(tables: Tables):
    blind = session(3, cramp=False)
    values = dict(blind.values) | {name: np.full(N, np.nan) for name in ("relaxation", "quiet", "twitches", "tonic")}
    assert np.isnan(score_of(dataclasses.replace(blind, values=values), tables.signs)).all()


def test_the_level_of_ticks_shows_what_the_plan_says():
    def told(**plan) -> dict[str, np.ndarray]:
        steps = (("stand", 8.0), ("raises", 24.0), ("stand", 8.0)) * 12
        played = Scenario(name="x", title="x", part=(Part(steps=steps),), leg={"left": LegPlan(**plan)})  # type: ignore[arg-type]
        return sign_track(Calf(played, "left", 1), ("GM",), 480.0, Settings())

    calm = told()
    later = told(quiet=((0.0, 1.0), (350.0, 1.0), (380.0, 4.0)), relaxation_s=((0.0, 0.0), (350.0, 0.0), (380.0, 0.4)))
    assert calm["quiet_ratio"][-1] == pytest.approx(1.0, abs=0.15)
    assert later["quiet_ratio"][-1] > 1.5 * calm["quiet_ratio"][-1]
    assert np.nanmax(later["relaxation_z"][400:]) > np.nanmax(calm["relaxation_z"][400:]) + 0.5
    assert calm["compression"][-1] == pytest.approx(1.0, abs=0.1)
    assert all(len(values) == 480 for values in calm.values())
