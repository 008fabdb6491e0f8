"""The athlete's view, offscreen: one glance, what to do, the stretch that is guided, big buttons, three themes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from fakes import STATES, FakeSession, fake_leg
from pictures import keep
from pyqtgraph.Qt import QtCore, QtTest, QtWidgets
from rigs import Rig

from monitor.dashboard.athlete_bar import AthleteBar, links_sentence
from monitor.dashboard.calf_panel import CalfPanel
from monitor.dashboard.states import STATES as LOOKS
from monitor.dashboard.stretch import Stretch
from monitor.dashboard.themes import DARK, HIGH_CONTRAST, LIGHT, Theme
from monitor.dashboard.window import Dashboard
from monitor.settings import Settings
from monitor.snapshot import LegView, Snapshot, Trace
from monitor.warning.texts import ADVICE

CRAMP = Settings().cramp


class Athlete(Rig):
    """The window in the athlete's view, reached by its key."""

    def __init__(self, theme: Theme = DARK, *, can_replay: bool = False) -> None:
        super().__init__(Dashboard, theme=theme, can_replay=can_replay)

    def show(self, snapshot: Snapshot) -> Dashboard:
        begun = self.window.isVisible()
        super().show(snapshot)
        if not begun:
            self.key(QtCore.Qt.Key.Key_V)
        return self.window

    @property
    def panels(self) -> list[CalfPanel]:
        return [panel for panel in self.window.panels if isinstance(panel, CalfPanel)]

    @property
    def bar(self) -> AthleteBar:
        assert isinstance(self.window.links, AthleteBar)
        return self.window.links


@pytest.fixture
def rig(app: object) -> Iterator[Athlete]:
    made = Athlete()
    yield made
    made.window.close()
    made.window.deleteLater()
    QtWidgets.QApplication.processEvents()


@pytest.mark.parametrize("state", STATES)
def test_one_glance_tells_state_reason_and_what_to_do(rig: Athlete, state: str) -> None:
    snapshot = FakeSession(states=(state,), speed=1.0, source="live").at(200.0)
    rig.show(snapshot)
    for panel, leg in zip(rig.panels, snapshot.legs, strict=True):
        assert panel.band.text().look == LOOKS[state]
        assert panel.advice.text() == ADVICE[state]
        assert panel.reason.text().replace("\xa0", " ") == leg.reasons[0]


def test_no_advice_promises_or_diagnoses() -> None:
    text = " ".join(ADVICE.values()).lower()
    assert set(ADVICE) == set(LOOKS)
    assert not [word for word in ("safe", "healthy", "diagnos", "normal", "ok to", "treat") if word in text]


@pytest.mark.parametrize("theme", [DARK, LIGHT, HIGH_CONTRAST], ids=lambda theme: theme.name)
def test_the_view_in_every_theme(app: object, theme: Theme) -> None:
    rig = Athlete(theme)
    session = FakeSession(states=("WARN", "OK"), speed=1.0, source="live")
    rig.show(session.at(640.0))
    rig.show(session.at(641.0))
    keep(rig.window, f"athlete-{theme.name.replace(' ', '-')}")
    rig.window.close()


def at_angle(state: str, angle_deg: float, time_s: float) -> LegView:
    leg = fake_leg("A7", "left", state, 20.0)
    return replace(leg, angle=Trace(np.array([time_s - 0.1, time_s]), np.array([angle_deg, angle_deg])))


def test_the_guide_leads_from_the_cramped_angle_to_the_release() -> None:
    stretch = Stretch(CRAMP)
    assert stretch.follow(at_angle("OK", 5.0, 9.0), 9.0).step == "idle"
    first = stretch.follow(at_angle("CRAMP", -30.0, 10.0), 10.0)
    assert first.step == "pull" and first.target_deg == -20.0
    assert stretch.follow(at_angle("CRAMP", -25.0, 11.0), 11.0).step == "pull"
    assert stretch.follow(at_angle("CRAMP", -15.0, 12.0), 12.0).step == "hold"
    held = stretch.follow(at_angle("CRAMP", -15.0, 20.0), 20.0)
    assert held.held == pytest.approx(8 / 30) and "8 of 30 s" in held.sentence
    assert stretch.follow(at_angle("CRAMP", -26.0, 21.0), 21.0).held == 0.0
    assert stretch.follow(at_angle("RELIEF", -10.0, 30.0), 30.0).step == "released"
    assert stretch.follow(at_angle("COOLDOWN", -10.0, 90.0), 90.0).step == "idle"


def test_release_is_never_claimed_from_the_angle_alone() -> None:
    stretch = Stretch(CRAMP)
    stretch.follow(at_angle("CRAMP", -30.0, 10.0), 10.0)
    stretch.follow(at_angle("CRAMP", 10.0, 11.0), 11.0)
    late = stretch.follow(at_angle("CRAMP", 10.0, 50.0), 50.0)
    assert "released" not in late.sentence.lower()


def test_without_an_angle_the_guide_says_so() -> None:
    leg = replace(fake_leg("A7", "left", "CRAMP", 20.0), angle=Trace.empty())
    guide = Stretch(CRAMP).follow(leg, 20.0)
    assert guide.angle_deg is None and guide.target_deg is None and "the angle is unknown" in guide.sentence


def test_big_buttons_note_and_the_stretch_is_guided(rig: Athlete) -> None:
    session = FakeSession(states=("OK",), speed=1.0, source="live")
    rig.show(session.at(20.0))
    assert rig.panels[0].gauge.isHidden()
    for name in ("marker", "cramp", "stretch"):
        QtTest.QTest.mouseClick(rig.bar.marks[name], QtCore.Qt.MouseButton.LeftButton)
    rig.show(session.at(20.1))
    assert [ask[1] for ask in rig.commands.asked] == ["marker", "cramp", "stretch"]
    assert not rig.panels[0].gauge.isHidden() and rig.panels[0].guide_text.text()
    rig.bar.stop.click()
    rig.bar.stop.click()
    assert rig.commands.asked[-1] == ("stop",)


def test_in_a_replay_the_big_buttons_note_in_the_recording_and_that_is_undone(app: object) -> None:
    rig = Athlete(can_replay=True)
    rig.show(FakeSession(source="replay").at(20.0))
    rig.click(rig.bar.marks["cramp"])
    assert rig.window.undo.said.text() == "Noted in the recording at 0:20: cramp"
    rig.key(QtCore.Qt.Key.Key_Z, QtCore.Qt.KeyboardModifier.ControlModifier)
    assert rig.commands.asked == [("note", "cramp"), ("undo note",)]
    rig.commands.problem = "made up.csv takes no notes"
    rig.click(rig.bar.marks["marker"])
    assert rig.window.undo.said.text() == "made up.csv takes no notes" and rig.window.undo.button.isHidden()
    rig.window.close()


def test_old_pictures_give_no_advice(rig: Athlete) -> None:
    snapshot = FakeSession(states=("OK",), speed=1.0, source="live").at(20.0)
    rig.show(snapshot)
    rig.wall_s += 5.0
    rig.show(snapshot)
    assert rig.panels[0].band.text().look.headline == "Not updating" and rig.panels[0].advice.text() == ""
    assert rig.bar.line.text() == "Not updating"


def test_a_silent_emg_sensor_is_no_calm_calf(rig: Athlete) -> None:
    snapshot = FakeSession(states=("OK",), speed=1.0, source="live").at(20.0)
    rig.show(replace(snapshot, links=(replace(snapshot.links[0], age_s=6.0), *snapshot.links[1:])))
    assert rig.panels[0].band.text().look.headline == "Not updating"
    assert rig.panels[1].band.text().look == LOOKS["OK"]


def test_links_in_one_line() -> None:
    links = list(FakeSession(legs=("left",)).at(20.0).links)
    assert links_sentence(links, frozen=False).startswith("2 sensors live  ·  newest data 0.1 s ago")
    assert links_sentence([replace(links[0], link="lost")], frozen=False) == "A7 left: EMG GM, shank: lost"
    assert links_sentence([], frozen=False) == "No sensors in this session."
