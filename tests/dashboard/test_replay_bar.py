"""A recording under one's hands: play, seek, step, loop, speed, note, by clicks and by keys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from fakes import FakeSession
from pictures import keep
from pyqtgraph.Qt import QtCore, QtTest, QtWidgets
from rigs import Rig, rigged

from monitor.dashboard.replay_bar import next_speed, stretches
from monitor.dashboard.states import STATES as LOOKS
from monitor.dashboard.window import Dashboard

KEY, SHIFT = QtCore.Qt.Key, QtCore.Qt.KeyboardModifier.ShiftModifier
STATES = [
    {"time_s": 0.0, "athlete": "A7", "leg": "left", "state": "CALIBRATING"},
    {"time_s": 0.0, "athlete": "A7", "leg": "right", "state": "CALIBRATING"},
    {"time_s": 60.0, "athlete": "A7", "leg": "left", "state": "OK"},
    {"time_s": 300.0, "athlete": "A7", "leg": "left", "state": "WARN"},
]


@pytest.fixture
def rig(app: object) -> Iterator[Rig]:
    with rigged(Dashboard, can_replay=True) as made:
        made.commands.states = STATES
        yield made


def session(time_s: float, **changes: object) -> object:
    return replace(FakeSession(source="replay", speed=1.0).at(time_s), **changes)


def test_every_control_has_a_key(rig: Rig) -> None:
    rig.show(session(100.0))
    for key in (KEY.Key_Space, KEY.Key_Left, KEY.Key_Right, KEY.Key_Home, KEY.Key_End, KEY.Key_Period, KEY.Key_Plus):
        rig.key(key)
    rig.key(KEY.Key_Left, SHIFT)
    rig.key(KEY.Key_Minus)
    rig.key(KEY.Key_L)
    rig.key(KEY.Key_M)
    assert rig.commands.asked == [
        ("pause", True),
        ("seek", 95.0),
        ("seek", 105.0),
        ("seek", 0.0),
        ("seek", 600.0),
        ("step", 1.0),
        ("speed", 2.0),
        ("seek", 40.0),
        ("speed", 0.5),
        ("loop", True),
        ("note", "marker"),
    ]
    rig.key(KEY.Key_Question)
    listed = {label.text() for label in rig.window.help.findChildren(QtWidgets.QLabel)}
    assert {"Space", "Left", "L", "N", ".", "Ctrl+Z", "T", "?", "hold, and one second on"} <= listed
    rig.window.help.close()


def test_a_click_on_the_bar_goes_there(rig: Rig) -> None:
    window = rig.show(session(100.0))
    scrub = window.player.scrub
    QtTest.QTest.mouseClick(scrub, QtCore.Qt.MouseButton.LeftButton, pos=QtCore.QPoint(scrub.width() // 2, 10))
    ((name, to_s),) = rig.commands.asked
    assert name == "seek" and to_s == pytest.approx(300.0, abs=2.0)
    assert window.player.clock.text() == "1:40 of 10:00"
    keep(window, "replay")


def test_the_bar_has_the_states_of_both_legs() -> None:
    left, right = stretches(STATES, 600.0)
    assert left == [(0.0, 60.0, "CALIBRATING"), (60.0, 300.0, "OK"), (300.0, 600.0, "WARN")]
    assert right == [(0.0, 600.0, "CALIBRATING")]


def test_buttons_play_step_and_note(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QtWidgets.QInputDialog, "getText", lambda *_: (" new shoes ", True))
    player = rig.show(session(100.0)).player
    for button in (player.play, player.back, player.on, player.one, player.faster, player.slower, player.again):
        rig.click(button)
    rig.click(player.noted)
    names = [ask[0] for ask in rig.commands.asked]
    assert names == ["pause", "seek", "seek", "step", "speed", "speed", "loop", "note"]
    assert rig.commands.asked[-1] == ("note", "new shoes")
    rig.click(rig.window.undo.button)
    assert rig.commands.asked[-1] == ("undo note",)


def test_a_paused_or_ended_replay_is_not_frozen_but_says_so(rig: Rig) -> None:
    snapshot = session(10.0)
    window = rig.show(snapshot)
    rig.click(window.player.play)
    rig.wall_s += 60.0
    rig.show(snapshot)
    assert window.notice.text().startswith("Paused")
    assert window.panels[0].emg.veil.text() == ""
    rig.key(KEY.Key_T)
    assert window.paused  # a pause survives another theme
    rig.click(window.player.play)
    rig.show(replace(snapshot, ended=True))
    assert window.notice.text() == "The recording has ended."
    assert window.panels[0].band.text().look == LOOKS["OK"]


def test_a_recording_that_plays_is_not_given_another_baseline(rig: Rig) -> None:
    window = rig.show(session(10.0))
    for button in window.panels[0].baseline.values():
        assert not button.isEnabled()
    assert not any(button.isVisible() for button in window.top.marks.values())


def test_the_speed_ladder() -> None:
    assert next_speed(1.0, 1) == 2.0 and next_speed(100.0, 1) == 100.0
    assert next_speed(3.0, -1) == 2.0 and next_speed(0.5, -1) == 0.5 and next_speed(float("inf"), -1) == 100.0
