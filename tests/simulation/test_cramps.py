"""What is said about simulated cramps and about all that looks like one; a small instance of the command."""

from __future__ import annotations

from functools import cache

import pytest

from monitor.settings import Settings
from monitor.simulated_sessions import Kit, play_leg
from monitor.simulation import cramps
from monitor.simulation.calf import Calf
from monitor.simulation.cramps import SeenCramp, SeenLeg, figures, seen
from monitor.simulation.scenario import CrampPlan, LegPlan, Part, Precursor, Scenario

ROWS = (
    ("stand", 8.0),
    *((("stand", 8.0), ("raises", 24.0)) * 2),
    ("walk", 10.0),
    ("tiptoe", 14.0),
    ("stand", 6.0),
    ("lean", 14.0),
    ("push", 14.0),
    ("run", 10.0),
    ("point", 30.0),  # from 150 s
    ("stretch", 20.0),
    ("stand", 10.0),
)
ONSET_S, STRETCH_S = 153.0, 181.5
SUDDEN = Precursor(kind="none", start_s=ONSET_S, strength=0.0)
PLAN = CrampPlan(onset_s=ONSET_S, rise_s=4.0, stretch_s=STRETCH_S, plateau=0.3, precursor=SUDDEN)


@cache
def short(labels: tuple[str, ...], angle: bool) -> SeenLeg:
    """Holds, standing tone and pressing, then a cramp."""
    steps = tuple(({"activity": activity, "seconds": seconds}) for activity, seconds in ROWS)
    session = Scenario.model_validate(
        {
            "name": "short",
            "title": "a cramp among holds",
            "part": (Part.model_validate({"steps": steps}),),
            "leg": {"left": LegPlan(cramps=(PLAN,))},
        }
    )
    played = play_leg(session, "left", 1, Settings(), Kit(labels, angle=angle))
    return seen(played, Calf(session, "left", 1))


@pytest.mark.parametrize("labels, angle", [(("GM", "GL"), True), (("GM", "GL"), False), (("GM",), True)])
def test_a_cramp_is_told_in_time_and_let_go_in_time_and_no_hold_is_one(labels: tuple[str, ...], angle: bool):
    found = short(labels, angle)
    (cramp,) = found.cramps
    assert cramp.latency_s is not None and cramp.latency_s <= 4.0
    assert cramp.relief_s is not None and -1.0 <= cramp.relief_s <= 4.0 and not cramp.rising
    assert found.false == ()


def test_one_channel_without_an_angle_asks_and_announces_nothing():
    found = short(("GM",), False)
    assert found.cramps[0].latency_s is None and found.cramps[0].asked and found.false == ()


GOOD = SeenCramp(2.0, True, 3.0, False)


def test_the_figures_count_athlete_hours_misses_and_false_ones():
    late, missed, early = SeenCramp(4.5, True, 4.5, False), SeenCramp(None, True, None, False), SeenCramp(1, 1, -5.0, 1)
    found = figures([SeenLeg(1.0, (GOOD, late), ((700.0, "tiptoe"),)), SeenLeg(1.0, (missed, early), ())])
    assert (found.hours, found.cramps, found.in_time, found.false_per_h) == (1.0, 4, 0.5, 1.0)
    assert (found.reliefs, found.rising) == (3, 1) and found.relief_in_time == pytest.approx(1 / 3)


@pytest.mark.parametrize("cramp, code", [(GOOD, 0), (SeenCramp(9.0, True, 3.0, False), 1)])
def test_the_command_prints_the_figures_and_says_whether_the_aims_are_reached(
    cramp: SeenCramp, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(cramps, "watched", lambda *_: [SeenLeg(1.0, (cramp,), ()), SeenLeg(1.0, (), ())])
    assert cramps.main(["--sessions", "1", "--verbose"]) == code
    told = capsys.readouterr().out
    assert "clean: 1.0 athlete-hours, 1 cramps" in told and "SIMULATED, 2 channel(s)" in told
