"""How a calf tires, recovers, warms up, grows restless and relaxes late."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from monitor.errors import ScenarioError
from monitor.simulation.calf import Calf
from monitor.simulation.physiology import KINDS
from monitor.simulation.ranges import draw_traits, ranges, ranges_hash
from monitor.simulation.scenario import FalseStart, LegPlan, Part, Scenario

USUAL = {"tires_per_min": 0.7, "easy_drive": 0.06, "depth": 0.25, "effort": 1.0, "recovery_min": 3.5, "leg_tires": 1.0}


def training(*steps: str, seed: int = 1, leg: LegPlan | None = None, **more: object) -> Calf:
    played = {"name": "one", "title": "", "part": (Part(steps=steps),), "athlete": USUAL} | more  # type: ignore[arg-type]
    return Calf(Scenario(**played, leg={"left": leg or LegPlan()}), "left", seed)  # type: ignore[arg-type]


def at(*times_s: float) -> np.ndarray:
    return np.array(times_s)


def decline_per_min(calf: Calf, start_s: float, end_s: float) -> float:
    first, last = calf.compression(at(start_s, end_s))
    return float(100.0 * (1.0 - last / first) / ((end_s - start_s) / 60.0))


def test_the_harder_the_work_the_faster_the_decline():
    rest, easy, running, raising = (
        decline_per_min(training("stand 8 s", step), 10.0, 190.0)
        for step in ("sit 300 s", "walk 300 s", "run 300 s", "raises 300 s")
    )
    assert rest == pytest.approx(0.0, abs=0.01)
    assert easy < 0.5
    assert 0.5 < running < 2.5
    assert 3.0 < raising < 10.0


def test_within_ten_minutes_of_rest_nearly_all_is_back():
    calf = training("stand 8 s", "raises 240 s", "sit 700 s")
    tired, rested = 1.0 - calf.compression(at(248.0, 848.0))
    assert rested < 0.15 * tired
    assert calf.relaxation_s(at(848.0))[0] < calf.relaxation_s(at(248.0))[0]


def test_a_tired_calf_lets_go_later():
    late = LegPlan(relaxation_s=((0.0, 0.11),))
    fresh, tired = (
        Calf(
            Scenario(name="", title="", part=(Part(steps=("stand 4 s", "raises 24 s")),), leg={"left": plan}),  # type: ignore[arg-type]
            "left",
            1,
        )
        for plan in (LegPlan(), late)
    )
    time_s = np.arange(5.0, 27.0, 0.005)
    assert np.all(tired.drive(time_s) >= fresh.drive(time_s) - 1e-9)
    extra_s = np.mean([b[1] - a[1] for a, b in zip(fresh.contractions(28.0), tired.contractions(28.0), strict=True)])
    assert 0.04 < extra_s < 0.25
    onsets_s = [[start_s for start_s, _ in calf.contractions(28.0)] for calf in (fresh, tired)]
    assert onsets_s[0] == pytest.approx(onsets_s[1], abs=0.01)


def test_warmth_and_cold_move_the_spectrum_without_fatigue():
    warm = training("walk 900 s", athlete=USUAL | {"warm_up": 0.08, "warm_up_min": 4.0})
    assert warm.temperature_scale(at(850.0))[0] == pytest.approx(1.077, abs=0.01)
    cold = training(
        "sit 900 s", skin_c=((0.0, 0.0), (600.0, -5.0)), athlete=USUAL | {"per_c": 0.035, "louder_per_c": 0.05}
    )
    scale, fatigue = cold.temperature_scale(at(700.0))[0], cold.compression(at(700.0))[0]
    assert scale == pytest.approx(1.0 - 5 * 0.035, abs=0.02)
    assert fatigue == 1.0
    assert cold.rms_uv(at(700.0))[0] / cold.rms_uv(at(0.0))[0] == pytest.approx(1.25, abs=0.03)


def test_a_precursor_rises_stays_and_passes():
    start = FalseStart(kind="all signs", start_s=200.0, end_s=500.0, strength=1.0)
    calf = training("sit 900 s", leg=LegPlan(false_starts=(start,)))
    before, height, after = calf.quiet(at(190.0, 390.0, 520.0))
    assert before == pytest.approx(1.0)
    assert height == pytest.approx(1.0 + draw_traits(1, "left")["quiet_rise"], abs=0.01)
    assert after == pytest.approx(1.0)
    instants_s, _ = calf.twitches(0.0, 900.0)
    busy, calm = ((instants_s > 350) & (instants_s < 420)).sum() / 70, (instants_s < 190).sum() / 190
    assert busy > 4 * calm


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_kind_of_a_precursor_says_which_signs_it_has(kind: str):
    start = FalseStart(kind=kind, start_s=200.0, end_s=500.0, strength=1.0)
    calf = training("sit 900 s", leg=LegPlan(false_starts=(start,)))
    quiet, twitches, late = KINDS[kind]
    traits = draw_traits(1, "left")
    assert calf.quiet(at(400.0))[0] - 1.0 == pytest.approx(quiet * traits["quiet_rise"], abs=0.01)
    assert calf.relaxation_s(at(400.0))[0] == pytest.approx(late * traits["relaxes_later_s"], abs=0.01)
    more = calf.twitches_per_min(at(400.0))[0] - traits["twitches_rest"]
    assert more == pytest.approx(twitches * traits["twitches_rise"], abs=0.01)


def test_an_unknown_kind_is_refused():
    start = FalseStart(kind="omen", start_s=200.0, end_s=500.0, strength=1.0)
    with pytest.raises(ScenarioError, match="omen"):
        training("sit 900 s", leg=LegPlan(false_starts=(start,)))


def test_traits_lie_in_their_ranges_and_differ_between_athletes_and_legs():
    drawn = [draw_traits(seed, leg) for seed in range(200) for leg in ("left", "right")]
    for name, known in ranges().items():
        values = [traits[name] for traits in drawn]
        assert known.low <= min(values) and max(values) <= known.high
        assert (len(set(values)) > 150) == (known.low < known.high)
    lengths = [traits["length_min"] for traits in drawn]
    assert 2.3 < np.median(lengths) < 3.9
    assert (
        sum(one["leg_tires"] != other["leg_tires"] for one, other in zip(drawn[::2], drawn[1::2], strict=True)) == 200
    )
    assert all(one["depth"] == other["depth"] for one, other in zip(drawn[::2], drawn[1::2], strict=True))


def test_the_ranges_are_those_that_the_tables_are_fitted_with():
    """A change here is a change of what every fit and evaluation has seen: say so under "Scientific changes"."""
    assert all(known.source and known.unit for known in ranges().values())
    assert (ranges()["length_min"].median, ranges()["length_min"].low, ranges()["length_min"].high) == (3.0, 0.7, 10.0)
    assert (ranges()["strength"].low, ranges()["strength"].high) == (0.0, 1.0)
    assert ranges()["sudden"].low >= 0.25
    assert len(ranges_hash()) == 12


@pytest.mark.parametrize(("trait", "value"), [("depth", 0.9), ("courage", 1.0)])
def test_a_trait_out_of_its_range_or_unknown_is_refused(trait: str, value: float):
    with pytest.raises(ValidationError, match=trait):
        training("walk 20 s", athlete={trait: value})
