"""A guided test in its window: prompts, the metronome to see and to hear, one button that moves on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from fakes import FakeSession
from pictures import keep
from pyqtgraph.Qt import QtCore, QtWidgets
from rigs import Commands, Played

from monitor.dashboard.guided import GuidedScreen
from monitor.guided.heel_rise import GuideView, Phase
from monitor.guided.texts import heel_rise
from monitor.settings import Settings

SETTINGS = Settings().guided
ORDER = [Phase.PREPARE, Phase.WARM_UP, Phase.REST, Phase.TEST, Phase.DONE]


@dataclass
class Guide:
    """Moves on with each press."""

    phase: Phase = Phase.PREPARE
    pressed: list[str] = field(default_factory=list)

    @property
    def view(self) -> GuideView:
        beats = 100.0 if self.phase is Phase.TEST else None
        return GuideView(str(self.phase), "left", 7, heel_rise(self.phase, "left", 7, 60.0, SETTINGS), 90.0, beats)

    def press(self) -> None:
        self.pressed.append(str(self.phase))
        self.phase = ORDER[ORDER.index(self.phase) + 1]


@pytest.fixture
def made(app: object) -> Iterator[tuple[Any, Guide, list[float], Played]]:
    guide, now_s, sounder = Guide(), [100.0], Played()
    window = GuidedScreen(Commands(), guide, lambda: now_s[0], 1.0, sounder=sounder)
    window.show_snapshot(FakeSession(source="live").at(100.0))
    window.show()
    window.activateWindow()
    QtWidgets.QApplication.processEvents()
    yield window, guide, now_s, sounder
    window.close()
    window.deleteLater()
    QtWidgets.QApplication.processEvents()


def test_one_button_leads_through_the_test(made: tuple[Any, Guide, list[float], Played]) -> None:
    window, guide, _, _ = made
    seen = []
    for step in range(4):
        window.show_snapshot(FakeSession(source="live").at(101.0 + step))
        seen.append((window.go.text(), window.count.text()))
        assert "Enter" not in window.prompt.text() and window.phases[str(guide.phase)].property("now") == "now"
        window.go.click()
    assert seen == [("Ready: begin", ""), ("Warm enough: rest", "7"), ("Begin now", ""), ("I cannot go on", "7")]
    assert guide.pressed == ["prepare", "warm-up", "rest", "test"]
    window.show_snapshot(FakeSession(source="live").at(110.0))
    window.go.click()
    assert not window.isVisible()


def test_the_metronome_is_seen_and_heard(made: tuple[Any, Guide, list[float], Played]) -> None:
    window, guide, now_s, sounder = made
    assert window.metronome.height_ is None and sounder.played == []
    guide.phase = Phase.TEST
    heights = []
    for tenth in range(40):
        now_s[0] = 100.0 + tenth / 10
        window.show_snapshot(FakeSession(source="live").at(now_s[0]))
        heights.append(window.metronome.height_)
    assert sounder.played == ["UP", "DOWN", "UP", "DOWN"]
    assert max(heights) > 0.85 and min(heights) < 0.15
    keep(window, "guided")


def test_the_space_bar_is_the_button_and_a_cramp_is_noted(made: tuple[Any, Guide, list[float], Played]) -> None:
    from pyqtgraph.Qt import QtTest

    window, guide, _, _ = made
    QtTest.QTest.keyClick(window, QtCore.Qt.Key.Key_Space)
    QtTest.QTest.keyClick(window, QtCore.Qt.Key.Key_C)
    assert guide.pressed == ["prepare"]
    assert window._controls.asked == [("mark", "cramp")]
