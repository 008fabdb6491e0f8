"""The scientist's window, offscreen: driven by clicks and keys through its main tasks."""

from __future__ import annotations

import csv
import errno
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from fake_study import fake_study
from pictures import keep
from pyqtgraph.Qt import QtCore, QtGui, QtTest, QtWidgets
from study_rig import Rig, panel
from waiting import until, wait

from monitor import shipped
from monitor.dashboard.scientist.dense import column_extremes, stroke
from monitor.dashboard.scientist.docks import menu_actions
from monitor.dashboard.scientist.export import export, table
from monitor.dashboard.scientist.over_time import View
from monitor.dashboard.scientist.panel import TimePanel
from monitor.dashboard.scientist.player import Player
from monitor.dashboard.scientist.spectra import mean_spectrum, spectrogram
from monitor.dashboard.scientist.window import Scientist
from monitor.dashboard.themes import THEMES, Theme
from monitor.errors import CrampwatchError
from monitor.warning.texts import COLD_TOO

KEY = QtCore.Qt.Key


@pytest.fixture
def rig(app: object) -> Iterator[Rig]:
    made = Rig()
    yield made
    made.window.close()
    made.window.deleteLater()
    QtWidgets.QApplication.processEvents()


@pytest.mark.timeout(180)
def test_from_opening_a_recording_to_the_cause_of_a_warning_in_under_five_clicks(app: object) -> None:
    window = Scientist([shipped.recording(Path("cramp"))])
    window.show()
    assert until(lambda: window.studies, 150.0), window.said.text()
    clicks, listed = 0, window.events.list
    row = next(i for i, each in enumerate(window.events.events) if each.urgent)
    place = listed.visualItemRect(listed.item(row)).center()
    QtTest.QTest.mouseClick(listed.viewport(), QtCore.Qt.MouseButton.LeftButton, pos=place)
    clicks += 1
    QtWidgets.QApplication.processEvents()
    change = next(change for change in window.leg.states if change.time_s == window.events.events[row].time_s)
    assert all(
        reason[1:].split(" -> ")[0] in window.events.cause.text().replace("\xa0", " ") for reason in change.reasons
    )
    wait(0.1)  # until the panels have taken their places
    assert until(lambda: "unknown" not in window.spectra.toolTip(), 10.0)
    assert window.player.cursor_s == window.events.events[row].time_s
    assert clicks < 5
    leg = window.leg
    assert abs(len(leg.filtered.time_s) - len(leg.emg.time_s)) <= 2 and len(leg.contractions) > 50
    assert np.isfinite(leg.seconds.reading_low).any()
    assert (leg.seconds.reading_low <= leg.seconds.reading)[np.isfinite(leg.seconds.reading_low)].all()
    keep(window, "scientist-cramp")
    window.close()


def test_all_panels_show_what_they_promise(rig: Rig) -> None:
    window = rig.take(fake_study())
    keys = [one.spec.key for one in window.over_time if isinstance(one, TimePanel)]
    assert keys == ["emg", "angle", "mdf", "compression", "signs", "points"]
    mdf = panel(window, "mdf").spec
    assert [level.name for level in mdf.levels] == ["baseline", "WATCH <", "clear >"] and mdf.bands
    assert panel(window, "angle").spec.zone == (-55.0, -10.0)
    assert len(panel(window, "emg").spec.shaded) == 48
    assert [each.what for each in window.events.events] == [
        "Learning your calf",
        "No pattern seen",
        "mark: stretch",
        "GM: motion",
        "Calf tiring",
        "Cramp risk pattern",
    ]


@pytest.mark.parametrize("theme", list(THEMES.values()), ids=list(THEMES))
def test_it_is_drawn_in_every_theme(app: object, theme: Theme) -> None:
    rig = Rig(theme)
    window = rig.take(fake_study())
    window.player_act(lambda player: player.zoom(0.1, 90.0))
    QtWidgets.QApplication.processEvents()
    keep(window, f"scientist-{theme.name.replace(' ', '-')}")
    window.close()


def test_spectra_that_were_skipped_while_the_cursor_moved_come_when_it_rests(rig: Rig) -> None:
    window = rig.take(fake_study())
    first = window.spectra.toolTip()
    window.go(100.0)
    assert window.spectra.toolTip() == first  # half a second has not passed
    rig.frame(0.6)
    assert window.spectra.toolTip() != first


def test_keys_move_zoom_play_and_loop(rig: Rig) -> None:
    window = rig.take(fake_study())
    player = window.player
    rig.key(KEY.Key_Right)
    rig.key(KEY.Key_Right, QtCore.Qt.KeyboardModifier.ShiftModifier)
    rig.key(KEY.Key_Left)
    assert player.cursor_s == pytest.approx(10.0)
    rig.key(KEY.Key_Up)
    assert player.span_s < 120.0
    rig.key(KEY.Key_Plus)
    rig.key(KEY.Key_Space)
    rig.frame(0.0)
    rig.frame(1.0)
    assert player.playing and player.cursor_s == pytest.approx(12.0)
    rig.key(KEY.Key_L)
    rig.frame(1.0)
    rig.key(KEY.Key_L)
    rig.frame(0.5)
    assert player.loop == pytest.approx((12.0, 14.0)) and 12.0 <= player.cursor_s <= 14.0
    rig.key(KEY.Key_Space)
    rig.key(KEY.Key_End)
    assert player.cursor_s == 120.0
    rig.key(KEY.Key_A)
    assert player.view.to_s - player.view.from_s == 120.0


def test_every_key_is_listed_and_does_something(rig: Rig) -> None:
    window = rig.take(fake_study())
    rig.key(KEY.Key_Question)
    told = {one.text() for one in window.help.findChildren(QtWidgets.QLabel)}
    assert told >= set(window.keys) and told >= {what for what, _ in window.keys.values()}
    window.help.close()
    for key, (_, act) in window.keys.items():
        if not key.startswith("Ctrl"):
            act()
    QtWidgets.QApplication.processEvents()
    assert window.isVisible()
    window.help.close()


def test_the_timeline_scrubs_and_a_click_on_a_panel_puts_the_cursor(rig: Rig) -> None:
    window = rig.take(fake_study())
    middle = QtCore.QPoint(window.timeline.width() // 2, 15)
    QtTest.QTest.mouseClick(window.timeline, QtCore.Qt.MouseButton.LeftButton, pos=middle)
    assert window.player.cursor_s == pytest.approx(60.0, abs=0.5)
    one = panel(window, "mdf")
    x = int(one.x_of(90.5))
    QtTest.QTest.mouseClick(one, QtCore.Qt.MouseButton.LeftButton, pos=QtCore.QPoint(x, one.height() // 2))
    assert window.player.cursor_s == pytest.approx(90.5, abs=0.3)
    told = {name: value for name, value, _ in one.values_at(90.5)}
    assert told["reading"] == "89.6 Hz" and told["MDF GM"] == "89.6 Hz"


@pytest.mark.parametrize("key", ["mdf", "compression"])
def test_where_the_fatigue_reading_stands_at_the_cursor_cold_is_named_too(rig: Rig, key: str) -> None:
    one = panel(rig.take(fake_study(channels=tuple(f"E{i}" for i in range(16)))), key)
    lines = [f"{name} {value}".strip() for name, value, _ in one.values_at(90.5)]
    assert lines[1] == COLD_TOO  # below the reading, above what many channels would push out of the panel
    assert "cold, by 3-4 % for each deg C" in one.told_at(90.5)
    assert "cold" not in panel(rig.window, "signs").told_at(90.5)


@pytest.mark.parametrize("key", ["emg", "mdf", "signs"])
def test_a_panel_that_scrolls_shows_what_one_painted_anew_does_and_paints_seldom(rig: Rig, key: str) -> None:
    window = rig.take(fake_study())
    one = panel(window, key)
    painted: list[float] = []
    paint = one.paint_content
    one.paint_content = lambda *about, vector: (painted.append(one.view_.from_s), paint(*about, vector=vector))  # type: ignore[method-assign]
    pixel_s, scrolled = 10.0 / one.area().width(), QtGui.QImage()
    for step in range(120):
        from_s = 30.0 + 8 * step * pixel_s
        one.show_view(View(from_s, from_s + 10.0, from_s + 7.5))
        scrolled = one.grab().toImage()
    assert len(painted) <= 5
    one.forget()
    anew = one.grab().toImage()
    shades = [np.frombuffer(each.constBits(), np.uint8).astype(int) for each in (scrolled, anew)]
    assert (np.abs(shades[0] - shades[1]) > 60).mean() < 0.01
    one.show_view(View(0.0, 10.0, 1.0))
    one.grab()
    assert painted[-1] == 0.0  # a jump is painted at once


def test_unknown_values_are_the_word(rig: Rig) -> None:
    window = rig.take(fake_study())
    told = {name: value for name, value, _ in panel(window, "mdf").values_at(10.0)}
    assert told["reading"] == "unknown"
    assert {value for _, value, _ in panel(window, "emg").values_at(50.2)} == {"unknown"}


def test_a_panel_hides_floats_and_exports(rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    window = rig.take(fake_study())
    docks = window.docks
    assert docks is not None
    rig.key(KEY.Key_3)
    assert docks.docks[2].isHidden()
    rig.key(KEY.Key_3)
    assert not docks.docks[2].isHidden()
    menu_actions(docks.docks[3])["Float or dock"].trigger()
    assert docks.docks[3].isFloating()
    menu_actions(docks.docks[3])["Float or dock"].trigger()
    for kind in ("png", "svg", "csv"):
        path = tmp_path / f"panel.{kind}"
        monkeypatch.setattr(QtWidgets.QFileDialog, "getSaveFileName", lambda *_, path=path: (str(path), ""))
        menu_actions(docks.docks[3])[f"Export {kind.upper()}"].trigger()
        assert path.stat().st_size > 500
    assert ElementTree.parse(tmp_path / "panel.svg").getroot().tag.endswith("svg")
    rows = list(csv.reader((tmp_path / "panel.csv").read_text(encoding="utf-8").splitlines()))
    assert rows[0] == ["time_s", "MDF_GM_Hz", "MDF_GL_Hz", "MDF_SOL_Hz", "reading_Hz"]
    assert rows[95][0] == "95" and float(rows[95][4]) == pytest.approx(89.0, abs=0.1)
    assert rows[10][4] == ""


def test_an_export_that_cannot_be_is_one_sentence(rig: Rig, tmp_path: Path) -> None:
    window = rig.take(fake_study())
    with pytest.raises(CrampwatchError, match="no ending of"):
        export(window.over_time[0], tmp_path / "panel.gif")
    with pytest.raises(CrampwatchError, match="no numbers"):
        export(window.over_time[0], tmp_path / "ribbon.csv")
    with pytest.raises(CrampwatchError, match="cannot write"):
        export(window.over_time[1], tmp_path / "no folder" / "panel.csv")
    assert len(table(window.spectra)[1]) > 50


def test_an_export_that_fails_leaves_the_older_one(rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_panel: object, path: Path) -> bool:
        path.write_text("half", encoding="utf-8")
        raise OSError(errno.ENOSPC, "No space left on device")

    window, old = rig.take(fake_study()), tmp_path / "panel.csv"
    old.write_text("old", encoding="utf-8")
    monkeypatch.setattr("monitor.dashboard.scientist.export._csv", full)
    with pytest.raises(CrampwatchError, match=r"cannot write .*panel\.csv: No space left"):
        export(window.over_time[1], old)
    assert [(path.name, path.read_text(encoding="utf-8")) for path in tmp_path.iterdir()] == [("panel.csv", "old")]


def test_a_changed_setting_recomputes_in_the_background_and_before_lies_over_after(rig: Rig) -> None:
    window = rig.take(fake_study())
    window.settings_table.set_value("trend.watch_level", 0.88)
    rig.key(KEY.Key_R, QtCore.Qt.KeyboardModifier.ControlModifier)
    path, settings = rig.asked[-1]
    assert path.name == "one.xdf" and settings is not None and settings.trend.watch_level == 0.88
    rig.take(fake_study(shift=-0.05))
    room_px = window.facts.width()
    window.said.setText("recomputed")
    QtWidgets.QApplication.processEvents()
    assert window.facts.width() < 0.8 * room_px, "the facts have all the room while nothing is said"
    names = [series.name for series in panel(window, "mdf").spec.series]
    assert "before" in names and "before dashed" in window.facts.text()
    window.settings_table.set_value("trend.watch_level", 7.0)
    window.settings_table.ask()
    assert "must lie between" in window.settings_table.said.text()


def test_an_edited_setting_and_a_recomputation_are_taken_back(rig: Rig) -> None:
    window = rig.take(fake_study())
    table, recorded = window.settings_table, window.study.settings
    table.set_value("trend.watch_level", 0.88)
    rig.key(QtCore.Qt.Key.Key_R, QtCore.Qt.KeyboardModifier.ControlModifier)
    assert rig.asked[-1][1] == recorded.changed({"trend.watch_level": 0.88})
    for _ in range(2):
        rig.key(QtCore.Qt.Key.Key_Z, QtCore.Qt.KeyboardModifier.ControlModifier)
    assert rig.asked[-1][1] == recorded
    table.ask()
    assert table.said.text() == "nothing has been changed"


def test_several_recordings_lie_over_each_other(rig: Rig) -> None:
    window = rig.take(fake_study())
    rig.key(KEY.Key_N)
    assert rig.asked[-1][0].name == "two.xdf"
    rig.take(fake_study(shift=0.03, file="two.xdf"))
    rig.key(KEY.Key_O)
    assert "one" in [series.name for series in panel(window, "mdf").spec.series]
    rig.key(KEY.Key_G)
    assert window.leg.leg == "right" and "one" in [s.name for s in panel(window, "points").spec.series]


def test_a_computation_that_fails_is_told_and_the_window_stays(app: object, tmp_path: Path) -> None:
    broken = tmp_path / "broken.xdf"
    broken.write_bytes(b"no recording at all")
    window = Scientist([broken])
    window.show()
    until(lambda: "Computing" not in window.said.text(), 10.0)
    assert "broken.xdf" in window.said.text()
    rig_keys = [act for _, act in window.keys.values()]
    for act in rig_keys[:15]:
        act()
    window.close()


def test_nothing_dense_loses_a_peak() -> None:
    time_s = np.arange(0, 10, 0.001)
    values = np.zeros(10_000)
    values[4321], values[7000:7100] = 80.0, np.nan
    columns, low, high = column_extremes(time_s, values, 0.0, 10.0, 500)
    assert len(columns) == 500 and high[216] == 80.0 and np.isnan(low[351])
    mask = np.zeros((101, 500), np.uint8)
    stroke(mask, (columns, low, high), -100.0, 100.0, 1)
    assert mask[10:51, 216].all() and not mask[:10, 216].any() and not mask[:, 351].any()
    assert mask[50].sum() == 500 - 4  # the first column of the hole still holds the value before it


def test_a_player_never_leaves_the_session() -> None:
    player = Player(100.0)
    player.go(500.0)
    assert player.cursor_s == 100.0 and player.view.to_s == 100.0
    player.playing, player.speed = True, 50.0
    player.advance(10.0)
    assert not player.playing
    player.zoom(1e9, 50.0)
    assert player.view.from_s == 0.0 and player.view.to_s == 100.0


def test_spectra_find_the_frequency_that_is_there() -> None:
    leg = fake_study(20.0, ("GM",)).legs[0]
    time_s = leg.emg.time_s
    tone = np.sin(2 * np.pi * 90 * time_s).astype(np.float32)[:, None]
    trace = type(leg.emg)(time_s, tone)
    found = mean_spectrum(trace, 0, leg.contractions)
    assert found is not None and found[0][np.argmax(found[1])] == pytest.approx(90, abs=4)
    assert mean_spectrum(trace, 0, leg.contractions[:0]) is None
    levels = spectrogram(trace, 0)
    assert levels is not None and np.argmax(levels[:, 40]) == pytest.approx(len(levels) * (1 - 70 / 430), abs=3)
