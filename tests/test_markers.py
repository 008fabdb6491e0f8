"""Markers that ask something of a leg: which leg, and what comes of it in a session."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
from leg_rig import Told, even_edges, events, samples, session
from warning.evidence_of import HELD, evidence

from monitor.events import Marker
from monitor.markers import obey, report_marker, taken_back_marker
from monitor.warning.state import Report


class FakeLeg:
    def __init__(self, athlete: str, leg: str, **seen: Any) -> None:
        self.athlete, self.leg, self.reports = athlete, leg, list[Report]()
        self.machine = SimpleNamespace(report=self.reports.append, take_back=self.reports.remove)
        self.history = [SimpleNamespace(evidence=evidence(**seen))]


def told(text: str, *legs: FakeLeg) -> list[list[Report]]:
    obey(text, cast("Any", legs))
    return [leg.reports for leg in legs]


@pytest.mark.parametrize("report", list(Report))
def test_a_report_that_names_its_leg_reaches_that_leg_alone(report: Report):
    legs = FakeLeg("A7", "left"), FakeLeg("A7", "right"), FakeLeg("A8", "left")
    assert told(report_marker(report, "A7", "right"), *legs) == [[], [report], []]


def test_a_mere_cramp_is_meant_for_the_calf_that_works_without_pause():
    assert told("cramp", FakeLeg("A7", "left"), FakeLeg("A7", "right", **HELD)) == [[], [Report.CRAMP]]


def test_a_mere_cramp_of_two_quiet_calves_is_asked_of_both():
    assert told("cramp", FakeLeg("A7", "left"), FakeLeg("A7", "right")) == [[Report.CRAMP], [Report.CRAMP]]


def test_a_mere_cramp_among_several_athletes_says_nothing():
    assert told("cramp", FakeLeg("A7", "left"), FakeLeg("A8", "left")) == [[], []]


def test_a_cramp_of_a_named_athlete_is_meant_for_the_calf_that_works_without_pause():
    legs = FakeLeg("A7", "left"), FakeLeg("A7", "right", **HELD), FakeLeg("A8", "left")
    assert told("cramp: A7", *legs) == [[], [Report.CRAMP], []]


def test_what_was_noted_by_mistake_is_taken_back():
    of = Told(session())
    for time_s, text in ((1.0, "cramp"), (2.0, "stretch"), (3.0, taken_back_marker("cramp"))):
        of.session.feed(Marker(time_s, text))
    assert list(of.session.markers) == [(2.0, "stretch")]
    assert not of.leg.machine._remarks.cramp_reported
    of.session.feed(Marker(4.0, taken_back_marker("nothing like it")))
    assert list(of.session.markers) == [(2.0, "stretch")]


def test_other_notes_ask_nothing():
    assert told("cramp, I think", FakeLeg("A7", "left")) == [[]]


def test_pain_in_a_session_is_answered_in_its_next_second():
    of = Told(session()).feed(events(samples(), even_edges(0.25, 90.0)))
    of.session.feed(Marker(90.0, report_marker(Report.PAIN, "A7", "left")))
    of.finish()
    (remark,) = [second.remark for second in of.seconds if second.remark is not None]
    assert remark.leg == "left" and remark.text.startswith("pain or hardness reported")
