"""The whole window, offscreen: its words in every state, its keys and buttons, and when it says that it is old."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from fakes import STATES, FakeSession, bare_leg, fake_leg
from pyqtgraph.Qt import QtCore, QtTest, QtWidgets

from monitor.dashboard.levels import spread
from monitor.dashboard.live_plots import emg_step_uv
from monitor.dashboard.states import DISCLAIMER
from monitor.dashboard.states import STATES as LOOKS
from monitor.dashboard.themes import DARK, HIGH_CONTRAST, LIGHT
from monitor.dashboard.top_bar import next_speed
from monitor.dashboard.trend_plot import frequency_range_hz, span_min
from monitor.dashboard.window import Dashboard, scale_for
from monitor.snapshot import LegView, Snapshot, Trace


class Commands:
    """Controls that write down what was asked. can_replay: whether speed and pause exist."""

    def __init__(self, can_replay: bool = True) -> None:
        self.asked: list[tuple[object, ...]] = []
        self.set_speed: Callable[[float], None] | None = self._speed if can_replay else None
        self.pause: Callable[[bool], None] | None = self._pause if can_replay else None

    def _speed(self, speed: float) -> None:
        self.asked.append(("speed", speed))

    def _pause(self, held: bool) -> None:
        self.asked.append(("pause", held))

    def mark(self, text: str) -> None:
        self.asked.append(("mark", text))

    def stop(self) -> None:
        self.asked.append(("stop",))

    def restart_baseline(self, athlete: str, leg: str) -> None:
        self.asked.append(("baseline", athlete, leg))


class Rig:
    """A window, its controls and the wall clock that it reads."""

    def __init__(self, can_replay: bool = True) -> None:
        self.wall_s = 1000.0
        self.commands = Commands(can_replay)
        self.window = Dashboard(self.commands, wall=lambda: self.wall_s)

    def show(self, snapshot: Snapshot) -> Dashboard:
        self.window.show_snapshot(snapshot)
        if not self.window.isVisible():
            self.window.show()
            self.window.activateWindow()
        QtWidgets.QApplication.processEvents()
        return self.window

    def key(self, key: QtCore.Qt.Key) -> None:
        QtTest.QTest.keyClick(self.window, key)
        QtWidgets.QApplication.processEvents()


@pytest.fixture
def rig(app: object) -> Iterator[Rig]:
    made = Rig()
    yield made
    made.window.close()
    made.window.deleteLater()
    QtWidgets.QApplication.processEvents()


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
    assert DISCLAIMER in said(window)


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


def test_keys_reach_the_controls(rig: Rig) -> None:
    rig.show(FakeSession(speed=1.0).at(10.0))
    for key in "MCS+-":
        rig.key(getattr(QtCore.Qt.Key, {"+": "Key_Plus", "-": "Key_Minus"}.get(key, f"Key_{key}")))
    rig.key(QtCore.Qt.Key.Key_Space)
    rig.key(QtCore.Qt.Key.Key_Space)
    assert rig.commands.asked == [
        ("mark", "marker"),
        ("mark", "cramp"),
        ("mark", "stretch"),
        ("speed", 2.0),
        ("speed", 0.5),
        ("pause", True),
        ("pause", False),
    ]


def test_buttons_reach_the_controls(rig: Rig) -> None:
    window = rig.show(FakeSession().at(10.0))
    for button in (*window.top.marks.values(), window.top.pause, window.top.faster, window.top.slower):
        button.click()
    assert [ask[0] for ask in rig.commands.asked] == ["mark", "mark", "mark", "pause", "speed", "speed"]


def test_a_live_session_has_no_speed_and_no_pause(app: object) -> None:
    rig = Rig(can_replay=False)
    window = rig.show(FakeSession(source="live").at(10.0))
    assert not any(button.isVisible() for button in (window.top.pause, window.top.faster, window.top.slower))
    rig.key(QtCore.Qt.Key.Key_Plus)
    rig.key(QtCore.Qt.Key.Key_Space)
    assert rig.commands.asked == []
    window.close()


def test_stop_and_new_baseline_ask_once_more(rig: Rig) -> None:
    window = rig.show(FakeSession().at(10.0))
    window.panels[1].restart.click()
    window.top.stop.click()
    assert rig.commands.asked == []
    window.panels[1].restart.click()
    window.top.stop.click()
    assert rig.commands.asked == [("baseline", "A7", "right"), ("stop",)]
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


def test_a_paused_or_ended_replay_is_not_frozen_but_says_so(rig: Rig) -> None:
    snapshot = FakeSession(source="replay").at(10.0)
    window = rig.show(snapshot)
    window.top.pause.click()
    rig.wall_s += 60.0
    rig.show(snapshot)
    assert window.notice.text().startswith("Paused")
    assert window.panels[0].emg.veil.text() == ""
    window.top.pause.click()
    rig.show(replace(snapshot, ended=True))
    assert window.notice.text() == "The recording has ended."
    assert window.panels[0].band.text().look == LOOKS["OK"]


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


def test_the_theme_changes_by_key_and_a_pause_survives_it(rig: Rig) -> None:
    window = rig.show(FakeSession(source="replay").at(10.0))
    window.top.pause.click()
    rig.key(QtCore.Qt.Key.Key_T)
    assert window.centralWidget().grab().toImage().pixelColor(2, 2).name().upper() == LIGHT.background
    assert window.top.paused
    rig.key(QtCore.Qt.Key.Key_T)
    assert window.centralWidget().grab().toImage().pixelColor(2, 2).name().upper() == HIGH_CONTRAST.background
    rig.key(QtCore.Qt.Key.Key_T)
    assert window.centralWidget().grab().toImage().pixelColor(2, 2).name().upper() == DARK.background


def test_a_larger_window_has_larger_type() -> None:
    assert [scale_for(*size) for size in ((1100, 700), (1280, 800), (1920, 1080), (3840, 2160))] == [1, 1, 1.25, 2]


def test_the_speed_ladder() -> None:
    assert next_speed(1.0, 1) == 2.0 and next_speed(100.0, 1) == 100.0
    assert next_speed(3.0, -1) == 2.0 and next_speed(0.5, -1) == 0.5 and next_speed(float("inf"), -1) == 100.0


def test_markers_notes_and_drops_stand_in_the_last_line(rig: Rig) -> None:
    changes = {"notes": ("The radio is slow.",), "dropped": 3}
    window = rig.show(FakeSession(markers=((8.0, "cramp"),), changes=changes).at(10.0))
    assert "The radio is slow." in window.foot.text()
    assert "last mark: cramp at 0:08" in window.foot.text()
    assert "3 updates skipped" in window.foot.text()


def test_the_trend_axes_grow_in_steps_and_keep_the_thresholds_in_view() -> None:
    assert [span_min(seconds) for seconds in (0.0, 119.0, 121.0, 3600.0, 90000.0)] == [2, 2, 5, 60, 2880]
    assert frequency_range_hz(100.0, np.array([np.nan])) == (70, 110)
    assert frequency_range_hz(None, np.array([])) == (60, 120)
    low, high = frequency_range_hz(100.0, np.full(50, 48.0))
    assert low == 40 and high == 110


def test_names_of_levels_never_lie_on_each_other() -> None:
    assert spread([93.0, 95.0, 101.0], 6.0) == pytest.approx([90 + 1 / 3, 96 + 1 / 3, 102 + 1 / 3])
    assert spread([60.0, 95.0], 6.0) == [60.0, 95.0]
    assert spread([], 6.0) == []


def test_the_emg_scale_steps_up_at_once_and_down_only_when_far_below() -> None:
    assert emg_step_uv(np.array([-180.0, 90.0]), 50.0) == 200.0
    assert emg_step_uv(np.array([100.0]), 200.0) == 200.0
    assert emg_step_uv(np.array([40.0]), 200.0) == 50.0
    assert emg_step_uv(np.array([np.nan]), 200.0) == 200.0
    assert emg_step_uv(np.empty((0, 2)), 70.0) == 70.0


def test_a_recording_that_plays_cannot_be_marked_or_given_another_baseline(rig: Rig) -> None:
    window = rig.show(FakeSession(source="replay").at(10.0))
    rig.key(QtCore.Qt.Key.Key_C)
    window.top.marks["cramp"].click()
    window.panels[0].restart.click()
    window.panels[0].restart.click()
    assert rig.commands.asked == []
