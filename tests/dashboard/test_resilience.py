"""What goes wrong around a window leaves a working window with a sentence in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from fakes import FakeSession
from pyqtgraph.Qt import QtGui, QtWidgets
from rigs import Commands, Played, rigged
from waiting import until, wait

from monitor.dashboard.scientist.window import Scientist
from monitor.dashboard.setup.desk import Desk
from monitor.dashboard.setup.window import SetUpWindow
from monitor.dashboard.wall import Wall
from monitor.dashboard.window import Dashboard
from monitor.engine import Engine
from monitor.events import Heartbeat
from monitor.leg import Leg, LegSecond
from monitor.session import Session
from monitor.setting_up import Bench
from monitor.settings import Settings
from monitor.snapshot import Snapshot
from monitor.team import Athlete, Sensor, Team

TEAM = Team(athletes=[Athlete(name="A7", sensors=[Sensor(match="u", profile="umyo", leg="left", roles=["emg"])])])
Make = Callable[[Commands, Callable[[], float]], Dashboard | Wall]
WINDOWS = pytest.mark.parametrize(
    "make",
    [
        lambda commands, wall: Dashboard(commands, wall=wall, sounder=Played()),
        lambda commands, wall: Wall(commands, wall=wall, sounder=Played()),
    ],
    ids=["dashboard", "wall"],
)


def failed_engine(monkeypatch: pytest.MonkeyPatch) -> Engine:
    """An engine whose leg raises in its third second, deep in its work, as a faulty stage would."""
    advance = Leg.advance

    def faulty(leg: Leg, now_s: float, wait_s: float) -> list[LegSecond]:
        if now_s > 2.0:
            raise ZeroDivisionError("a stage divided by nought")
        return advance(leg, now_s, wait_s)

    monkeypatch.setattr(Leg, "advance", faulty)

    def describe() -> dict[str, object]:
        return {"speed": 1.0, "source": "live", "title": "today", "simulated": False}

    engine = Engine(
        map(Heartbeat, (0.5, 1.0, 2.5, 3.0)), Session(TEAM, {}, Settings()), describe=describe, watched=True
    )
    engine.start()
    while engine.running:
        wait(0.005)
    return engine


@WINDOWS
def test_a_stage_that_raises_leaves_a_window_that_says_so(
    app: object, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, clock, commands = failed_engine(monkeypatch), [100.0], Commands()
    window = make(commands, lambda: clock[0])
    window.watch(lambda: engine.snapshot)
    window.show()
    clock[0] += 4.0
    wait(0.08)
    assert window.notice.text().startswith("Nothing new for 4 s: what you see is old.")
    assert "a stage divided by nought" in window.notice.text()
    window.resize(1300, 820)
    QtWidgets.QApplication.processEvents()
    window.other_theme()
    assert window.isVisible()
    window.close()
    assert commands.asked == [("stop",)]


@WINDOWS
def test_closed_and_opened_again_it_shows_the_same(app: object, make: Make) -> None:
    snapshot = FakeSession(athletes=("A7", "B2"), states=("WARN", "OK")).at(100.0)
    for _ in range(3):
        window = make(Commands(), lambda: 1.0)
        window.show_snapshot(snapshot)
        window.show()
        QtWidgets.QApplication.processEvents()
        assert not window.grab().isNull()
        window.close()
        window.deleteLater()
        QtWidgets.QApplication.processEvents()


@WINDOWS
def test_sensors_and_athletes_that_come_and_go(app: object, make: Make) -> None:
    clock, window = [1.0], make(Commands(), lambda: 1.0)
    squads = [("A7",), ("A7", "B2", "C3"), (), ("B2",)]
    for step, names in enumerate(squads):
        clock[0] += 1
        session = FakeSession(athletes=names, states=("OK",))
        window.show_snapshot(session.at(10.0 + step) if names else Snapshot(10.0 + step, 1.0, "live", "", False))
        window.show()
        QtWidgets.QApplication.processEvents()
    assert window.isVisible()
    window.close()


@WINDOWS
def test_a_second_screen_that_is_lost_brings_the_window_back(app: object, make: Make) -> None:
    window = make(Commands(), lambda: 1.0)
    window.show_snapshot(FakeSession().at(10.0))
    window.show()
    window.setGeometry(5000, 5000, 1200, 760)
    QtGui.QGuiApplication.instance().screenRemoved.emit(None)  # type: ignore[union-attr]
    QtWidgets.QApplication.processEvents()
    assert window.geometry().intersects(QtGui.QGuiApplication.primaryScreen().geometry())
    window.setGeometry(5000, 5000, 1200, 760)
    window.showFullScreen()
    window.screens.come_back()
    assert window.isVisible() and window.isFullScreen()
    window.close()
    window.deleteLater()
    QtWidgets.QApplication.processEvents()
    QtGui.QGuiApplication.instance().screenRemoved.emit(None)  # type: ignore[union-attr] - nobody is there to hear it


def test_the_study_and_the_set_up_come_back_from_a_lost_screen_too(app: object, tmp_path: Path) -> None:
    bench = Bench("tcp:127.0.0.1:9")
    for window in (Scientist([]), SetUpWindow(lambda did: Desk(bench, tmp_path / "team.toml", did))):
        window.show()
        window.setGeometry(5000, 5000, 1200, 760)
        QtGui.QGuiApplication.instance().screenRemoved.emit(None)  # type: ignore[union-attr]
        QtWidgets.QApplication.processEvents()
        assert window.geometry().intersects(QtGui.QGuiApplication.primaryScreen().geometry())
        window.close()


@WINDOWS
def test_every_size_down_to_the_smallest_is_drawn(app: object, make: Make) -> None:
    window = make(Commands(), lambda: 1.0)
    window.show()
    for step, size in enumerate(((1100, 700), (1366, 768), (1920, 1080), (2560, 1440), (900, 560))):
        window.resize(*size)
        window.show_snapshot(FakeSession(athletes=("A7", "B2"), states=("WARN", "OK")).at(20.0 + step))
        QtWidgets.QApplication.processEvents()
        assert not window.grab().isNull()
    window.close()


def test_a_closed_bench_and_a_failed_radio_leave_the_set_up_open_with_a_sentence(app: object, tmp_path: Path) -> None:
    bench = Bench("tcp:127.0.0.1:9")
    window = SetUpWindow(lambda did: Desk(bench, tmp_path / "team.toml", did, find_s=0.1))
    window.show()
    window.go(2)
    until(lambda: window.desk.problem, 30.0)
    window.tick()
    assert "no Bluetooth here" in window.steps[2].said.text() and window.isVisible()
    window.close()


def test_a_new_warning_sounds_in_the_athletes_window_and_can_be_silenced(app: object) -> None:
    with rigged(Dashboard) as rig:
        for step, state in enumerate(("OK", "WARN", "WARN", "CRAMP", "WARN")):
            rig.show(FakeSession(states=(state,), legs=("left",), source="live").at(10.0 + step))
        assert rig.sounder.played == ["WARN", "CRAMP"] and rig.window.top.seen.isVisible()
        rig.click(rig.window.top.seen)
        assert rig.commands.asked == [("seen", "A7", "left")]
        rig.show(FakeSession(states=("OK",), legs=("left",), source="live").at(15.0))
        assert not rig.window.top.seen.isVisible()
        rig.window.next_sound()
        rig.window.next_sound()
        rig.show(FakeSession(states=("OK",), legs=("left",), source="live").at(100.0))
        rig.show(FakeSession(states=("CRAMP",), legs=("left",), source="live").at(201.0))
        assert rig.sounder.played == ["WARN", "CRAMP", "TEST"]
    assert rig.sounder.played[-1] == "closed"


def test_a_leg_that_leaves_range_is_heard_softly_once(app: object) -> None:
    with rigged(Wall) as rig:
        calm = FakeSession(states=("OK",), legs=("left",), source="live")
        for step, away in enumerate(((), (("A7", "left"),), (("A7", "left"),), ())):
            rig.show(replace(calm.at(10.0 + step), away=away))
        assert rig.sounder.played == ["AWAY"]


def test_a_replay_makes_no_alarm(app: object) -> None:
    sounder = Played()
    window = Dashboard(Commands(), wall=lambda: 1.0, sounder=sounder)
    window.show_snapshot(FakeSession(states=("CRAMP",), source="replay").at(10.0))
    assert sounder.played == []
    window.close()
