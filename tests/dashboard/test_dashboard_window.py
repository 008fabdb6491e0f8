"""The whole window, offscreen: its words in every state, its keys and buttons, and when it says that it is old."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from fakes import STATES, FakeSession, bare_leg, fake_leg
from pyqtgraph.Qt import QtCore, QtWidgets
from rigs import Rig, rigged

from monitor.dashboard.states import STATES as LOOKS
from monitor.dashboard.themes import DARK, HIGH_CONTRAST, LIGHT
from monitor.dashboard.window import Dashboard, scale_for
from monitor.snapshot import LegView, Snapshot, Trace
from monitor.warning.texts import FOOT


@pytest.fixture
def rig(app: object) -> Iterator[Rig]:
    with rigged(Dashboard) as made:
        yield made


def said(window: QtWidgets.QWidget) -> str:
    """All text that the window's labels say."""
    parts = [*window.findChildren(QtWidgets.QLabel), *window.findChildren(QtWidgets.QWidget)]
    return "\n".join(part.text() for part in parts if hasattr(part, "text") and isinstance(part.text(), str))


@pytest.mark.parametrize("state", STATES)
def test_every_state_is_shown_with_its_word_and_reason(rig: Rig, state: str) -> None:
    snapshot = FakeSession(states=(state,)).at(200.0)
    window = rig.show(snapshot)
    for panel, leg in zip(window.panels, snapshot.legs, strict=True):
        assert panel.band.text().look == LOOKS[state]
        assert panel.reason.text().replace("\xa0", " ") == leg.reasons[0]
        assert LOOKS[state].sentence in panel.band.accessibleName()
        assert "2 min 14 s" in panel.band.text().since
    assert FOOT in said(window)


def test_calibration_shows_its_progress_and_no_numbers_that_are_not_there(rig: Rig) -> None:
    panel = rig.show(FakeSession(states=("CALIBRATING",)).at(60.0)).panels[0]
    assert panel.band.text().progress == pytest.approx(0.42)
    assert panel.band.text().action == "baseline gathered: 42 %"
    assert panel.all_tile.text().startswith("MDF unknown")


def test_the_two_readings_stand_side_by_side_with_value_and_count(rig: Rig) -> None:
    panel = rig.show(FakeSession(states=("WARN",)).at(100.0)).panels[0]
    assert panel.all_tile.text() == "MDF 101 → 86 Hz (\N{MINUS SIGN}15 %); 400 contraction frames"
    assert panel.short_tile.text() == "MDF 101 → 85 Hz (\N{MINUS SIGN}16 %); 150 contraction frames"
    assert panel.points.text() == "fatigue 2  quiet 1  twitches 1 = 4"


def test_unknown_is_unknown_everywhere(rig: Rig) -> None:
    blank = replace(
        FakeSession(legs=("left",)).at(30.0).links[0], age_s=None, rate_hz=None, loss_fraction=None, battery=None
    )
    snapshot = replace(FakeSession().at(30.0), legs=(bare_leg(),), links=(blank,), recording="")
    window = rig.show(snapshot)
    panel = window.panels[0]
    assert panel.points.text() == "points unknown"
    assert panel.angle.fact.text() == "unknown"
    assert panel.emg.note.text() == "signal quality unknown"
    assert panel.all_tile.text() == "MDF unknown; 0 contraction frames, too few lately"
    assert "no packet yet" in window.links.cards[0].text()
    assert "rate, loss, battery unknown" in window.links.cards[0].text()
    assert "not recording" in window.top.detail.text()


def _all_nan(leg: LegView) -> LegView:
    def lost(trace: Trace) -> Trace:
        return Trace(trace.time_s, np.full(trace.values.shape, np.nan))

    traces = {name: lost(getattr(leg, name)) for name in ("emg", "envelope", "contraction", "angle", "mdf", "trend")}
    return replace(leg, score=np.nan, baseline_hz=np.nan, watch_hz=np.nan, clear_hz=np.nan, **traces)


@pytest.mark.parametrize("channels", [(), ("GM",), ("GM", "GL"), tuple("ABCDEFGH")])
def test_lost_samples_and_any_number_of_channels_are_drawn(rig: Rig, channels: tuple[str, ...]) -> None:
    for leg in (fake_leg("A7", "left", "OK", 40.0, channels), _all_nan(fake_leg("A7", "left", "OK", 40.0, channels))):
        window = rig.show(replace(FakeSession().at(40.0), legs=(leg,)))
        assert not window.grab().isNull()


def test_a_session_without_legs_waits(rig: Rig) -> None:
    window = rig.show(Snapshot(0.0, 1.0, "live", "", simulated=False))
    assert "Waiting for the first data." in said(window)
    assert "No sensors in this session." in said(window)


def test_the_simulated_mark_is_there_whenever_it_is_simulated(rig: Rig) -> None:
    assert rig.show(FakeSession().at(10.0)).top.simulated.isVisible()
    assert not rig.show(replace(FakeSession().at(10.1), simulated=False)).top.simulated.isVisible()


def test_keys_and_buttons_note_and_ctrl_z_takes_it_back(rig: Rig) -> None:
    window = rig.show(FakeSession(speed=1.0).at(10.0))
    for key in "MCS":
        rig.key(getattr(QtCore.Qt.Key, f"Key_{key}"))
    assert rig.commands.asked == [("mark", "marker"), ("mark", "cramp"), ("mark", "stretch")]
    for button in window.top.marks.values():
        rig.click(button)
    rig.key(QtCore.Qt.Key.Key_Z, QtCore.Qt.KeyboardModifier.ControlModifier)
    rig.click(window.undo.button)
    assert rig.commands.asked[3:] == [*rig.commands.asked[:3], ("unmark", "stretch"), ("unmark", "cramp")]
    assert window.undo.said.text() == "Undone: Noted at 0:10: cramp"


def test_of_several_athletes_the_note_names_the_one_who_is_shown(rig: Rig) -> None:
    rig.show(FakeSession(athletes=("A7", "B2"), source="live").at(10.0))
    rig.key(QtCore.Qt.Key.Key_C)
    rig.key(QtCore.Qt.Key.Key_M)
    assert rig.commands.asked == [("mark", "cramp: A7"), ("mark", "marker")]


def test_a_live_session_has_no_speed_and_no_pause(rig: Rig) -> None:
    window = rig.show(FakeSession(source="live").at(10.0))
    assert window.player is None
    rig.key(QtCore.Qt.Key.Key_Plus)
    rig.key(QtCore.Qt.Key.Key_Space)
    assert rig.commands.asked == []


def test_stop_and_the_baselines_orders_ask_once_more(rig: Rig) -> None:
    window = rig.show(FakeSession().at(10.0))
    buttons = [*window.panels[1].baseline.values(), window.top.stop]
    for button in buttons:
        button.click()
    assert rig.commands.asked == []
    for button in buttons:
        button.click()
    assert rig.commands.asked == [(o, "A7", "right") for o in ("restart", "refit", "freeze")] + [("stop",)]
    rig.show(FakeSession().at(10.2))
    assert window.notice.text().startswith("Stopped.")


def test_closing_stops_the_session_once(rig: Rig) -> None:
    window = rig.show(FakeSession().at(10.0))
    window.stop()
    window.close()
    window.close()
    assert rig.commands.asked == [("stop",)]


def test_a_frozen_picture_cannot_be_taken_for_a_quiet_calf(rig: Rig) -> None:
    snapshot = FakeSession(states=("OK",)).at(10.0)
    window = rig.show(snapshot)
    assert window.notice.isHidden()
    rig.wall_s += 0.9
    rig.show(snapshot)
    assert window.notice.isHidden()
    rig.wall_s += 2.2
    rig.show(snapshot)
    assert window.notice.text() == "Nothing new for 3 s: what you see is old."
    assert window.notice.isVisible()
    for panel in window.panels:
        assert panel.band.text().look.headline == "Not updating"
        assert all(plot.veil.text() == "Not updating" for plot in (panel.emg, panel.angle, panel.trend))
    assert all("Not updating" in card.text() for card in window.links.cards)
    rig.show(FakeSession(states=("OK",)).at(10.5))
    assert window.notice.isHidden()
    assert window.panels[0].band.text().look == LOOKS["OK"]
    assert window.panels[0].emg.veil.text() == ""


def test_the_veil_takes_the_colour_out_of_the_plot(rig: Rig) -> None:
    def colourfulness(window: Dashboard) -> float:
        image = window.panels[0].emg.grab().toImage()
        colours = [image.pixelColor(x, y) for x in range(0, image.width(), 3) for y in range(24, image.height(), 2)]
        return float(np.mean([c.hsvSaturation() > 80 and c.value() > 90 for c in colours]))

    snapshot = FakeSession(states=("OK",)).at(20.0)
    rig.show(snapshot)
    fresh = colourfulness(rig.show(FakeSession(states=("OK",)).at(20.1)))
    rig.wall_s += 5.0
    assert colourfulness(rig.show(FakeSession(states=("OK",)).at(20.1))) < 0.5 * fresh


def test_a_silent_sensor_greys_out_its_own_plots_only(rig: Rig) -> None:
    snapshot = FakeSession(speed=1.0).at(30.0)
    links = (replace(snapshot.links[0], role="A7 left: EMG GM", link="lost", age_s=4.0), *snapshot.links[1:])
    window = rig.show(replace(snapshot, links=links))
    left, right = window.panels
    assert left.emg.veil.text() == "No data for 4 s (EMG GM)"
    assert left.angle.veil.text() == "" and right.emg.veil.text() == ""
    assert "Lost" in window.links.cards[0].text()


def test_each_athlete_has_a_tab_and_it_chooses_the_legs(rig: Rig) -> None:
    session = FakeSession(athletes=("A7", "B2", "C3"), states=("OK", "WATCH"))
    window = rig.show(session.at(20.0))
    assert [window.tabs.tabText(i) for i in range(3)] == ["A7", "B2", "C3"]
    window.tabs.setCurrentIndex(1)
    QtWidgets.QApplication.processEvents()
    window = rig.show(session.at(20.1))
    assert all(panel.band.text().name.startswith("B2") for panel in window.panels)
    assert all("B2" in card.text() for card in window.links.cards)
    assert window.tabs.tabToolTip(2) == "Calf tiring"


def test_the_theme_changes_by_key(rig: Rig) -> None:
    window = rig.show(FakeSession().at(10.0))
    rig.key(QtCore.Qt.Key.Key_T)
    assert window.centralWidget().grab().toImage().pixelColor(2, 2).name().upper() == LIGHT.background
    rig.key(QtCore.Qt.Key.Key_T)
    assert window.centralWidget().grab().toImage().pixelColor(2, 2).name().upper() == HIGH_CONTRAST.background
    rig.key(QtCore.Qt.Key.Key_T)
    assert window.centralWidget().grab().toImage().pixelColor(2, 2).name().upper() == DARK.background


def test_a_larger_window_has_larger_type() -> None:
    assert [scale_for(*size) for size in ((1100, 700), (1280, 800), (1920, 1080), (3840, 2160))] == [1, 1, 1.25, 2]


def test_markers_notes_and_drops_stand_in_the_last_line(rig: Rig) -> None:
    changes = {"notes": ("The radio is slow.",), "dropped": 3}
    window = rig.show(FakeSession(markers=((8.0, "cramp"),), changes=changes).at(10.0))
    assert window.notice.text() == "The radio is slow."
    assert "last mark: cramp at 0:08" in window.foot.text()
    assert "3 updates skipped" in window.foot.text()
