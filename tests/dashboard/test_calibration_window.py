"""The set-up's calibration over two simulated calves, from standing still to the verdict, in session time."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from pictures import keep
from pyqtgraph.Qt import QtCore, QtTest, QtWidgets

from monitor import shipped
from monitor.acquisition.seating import Seat
from monitor.dashboard.setup.desk import Desk
from monitor.dashboard.setup.rehearsing import CalibrationStep, SignalStep
from monitor.dashboard.setup.window import SetUpWindow
from monitor.events import Event, Marker
from monitor.keeping import session_from_header
from monitor.markers import calibrate_marker
from monitor.recording.replay import RecordingSource
from monitor.session import Session
from monitor.snapshot import Snapshot
from monitor.team import Team
from monitor.view import snapshot


@dataclass
class Seated:
    """A team that sits already."""

    session: Session
    taken: dict[Seat, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for athlete in self.session.team.athletes:
            for sensor in athlete.sensors:
                self.taken |= {Seat(athlete.name, sensor.leg, role): sensor.match for role in sensor.roles}

    def team(self) -> Team:
        return self.session.team


class Rehearsed:
    """A bench whose rehearsal is a simulated session that the test lets go on."""

    def __init__(self, events: Iterator[Event], session: Session) -> None:
        self._events, self._session = events, session
        self.seating, self.found, self.rehearsal, self.stored = Seated(session), [], self, {}

    @property
    def snapshot(self) -> Snapshot:
        told = {"speed": 1.0, "source": "live", "title": "Rehearsal", "simulated": True}
        return snapshot(self._session, curves=False, **told)

    def go_on(self, to_s: float) -> None:
        while self._session.now_s < to_s:
            self._session.feed(next(self._events))

    def calibrate(self, team: Team) -> None:
        for leg in self._session.legs:
            self._session.feed(Marker(self._session.now_s, calibrate_marker(leg.athlete, leg.leg)))

    def close(self) -> None:
        pass


@dataclass
class Rig:
    bench: Rehearsed
    window: SetUpWindow
    step: CalibrationStep
    second: int = 0

    def second_later(self) -> int | None:
        """Which of the three phases is lit then, None = none."""
        self.second += 1
        self.bench.go_on(self.second)
        self.window.tick()
        QtWidgets.QApplication.processEvents()
        lit = [place for place, box in enumerate(self.step.phases) if box.property("now") == "now"]
        assert len(lit) <= 1
        return lit[0] if lit else None


@pytest.fixture
def rig(app: object, tmp_path: Path) -> Iterator[Rig]:
    with RecordingSource(shipped.recording(Path("both-legs")), speed=None) as source:
        bench = Rehearsed(iter(source), session_from_header(source.header))
        window = SetUpWindow(lambda did: Desk(bench, tmp_path / "team.toml", did))  # type: ignore[arg-type]
        window._timer.stop()
        signals = window.steps[4]
        assert isinstance(signals, SignalStep)
        signals._team = bench.seating.team()  # it rehearses already
        window.show()
        window.go(5)
        assert isinstance(window.step, CalibrationStep)
        yield Rig(bench, window, window.step)
        window.close()
        window.deleteLater()
        QtWidgets.QApplication.processEvents()


def test_it_leads_from_standing_over_pumping_to_walking_and_gives_a_verdict_on_each_ankle(rig: Rig) -> None:
    step = rig.step
    rig.window.go(6)
    assert not step.done  # gone past, and its mark at the left stays open
    rig.window.go(5)
    assert rig.second_later() is None  # nobody has pressed yet
    QtTest.QTest.mouseClick(step.go, QtCore.Qt.MouseButton.LeftButton)
    phases, prompts, shares = [], [], []
    while "2 of 2 ankles" not in step.said.text() and rig.second < 60:
        phases.append(rig.second_later())
        prompts.append(step.said.text())
        shares.append(step.bar.share)
        if rig.second == 20:
            keep(rig.window, "setup-calibration")
    asked = [phase for phase, _ in itertools.groupby(phase for phase in phases if phase is not None)]
    assert asked == [0, 1, 2] and phases[-1] is None
    for words in ("stand still", "now pump the ankle, toes down first", "now walk"):
        assert any(f"left: {words}" in prompt for prompt in prompts)
    assert 20 < rig.second < 50  # forty seconds, as the page says
    assert shares == sorted(shares) and shares[-1] == 1.0
    assert step.said.text() == "2 of 2 ankles are calibrated."
    assert [line.text().split(": ")[1][:13] for line in step.list.rows] == ["calibrated at"] * 2
    assert not rig.window.missing.text() and step.done

    rig.window.activateWindow()
    QtTest.QTest.keyClick(rig.window, QtCore.Qt.Key.Key_Return)
    assert rig.second_later() == 0  # once more from the beginning: the verdict is forgotten
    assert "stand still" in step.said.text() and step.bar.share < 0.5
