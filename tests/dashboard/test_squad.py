"""The squad without a window: who stands where, who comes off first, what sounds."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fakes import FakeSession
from hypothesis import given
from hypothesis import strategies as st

from monitor.dashboard.alarms import Alarms, SquadSound, waiting
from monitor.dashboard.squad import KEEP_FRONT_S, Card, LegCard, Order, cards, comes_off_first, short_names
from monitor.snapshot import AlertView

NAMES = [f"A{number}" for number in range(1, 13)]


def squad(**states: str) -> list[Card]:
    """All calm but these: A3="WARN" is about the left leg."""
    return [
        Card(
            name, (LegCard(name, "left", states.get(name, "OK"), 0.0, 0.0, 0.0), LegCard(name, "right", "OK", 0, 0, 0))
        )
        for name in NAMES
    ]


def test_an_alarm_comes_to_the_front_and_moves_nobody_but_who_stood_there() -> None:
    order = Order()
    assert order.arranged(squad(), 0.0) == NAMES
    places = order.arranged(squad(A7="WARN"), 1.0)
    assert places[0] == "A7" and places[6] == "A1"
    assert [a for a, b in zip(places, NAMES, strict=True) if a != b] == ["A7", "A1"]
    assert order.arranged(squad(A7="WARN", A3="CRAMP"), 2.0)[:2] == ["A7", "A3"]


def test_a_state_that_comes_and_goes_moves_nobody() -> None:
    order, seen = Order(), set()
    for second in range(300):
        state = "WARN" if second % 10 < 3 else "OK"
        seen.add(tuple(order.arranged(squad(A9=state), float(second))))
    assert len(seen) == 1
    assert order.arranged(squad(), 300.0 + KEEP_FRONT_S) == NAMES


@given(st.lists(st.sampled_from(NAMES), max_size=6), st.lists(st.sampled_from(NAMES), max_size=6))
def test_everybody_stands_somewhere_once(first: list[str], then: list[str]) -> None:
    order = Order()
    for time_s, names in ((0.0, first), (30.0, then), (95.0, [])):
        places = order.arranged(squad(**dict.fromkeys(names, "WARN")), time_s)
        assert sorted(places) == sorted(NAMES)


def test_replay_that_jumps_back_leaves_nobody_in_front() -> None:
    order = Order()
    order.arranged(squad(A5="CRAMP"), 500.0)
    assert order.arranged(squad(), 10.0) == NAMES


def leg(name: str, state: str, since_s: float = 0.0, score: float = 0.0, decline: float = 0.0) -> LegCard:
    return LegCard(name, "left", state, since_s, score, decline)


def test_who_comes_off_first() -> None:
    legs = [
        leg("ok", "OK"),
        leg("tired", "WATCH", decline=0.2),
        leg("fresh", "WATCH", decline=0.1),
        leg("early", "WARN", since_s=10.0, score=4),
        leg("late", "WARN", since_s=90.0, score=4),
        leg("strong", "WARN", since_s=95.0, score=6),
        leg("gone", "NO_SIGNAL"),
        leg("cramp", "CRAMP"),
    ]
    found = [one.athlete for one in comes_off_first([Card(one.athlete, (one,)) for one in legs])]
    assert found == ["cramp", "strong", "early", "late", "tired", "fresh"]


def test_lost_sensors_are_told_and_a_silent_emg_is_no_quiet_calf() -> None:
    snapshot = FakeSession(states=("OK", "OK"), speed=1.0, source="live").at(30.0)
    silent = replace(snapshot.links[0], age_s=7.0)
    lost = replace(snapshot.links[3], link="lost")
    card = cards(replace(snapshot, links=(silent, snapshot.links[1], snapshot.links[2], lost)))[0]
    assert [(leg.state, leg.lost) for leg in card.legs] == [("NO_SIGNAL", "EMG"), ("OK", "motion")]


@pytest.mark.parametrize(
    ("names", "most", "expected"),
    [
        (["A7", "B12"], 4, ["A7", "B12"]),
        (["virtual-1", "virtual-12"], 3, ["1", "12"]),
        (["Anna", "Bert"], 3, ["Ann", "Ber"]),
        (["Annabel", "Annalena"], 4, ["1", "2"]),
        (["left 7", "right 7"], 4, ["1", "2"]),
        ([], 4, []),
    ],
)
def test_short_names_never_look_alike(names: list[str], most: int, expected: list[str]) -> None:
    assert list(short_names(names, most).values()) == expected


def alert(athlete: str, state: str, sent: int = 1, seen: bool = False, since_s: float = 0.0) -> AlertView:
    return AlertView(athlete, "left", state, since_s, sent, seen)


def test_an_alert_is_heard_when_it_goes_out_and_again_when_it_goes_out_again() -> None:
    alarms = Alarms()
    assert [one.athlete for one in alarms.update([alert("A3", "WARN"), alert("A4", "CRAMP")])] == ["A4", "A3"]
    assert alarms.update([alert("A3", "WARN"), alert("A4", "CRAMP")]) == []
    assert [one.sent for one in alarms.update([alert("A3", "WARN", sent=2)])] == [2]
    assert alarms.update([alert("A3", "WARN", sent=3, seen=True)]) == []
    assert alarms.update([alert("A3", "WARN", since_s=90.0)]) == [alert("A3", "WARN", since_s=90.0)]
    assert alarms.update([alert("A5", "WARN", sent=0)]) == []  # muted, or held back


def test_the_squad_chooses_what_sounds() -> None:
    alarms = Alarms()
    alarms.next_sound()
    assert alarms.sound is SquadSound.CRAMP
    assert [one.state for one in alarms.update([alert("A3", "WARN"), alert("A4", "CRAMP")])] == ["CRAMP"]
    alarms.next_sound()
    assert alarms.update([alert("A6", "CRAMP")]) == []


def test_what_waits_is_what_nobody_has_seen() -> None:
    alerts = [alert("A3", "WARN"), alert("A4", "CRAMP", seen=True)]
    assert waiting(alerts) == alerts[:1] and waiting(alerts, "A4") == [] and waiting(alerts, "A3") == alerts[:1]


def test_a_leg_that_leaves_range_is_cued_once_until_it_is_back() -> None:
    alarms, a3, a4 = Alarms(), ("A3", "left"), ("A4", "left")
    cued = [alarms.left_range(away) for away in ([a3], [a3], [a3, a4], [a4], [a3, a4])]
    assert cued == [True, False, True, False, True]
    alarms.next_sound()
    assert not alarms.left_range([a3, a4, ("A5", "left")])
