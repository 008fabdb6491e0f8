"""The set-up, driven by clicks and keys over virtual sensors: from nothing to a team that can be monitored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fakes import FakeSession, bare_leg
from pictures import keep
from pyqtgraph.Qt import QtCore, QtWidgets
from setup_rig import SetUpRig

from monitor.acquisition.seating import Seat
from monitor.cli.setup import fresh
from monitor.dashboard.setup.calf_picture import MOTION, SITES, CalfPicture, site_text
from monitor.dashboard.setup.rehearsing import calibration_line, phase_of, signal_lines
from monitor.dashboard.setup.seating import SeatingStep
from monitor.dashboard.themes import DARK, Style
from monitor.snapshot import Snapshot
from monitor.team import Athlete, Sensor, Team, load_team

KEY, CTRL, ALT = QtCore.Qt.Key, QtCore.Qt.KeyboardModifier.ControlModifier, QtCore.Qt.KeyboardModifier.AltModifier
EARLIER = Team(
    athletes=(
        Athlete(
            name="B2",
            sensors=(
                Sensor(
                    match="uMyo-1", profile="umyo", leg="right", roles=("emg", "shank"), channels=("GL",), placement="p"
                ),
                Sensor(match="WT-1", profile="witmotion", leg="right", roles=("foot",)),
            ),
        ),
    )
)


@pytest.fixture
def rig(app: object, tmp_path: Path) -> Iterator[SetUpRig]:
    made = SetUpRig(tmp_path / "team.toml")
    yield made
    made.window.close()
    made.window.deleteLater()
    QtWidgets.QApplication.processEvents()


def test_a_coach_sets_a_team_up(rig: SetUpRig, tmp_path: Path) -> None:
    window, step = rig.window, rig.window.steps[3]
    assert isinstance(step, SeatingStep)
    rig.to_the_seats()
    assert "no sensor has been given" in window.missing.text() and not window.next_button.isEnabled()
    assert step.go.text() == "Hold still now"
    rig.click(step.go)
    rig.idle()
    assert step.what.text().startswith("Tense A1's left calf hard")
    rig.move("uMyo-2")
    rig.key(KEY.Key_Return)
    rig.idle()
    assert step.what.text() == "It is uMyo-2." and step._bars.count() == 2
    keep(window, "setup-verdict")
    rig.move("")
    rig.click(step.go)
    taken = rig.bench.seating.taken
    assert taken == {Seat("A1", "left", "emg"): "uMyo-2", Seat("A1", "left", "shank"): "uMyo-2"}
    assert step.rows[0].muscle.currentText() == "GM" and not step.rows[1].muscle.isVisible()
    step.rows[0].muscle.textActivated.emit("SOL")
    window.tick()
    assert "2/3 of the line" in step.rows[0].muscle.toolTip()
    rig.click(step.go)
    rig.idle()
    assert step.said.text().startswith("Not clear")
    step.rows[2].choice.textActivated.emit("WT-1")
    rig.click(step.skip)
    while step.seat is not None:
        rig.click(step.skip)
    assert step.what.text() == "All seats that can be filled are filled." and not window.missing.text()
    rig.click(window.next_button)
    rig.until(lambda: rig.bench.rehearsal is not None)
    rig.until(lambda: "A1 left" in window.steps[4].list.rows[0].text())
    keep(window, "setup-signals")
    for _ in range(2):
        rig.key(KEY.Key_Right, ALT)
    rig.click(window.steps[6].chips["surface"]["turf"])
    rig.click(window.steps[6].chips["weather"]["hot"])
    rig.key(KEY.Key_Z, CTRL)
    rig.click(window.next_button)
    assert window.steps[7].list.rows[0].text() == "A1: left: uMyo-2 (EMG SOL, shank)  ·  left: WT-1 (foot)"
    keep(window, "setup-save")
    rig.click(window.steps[7].wall)
    done = window.done
    assert done is not None and done.then == "wall" and done.record
    assert done.journal is not None and done.journal.to_dict() == {"surface": ["turf"]}
    assert load_team(tmp_path / "team.toml") == done.team
    assert {(s.match, s.channels, s.roles) for s in done.team.athletes[0].sensors} == {
        ("uMyo-2", ("SOL",), ("emg", "shank")),
        ("WT-1", (), ("foot",)),
    }
    assert ("A1", "left") in done.stored


def test_the_second_time_one_click_seats_all_as_before_and_one_takes_it_back(app: object, tmp_path: Path) -> None:
    rig = SetUpRig(tmp_path / "team.toml", EARLIER)
    assert [(person.name, person.legs) for person in rig.window.desk.people] == [("B2", ("right",))]
    rig.to_the_seats()
    step = rig.window.steps[3]
    rig.click(step.earlier)
    assert rig.bench.seating.team() == EARLIER  # with the muscle, and whatever else was written down of a sensor
    rig.window.tick()
    assert step.rows[0].muscle.currentText() == "GL"
    assert rig.window.undo.said.text() == "3 seats as last time"
    rig.click(rig.window.undo.button)
    assert rig.bench.seating.taken == {}
    rig.window.close()


def test_a_muscle_is_named_or_left_open_and_taken_back(app: object, tmp_path: Path) -> None:
    rig = SetUpRig(tmp_path / "team.toml", EARLIER)
    rig.to_the_seats()
    step = rig.window.steps[3]
    rig.click(step.earlier)
    step.rows[0].muscle.textActivated.emit("muscle?")
    assert rig.bench.seating.team().athletes[0].sensors[0].channels == ()
    rig.key(KEY.Key_Z, CTRL)
    assert rig.bench.seating.team() == EARLIER
    rig.window.close()


def test_people_come_and_go_and_come_back(rig: SetUpRig) -> None:
    window, step = rig.window, rig.window.steps[0]
    rig.key(KEY.Key_Return)
    rig.click(step.add_ten)
    assert len(window.desk.people) == 12 and len({person.name for person in window.desk.people}) == 12
    step.rows[0].name.setText("")
    step.rows[0].name.textEdited.emit("")
    window.tick()
    assert window.missing.text() == "every athlete needs a pseudonym"
    rig.click(window.next_button)
    assert window.step is step
    rig.click(step.rows[0].remove)
    QtWidgets.QApplication.processEvents()
    assert len(window.desk.people) == 11 and window.undo.isVisible()
    rig.key(KEY.Key_Z, CTRL)
    assert len(window.desk.people) == 12
    rig.click(step.rows[0].remove)
    QtWidgets.QApplication.processEvents()
    for leg in step.rows[3].legs.values():
        rig.click(leg)
    assert window.missing.text() == f"choose a leg of {window.desk.people[3].name}"


def test_with_no_sensor_in_range_it_says_what_to_do(rig: SetUpRig) -> None:
    rig.room.names = {}
    rig.click(rig.window.next_button)
    rig.click(rig.window.next_button)
    rig.until(lambda: rig.window.desk.problem)
    assert "is it switched on" in rig.window.steps[2].said.text()
    assert rig.window.missing.text() == "look for sensors first"


@pytest.mark.parametrize("theme", ["light", "high contrast", "dark"])
def test_another_theme_keeps_the_place_and_what_was_typed(rig: SetUpRig, theme: str) -> None:
    rig.click(rig.window.steps[0].add)
    while rig.window.theme.name != theme:
        rig.key(KEY.Key_T, CTRL)
    assert [row.name.text() for row in rig.window.steps[0].rows] == ["A1", "A2"]
    rig.click(rig.window.next_button)
    keep(rig.window, f"setup-placement-{theme}")
    assert not rig.window.grab().isNull()


def test_every_place_is_drawn_and_said(app: object) -> None:
    picture, seen = CalfPicture(Style(DARK, 1.0)), set()
    picture.resize(300, 460)
    for site in (*SITES, *MOTION):
        for side in ("left", "right"):
            picture.show_site(site, side)
            assert site_text(site) in picture.accessibleName()
            seen.add(picture.grab().toImage().cacheKey() and bytes(picture.grab().toImage().constBits()))
    assert len(seen) == 10
    assert "most prominent bulge" in site_text("GM")


def test_signals_are_told_channel_by_channel() -> None:
    told = {name: said for _, name, said in signal_lines(FakeSession(states=("WATCH", "OK")).at(20.0))}
    assert told["A7 left GL"].startswith("GL: mains hum is 34")
    assert told["A7 left GM"] == told["A7 right GL"] == "good signal"
    silent = Snapshot(1.0, 1.0, "live", "", simulated=False, legs=(replace(bare_leg(), channels=()),))
    assert signal_lines(silent)[0][2] == "waiting for the first EMG"


@pytest.mark.parametrize(
    ("note", "share", "source", "phase", "said"),
    [
        ("calibrating: stand still: 3 of 5 s", 0.1, "none", 0, "stand still: 3 of 5 s"),
        ("calibrating: now pump the ankle, toes down first: 2 of 6 s", 0.3, "none", 1, "now pump"),
        ("calibrating: now walk: 4 of 10 s", 0.7, "none", 2, "now walk"),
        ("shank moved; calibrating: now walk: 4 of 10 s; gating is off", 0.7, "none", 2, "now walk: 4 of 10 s"),
        ("calibrated at 12-52 s", None, "imu", 3, "calibrated at 12"),
        ("no ankle angle: nobody stood still for 5 s", None, "none", 3, "no ankle angle: nobody stood still"),
    ],
)
def test_a_calibration_tells_what_to_do_and_its_verdict(
    note: str, share: float | None, source: str, phase: int, said: str
) -> None:
    leg = replace(bare_leg(), angle_note=note, calibrated_share=share, angle_source=source)
    assert phase_of(note) == phase
    assert calibration_line(leg)[2].startswith(said)


def test_an_old_file_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "team.toml"
    assert fresh(path) == path
    path.touch()
    (tmp_path / "team-2.toml").touch()
    assert fresh(path) == tmp_path / "team-3.toml"
