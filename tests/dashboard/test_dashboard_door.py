"""The package's door: running the window, pictures, the start window."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from fakes import STATES, FakeSession
from pictures import keep
from pyqtgraph.Qt import QtCore, QtGui, QtTest, QtWidgets
from rigs import Commands
from typer.core import TyperGroup as Group
from typer.main import get_command

from monitor.cli import app as cli
from monitor.cli.start import command_of
from monitor.dashboard import (
    Action,
    StartChoice,
    run_dashboard,
    run_start_window,
    save_screenshot,
    show_sentence,
    start_actions,
)
from monitor.dashboard.start import StartWindow
from monitor.errors import CrampwatchError
from monitor.snapshot import Snapshot


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("size", [(1280, 800), (1920, 1080)])
def test_a_picture_has_the_size_asked_for(tmp_path: Path, size: tuple[int, int], theme: str) -> None:
    path = tmp_path / "picture.png"
    save_screenshot(FakeSession(states=("WATCH", "WARN")).at(100.0), path, size, theme)
    image = QtGui.QImage(str(path))
    assert (image.width(), image.height()) == size
    assert len({image.pixelColor(x, y).name() for x in range(0, size[0], 9) for y in range(0, size[1], 9)}) > 30


def test_pictures_of_different_states_differ(tmp_path: Path) -> None:
    for state in STATES:
        save_screenshot(FakeSession(states=(state,), legs=("left",)).at(20.0), tmp_path / f"{state}.png")
    assert len({path.read_bytes() for path in tmp_path.iterdir()}) == len(STATES)


def test_a_picture_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CrampwatchError, match="cannot write the picture"):
        save_screenshot(FakeSession().at(5.0), tmp_path / "no folder" / "picture.png")


def test_the_window_reads_until_it_is_interrupted_and_stops_cleanly(app: object) -> None:
    controls, session, read = Commands(), FakeSession(), []

    def snapshots() -> Snapshot:
        read.append(len(read))
        if len(read) == 12:
            os.kill(os.getpid(), signal.SIGINT)
        return session.at(5.0 + 0.033 * len(read))

    before = signal.getsignal(signal.SIGINT)
    assert run_dashboard(snapshots, controls) == 0
    assert controls.asked == [("stop",)]
    assert len(read) >= 12
    assert signal.getsignal(signal.SIGINT) is before


def press(action: Action) -> None:
    """Press a button of the start window as soon as it is open."""

    def find_and_press() -> None:
        window = QtWidgets.QApplication.activeModalWidget()
        assert isinstance(window, StartWindow)
        QtTest.QTest.mouseClick(window.buttons[action], QtCore.Qt.MouseButton.LeftButton)

    QtCore.QTimer.singleShot(50, find_and_press)


@pytest.mark.parametrize("action", [Action.DEMO, Action.SET_UP, Action.LAST_TEAM, Action.WALL, Action.TEST])
def test_the_start_window_gives_what_was_pressed(app: object, action: Action) -> None:
    press(action)
    assert run_start_window(start_actions("Tuesday squad", None)) == StartChoice(action)


def test_opening_asks_for_the_recording(app: object, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[str] = []

    def choose(parent: object, title: str, folder: str, kinds: str) -> tuple[str, str]:
        asked.append(folder)
        return str(tmp_path / "session.xdf"), kinds

    monkeypatch.setattr(QtWidgets.QFileDialog, "getOpenFileName", choose)
    press(Action.OPEN)
    assert run_start_window(start_actions("", tmp_path)) == StartChoice(Action.OPEN, tmp_path / "session.xdf")
    assert asked == [str(tmp_path)]


def test_of_several_athletes_it_is_asked_who_is_tested(app: object, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [("A7", False), ("B2", True)]
    monkeypatch.setattr(QtWidgets.QInputDialog, "getItem", lambda *_: answers.pop(0))
    window = StartWindow(start_actions("squad", None, ("A7", "B2")))
    window.show()
    window.buttons[Action.TEST].click()
    assert window.isVisible() and window.choice is None
    window.buttons[Action.TEST].click()
    assert window.choice == StartChoice(Action.TEST, None, "B2")
    keep(window, "start")
    window.deleteLater()


@pytest.mark.parametrize("action", list(Action))
def test_every_button_has_a_command_that_there_is(action: Action) -> None:
    words = command_of(StartChoice(action, Path("x.xdf"), "B2"), virtual=True)
    command, context = get_command(cli), None
    while isinstance(command, Group):
        context = command.make_context(words[0], [], parent=context, resilient_parsing=True)
        _, found, words = command.resolve_command(context, words)
        assert found is not None
        command = found
    assert not command.make_context("tried", words).args


def test_without_a_team_the_test_runs_on_a_virtual_athlete() -> None:
    assert command_of(StartChoice(Action.TEST), virtual=True) == ["test", "heel-rise", "--window", "--virtual"]
    assert command_of(StartChoice(Action.TEST), virtual=False) == ["test", "heel-rise", "--window"]
    assert "virtual athlete" in start_actions("", None)[-1].explanation


def test_a_cancelled_file_dialog_leads_back_to_the_buttons(app: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QtWidgets.QFileDialog, "getOpenFileName", lambda *_: ("", ""))
    window = StartWindow(start_actions("", None))
    window.show()
    window.buttons[Action.OPEN].click()
    assert window.isVisible() and window.choice is None
    window.reject()


def test_without_a_team_its_button_cannot_be_pressed_and_says_why(app: object) -> None:
    window = StartWindow(start_actions("", None))
    button = window.buttons[Action.LAST_TEAM]
    assert not button.isEnabled()
    assert any("no team yet" in label.text() for label in button.findChildren(QtWidgets.QLabel))
    window.deleteLater()


def test_a_sentence_is_shown_until_it_is_read(app: object) -> None:
    read: list[str] = []

    def look_and_close() -> None:
        box = QtWidgets.QApplication.activeModalWidget()
        assert isinstance(box, QtWidgets.QMessageBox)
        read.append(box.text())
        box.accept()

    QtCore.QTimer.singleShot(50, look_and_close)
    show_sentence("No Bluetooth adapter was found.")
    assert read == ["No Bluetooth adapter was found."]
