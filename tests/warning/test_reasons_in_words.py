"""What is told beside the numbers: context, why a cramp is told, what came of an order, what is not known."""

from __future__ import annotations

from dataclasses import replace

import pytest
from evidence_of import CALM, QUIET

from monitor.settings import Settings
from monitor.warning import texts
from monitor.warning.both_legs import BothLegs
from monitor.warning.context import Context
from monitor.warning.evidence import Evidence, Verdict

SETTINGS = Settings()
POINTS = {"fatigue": 0.2, "relaxation": None, "quiet": 3.0, "twitches": None, "tonic": None, "dose": 0.1}


def told(context: Context, **changed: float) -> str:
    """The reasons of a WARN in which context counts."""
    evidence = replace(CALM, time_s=1800.0, quiet_ratio=2.0, context=context, **changed)
    return " ".join(texts.warn(evidence, POINTS | {"context": 0.5}, 6.0, SETTINGS))


def test_context_is_told_as_far_as_it_is_known():
    everything = told(Context(history=True, planned_s=3600.0), since_cramp_s=600.0, ground_share=0.4)
    for part in ("a cramp 10 min ago", "earlier cramps", "50 % of the planned session", "40 % steep or rough ground"):
        assert part in everything
    assert "no earlier cramps" in told(Context(history=False))
    assert "steep climbs are planned" in told(Context(steep=True))
    assert "flat ground is planned" in told(Context(steep=False))
    assert "earlier cramps" not in told(Context()) and "planned" not in told(Context())


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        (Verdict.ONE_HEAD, "another channel is silent"),
        (Verdict.NO_PAUSE, "does not pause while the ankle moves"),
        (Verdict.FROM_REST, "began in a pointed foot at rest"),
        (Verdict.ASK, "reported as a cramp"),
    ],
)
def test_a_cramp_is_told_with_its_rule(verdict: Verdict, said: str):
    reasons = " ".join(texts.cramp(replace(QUIET, verdict=verdict), came_back=False, settings=SETTINGS))
    assert said in reasons


def test_an_ankle_that_is_not_known_is_told_to_be_so_and_asked_about_without_its_place():
    blind = replace(QUIET, verdict=Verdict.ASK, ankle_deg=None, ankle_dps=None)
    assert "unknown" in " ".join(texts.cramp(blind, came_back=False, settings=SETTINGS))
    assert texts.question(blind, SETTINGS).startswith("A long hold, or a cramp?")
    assert texts.question(replace(blind, ankle_deg=-20.0), SETTINGS).startswith("Holding on tiptoe")


def test_a_refit_says_how_many_frames_it_rests_on_or_lacks():
    done, refused = (texts.refitted(120, SETTINGS.baseline, done=done) for done in (True, False))
    assert "120 frames" in done and "begin anew" in done
    assert f"hold 120 contraction frames and {SETTINGS.baseline.usable_frames:.0f} are needed" in refused


def test_a_sensor_without_a_spectrum_says_that_fatigue_is_unknown():
    assert texts.fatigue(replace(CALM, spectral=False)).startswith("fatigue unknown")


def restless(time_s: float, **changed: object) -> Evidence:
    return replace(CALM, time_s=time_s, quiet_ratio=3.0, **changed)  # type: ignore[arg-type]


def test_a_leg_without_a_side_and_one_that_cramps_give_no_hint_of_both():
    both, after_s = BothLegs("A7", SETTINGS), int(SETTINGS.cramp.both_legs_s)
    assert both.push("", restless(1.0)) == ()
    cramping = replace(QUIET, verdict=Verdict.ONE_HEAD)
    hints = []
    for second in range(2 * after_s):
        hints += [
            *both.push("left", restless(float(second))),
            *both.push("right", restless(float(second), cramp=cramping)),
        ]
    assert hints == []
    for second in range(2 * after_s, 4 * after_s):
        hints += [*both.push("left", restless(float(second))), *both.push("right", restless(float(second)))]
    assert len(hints) == 1
