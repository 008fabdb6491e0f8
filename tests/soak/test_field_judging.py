"""How the soaks judge what they saw: growth is growth, and what only looks like it is none."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "network"))

from field_figures import faults_of, figures_of, ill
from field_ledger import Held, compare
from field_plan import GATEWAY_KILLED, HUB, Fault, Plan
from field_report import report

from monitor.network.losses import Losses

SECONDS = 1800
CALM = Plan(seed=1, seconds=SECONDS, speed=8.0, every_s=25.0, sensors=("uMyo-1",), faults=())
RECORDED = dict.fromkeys(("doubled", "out_of_order", "missing_in_a_recording", "in_no_recording", "lost_by_merge"), 0)
RECORDED["packets"] = 9
Life = list[tuple[float, float, int]]


def life(mb: Callable[[int], float], threads: Callable[[int], int] = lambda _: 8, seconds: int = SECONDS) -> Life:
    """A look each second at a process whose memory goes up and down by some megabytes all the while."""
    noise = np.random.default_rng(1).normal(0.0, 3.0, seconds)
    return [(float(at_s), round(mb(at_s) + noise[at_s], 1), threads(at_s)) for at_s in range(seconds)]


def judged(*lives: Life) -> tuple[dict[str, Any], list[str]]:
    """The hub's figures of these lives, one after the other, and what is wrong."""
    figures = figures_of(CALM, [], {HUB: lives}) | {"recorded": RECORDED, "exit_codes": {HUB: 0}}
    return figures["memory"][HUB], faults_of(figures)


FLAT = life(lambda _: 300.0)
GROWING = life(lambda at_s: 200.0 + at_s / 20)


@pytest.mark.parametrize(
    "lives",
    [
        (FLAT,),
        (life(lambda at_s: 300.0 - 150.0 * 0.99**at_s),),
        (life(lambda at_s: 300.0 + 90.0 * (at_s == SECONDS - 1)),),
        (life(lambda at_s: 300.0 + 40.0 * (at_s % 60 < 5)),),
        (life(lambda at_s: 300.0 + 20.0 * (at_s % 60) / 60),),
        (life(lambda _: 300.0, lambda at_s: 8 + (at_s in (0, 700, SECONDS - 1))),),
        (FLAT, FLAT, life(lambda at_s: 100.0 + 4.0 * at_s, seconds=25)),
    ],
    ids=["flat", "warms up", "a last peak", "peaks", "saws", "a thread now and then", "just begun"],
)
def test_what_does_not_grow_is_not_said_to(lives: tuple[Life, ...]) -> None:
    grown, wrong = judged(*lives)
    assert wrong == [] and grown["grown_mb"] is not None and grown["threads_more"] == 0


@pytest.mark.parametrize(
    "lives",
    [
        (GROWING,),
        (FLAT, GROWING, FLAT),
        (life(lambda at_s: 200.0 + at_s / 20 + 80.0 * (at_s == SECONDS // 3)),),
        (life(lambda at_s: 300.0 + 50.0 * (at_s > SECONDS // 2)),),
    ],
    ids=["all along", "one life of three", "behind a peak", "at once"],
)
def test_memory_that_grows_is_said_to(lives: tuple[Life, ...]) -> None:
    _, wrong = judged(*lives)
    assert len(wrong) == 1 and wrong[0].startswith("hub: memory grew by ")


def test_threads_that_stay_are_counted_though_more_were_there_at_the_start() -> None:
    grown, wrong = judged(life(lambda _: 300.0, lambda at_s: 12 if at_s < 20 else 8 + at_s // 600))
    assert wrong == ["hub: 1 threads more at the end"] or wrong == ["hub: 2 threads more at the end"]
    assert grown["grown_mb"] is not None and abs(grown["grown_mb"]) < 2.0


def test_what_was_not_seen_for_long_enough_is_unknown(tmp_path: Path) -> None:
    grown, wrong = judged(life(lambda at_s: 100.0 + 4.0 * at_s, seconds=25))
    assert wrong == [] and grown["grown_mb"] is None and grown["threads_more"] is None
    figures = figures_of(CALM, [], {HUB: [life(lambda at_s: 300.0, seconds=25)]})
    told = {"recorded": RECORDED | {"hub_lacks": 0, "in_the_hub_alone": 0, "tails": []}, "wrong": [], "way": "proxy"}
    report(figures | told, "python tests/soak/field.py", tmp_path / "REPORT.md")
    assert "| hub | 1 | " in (text := (tmp_path / "REPORT.md").read_text()) and " | - | 8 | - |" in text


def test_what_was_lost_before_is_no_present_illness_and_a_lost_gateway_is() -> None:
    losses = Losses()
    losses.come_late(0.0)
    well = {"links": {"uMyo-1": "live"}, "notes": [], "recording": "", "late_s": 0.1}
    assert ill(well | {"notes": [f"of gateway gw1: {losses.told(1.0)}"]}) == "" != losses.told(1.0)
    lost = "gateway gw1: gateway lost, what it saw comes when it is back"
    assert ill(well | {"notes": [f"of gateway gw1: {losses.told(1.0)}", lost]}) == lost
    assert ill(well | {"links": {"uMyo-1": "lost"}}) == "uMyo-1: lost"


def test_what_merging_gateways_recordings_loses_or_doubles_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = [0, 24, 48], [96, 120]
    held = {"gw1-0": first, "gw1-1": second, "gw2-0": [], "hub": [0, 24, 72, 96], "whole": first + second}
    held |= {"cut": [0, 48, *second], "twice": [*first, *first, *second]}
    monkeypatch.setattr(Held, "read", lambda path: Held(path, 0.0, {"uMyo-1": held[path.name]}))
    gateways = {"gw1": [Path("gw1-0"), Path("gw1-1")], "gw2": [Path("gw2-0")]}
    plan = replace(CALM, faults=(Fault(GATEWAY_KILLED, "gw1", 1.0, 2.0),))
    counted = {name: compare(plan, gateways, Path("hub"), Path(name)) for name in ("whole", "cut", "twice")}
    assert {name: (of["lost_by_merge"], of["doubled"]) for name, of in counted.items()} == {
        "whole": (0, 0),
        "cut": (1, 0),
        "twice": (0, 3),
    }
    assert counted["whole"]["in_the_hub_alone"] == 1  # a killed gateway had sent it, and not written it
    told = {"memory": {HUB: judged(FLAT)[0]}, "faults": [], "exit_codes": {}}
    assert faults_of(told | {"recorded": RECORDED | {"lost_by_merge": 1}}) == ["packets lost by merge: 1"]


def test_the_soak_of_the_screens_judges_growth_drift_and_dropped_alerts() -> None:
    pytest.importorskip("PySide6", reason="its windows need PySide6")
    from screens import GROWTH_MB, faults

    well = {"grown_mb": 5.0, "none_drift_per_frame": 0.0, "memory_full_after_rebuilding": True}
    well |= {"alerts_dropped": {"Wall": 0}, "alerts_sent": 4}
    assert faults(well) == []
    for wrong in (
        {"grown_mb": GROWTH_MB + 0.1},
        {"none_drift_per_frame": 0.1},
        {"none_drift_per_frame": -0.1, "memory_full_after_rebuilding": False},
        {"alerts_dropped": {"Wall": 1}},
        {"alerts_sent": 0},
    ):
        assert len(faults(well | wrong)) == 1, wrong
