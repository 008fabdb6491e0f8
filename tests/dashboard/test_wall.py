"""The wall, offscreen: sizes in millimetres, clicks and keys, what is old or lost, screens that go away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from fakes import FakeSession
from pictures import keep
from pyqtgraph.Qt import QtCore, QtGui, QtTest, QtWidgets
from rigs import NAMES, Rig, rigged, squad_session

from monitor.dashboard.alarms import SquadSound
from monitor.dashboard.states import NOT_UPDATING
from monitor.dashboard.states import STATES as LOOKS
from monitor.dashboard.wall import Wall, squad_layout
from monitor.dashboard.wall_layout import CAPITAL_MM, mm_per_px
from monitor.snapshot import Snapshot


@pytest.fixture
def rig(app: object) -> Iterator[Rig]:
    with rigged(Wall) as made:
        yield made


def ink_height(tile: QtWidgets.QWidget, lit: float) -> int:
    """How many rows of pixels the number fills, measured in its picture."""
    image = tile.grab().toImage().convertToFormat(QtGui.QImage.Format.Format_Grayscale8)
    grey = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    upper = grey[6 : int(0.62 * image.height()), 6 : image.width() - 6]
    return int((upper > lit).any(axis=1).sum())


@pytest.mark.parametrize("count", [1, 6, 12, 13, 40])
@pytest.mark.parametrize("size", [(1280, 800), (1366, 768)])
def test_capitals_are_ten_millimetres_on_a_13_inch_laptop(rig: Rig, count: int, size: tuple[int, int]) -> None:
    rig.window.resize(*size)
    rig.show(squad_session(count).at(20.0))
    rig.show(squad_session(count).at(20.1))
    heights = [ink_height(tile, 200) * mm_per_px(*size) for tile in rig.window.tiles[:: max(1, count // 4)]]
    assert min(heights) >= CAPITAL_MM
    assert all(tile.text().words == (count <= 12) for tile in rig.window.tiles)


@pytest.mark.parametrize("size", [(1280, 800), (1440, 900), (1920, 1080), (2560, 1440)])
def test_the_computed_capitals_keep_their_size_for_every_squad(app: object, size: tuple[int, int]) -> None:
    for count in range(1, 41):
        names = [f"virtual athlete {number}" for number in range(1, count + 1)]
        layout, short = squad_layout(names, (0.76 * size[0], 0.88 * size[1]), size)
        assert layout.number_px * 0.72 * mm_per_px(*size) >= CAPITAL_MM
        assert layout.columns * layout.rows >= count
        assert len(set(short.values())) == count


def test_every_tile_shows_shape_and_minutes_and_the_urgent_their_word(rig: Rig) -> None:
    window = rig.show(squad_session(40, A4="WARN", A11="CRAMP", A23="NO_SIGNAL").at(640.0))
    first, second, third = (tile.text() for tile in window.tiles[:3])
    assert [first.number, second.number, third.number] == ["A4", "A11", "A3"]
    assert first.look == LOOKS["WARN"] and second.look == LOOKS["CRAMP"]
    assert all(leg.age == "2 min" for tile in window.tiles for leg in tile.text().legs)
    assert [(e.number, e.look.short) for e in window.first.entries()] == [("A11", "Cramp?"), ("A4", "Cramp risk")]
    assert "1 cramp?, 1 cramp risk, 1 no signal" in window.head.counts.text()
    assert "A4. left: Cramp risk pattern: ease off, stretch for 2 min 14 s" in window.tiles[0].toolTip()
    keep(window, "wall-40")


def test_twelve_athletes_have_words_and_lost_sensors_are_unmistakable(rig: Rig) -> None:
    snapshot = squad_session(12, A2="WATCH", A5="WARN").at(640.0)
    links = [replace(link, age_s=9.0) if link.role.startswith("A7 left: EMG") else link for link in snapshot.links]
    links = [replace(link, link="lost") if link.role == "A9 right: foot" else link for link in links]
    window = rig.show(replace(snapshot, links=tuple(links)))
    by_number = {tile.text().number: tile.text() for tile in window.tiles}
    assert by_number["A7"].legs[0].look == LOOKS["NO_SIGNAL"] and by_number["A7"].legs[0].lost == "EMG"
    assert by_number["A9"].legs[1].lost == "motion"
    assert "2 with lost sensors" in window.head.counts.text()
    keep(window, "wall-12")


def inked(picture: QtGui.QImage, left: int, right: int) -> list[int]:
    """The rows in which something stands between two columns: they differ from what is near the right edge."""
    bare = picture.width() - 10
    return [
        y
        for y in range(picture.height())
        if any(picture.pixel(x, y) != picture.pixel(bare, y) for x in range(left, right))
    ]


def test_a_letter_that_hangs_below_the_line_is_whole_in_the_list(rig: Rig) -> None:
    window = rig.show(squad_session(12, A2="WATCH").at(640.0))
    picture = window.first.grab().toImage()
    word_bottom, capital = inked(picture, 12, 160)[-1], inked(picture, 12, 40)
    first = next(y for y in reversed(range(capital[-1])) if y not in capital) + 1
    bold = QtGui.QFont(window.first.font())
    bold.setBold(True)
    bold.setPixelSize(100)
    metrics = QtGui.QFontMetricsF(bold)
    hangs = metrics.tightBoundingRect("g").bottom() / metrics.tightBoundingRect("T").height()
    assert word_bottom - capital[-1] >= hangs * (capital[-1] - first + 1) - 0.5


def test_the_tile_of_one_leg_has_the_word_too(rig: Rig) -> None:
    pictures = []
    for short in ("Cramp risk", ""):
        tile = rig.show(FakeSession(athletes=("A1",), legs=("left",), states=("WARN",)).at(640.0)).tiles[0]
        text = tile.text()
        (leg,) = text.legs
        look = replace(leg.look, short=short)
        tile.show_text(replace(text, legs=(replace(leg, look=look),)), tile._number_px, "")
        pictures.append(tile.grab().toImage())
    assert text.words and pictures[0] != pictures[1]


def test_how_many_need_somebody_is_read_whole(rig: Rig) -> None:
    states = {"A1": "CRAMP", "A2": "WARN", "A3": "WATCH", "A4": "NO_SIGNAL"}
    snapshot = replace(squad_session(24, **states).at(640.0), title="Squad of 24 (simulated)")
    window = rig.show(snapshot)
    for shown in (window.head.counts, window.head.title):
        assert " ".join(shown._wrapped()) == shown.text()


def test_a_frozen_wall_cannot_be_taken_for_a_quiet_squad(rig: Rig) -> None:
    snapshot = squad_session(12).at(640.0)
    rig.show(snapshot)
    rig.wall_s += 8 * 3600.0  # the computer has slept
    window = rig.show(snapshot)
    assert window.notice.text().startswith("Nothing new for 8 h")
    assert all(leg.look == NOT_UPDATING and leg.age == "" for tile in window.tiles for leg in tile.text().legs)
    assert window.first.entries() == () and window.head.counts.text() == "Not updating"
    rig.show(squad_session(12).at(640.2))
    assert window.notice.isHidden() and window.tiles[0].text().look == LOOKS["OK"]


def test_a_click_acknowledges_and_a_right_click_mutes_and_both_are_undone(rig: Rig) -> None:
    snapshot = squad_session(12, A5="WARN").at(640.0)
    window = rig.show(snapshot)
    assert rig.sounder.played == ["WARN"] and window.tiles[0].text().open
    QtTest.QTest.mouseClick(window.tiles[0], QtCore.Qt.MouseButton.LeftButton)
    assert not rig.again(snapshot).tiles[0].text().open and rig.commands.asked == [("seen", "A5", "left")]
    rig.click(window.undo.button)
    assert rig.again(snapshot).tiles[0].text().open
    QtTest.QTest.mouseClick(window.tiles[3], QtCore.Qt.MouseButton.RightButton)
    assert rig.again(snapshot).tiles[3].text().muted and window.undo.said.text() == "A4 is muted"
    rig.show(squad_session(12, A5="WARN", A4="CRAMP").at(650.0))
    assert rig.sounder.played == ["WARN"]  # the other one is muted
    rig.key(QtCore.Qt.Key.Key_Z, QtCore.Qt.KeyboardModifier.ControlModifier)
    assert rig.commands.asked[-1] == ("hear", "A4")


def test_one_rule_says_when_it_sounds_again(rig: Rig) -> None:
    session = squad_session(3, A2="WARN")
    for time_s in (100.0, 130.0, 219.0, 221.0, 230.0):
        rig.wall_s = time_s
        rig.show(session.at(time_s))
    assert rig.sounder.played == ["WARN", "WARN"]  # after two minutes, as the alert rules have it
    rig.window.seen()
    rig.wall_s = 400.0
    rig.show(session.at(400.0))
    assert rig.sounder.played == ["WARN", "WARN"]


def test_an_alarm_flashes_slower_than_three_times_a_second(rig: Rig) -> None:
    session, lit = squad_session(12, A5="CRAMP"), []
    for step in range(40):
        rig.wall_s = 1000.0 + 0.05 * step
        lit.append(rig.show(session.at(640.0 + 0.05 * step)).tiles[0].text().lit)
    changes = int(np.abs(np.diff(lit)).sum())
    assert 2 <= changes <= 2 * 3 * 2


def test_everything_has_a_key(rig: Rig) -> None:
    snapshot = squad_session(12, A5="WARN", A6="CRAMP").at(640.0)
    window = rig.show(snapshot)
    key = QtCore.Qt.Key
    rig.key(key.Key_Right)
    rig.key(key.Key_Return)
    rig.again(snapshot)
    assert [tile.text().open for tile in window.tiles[:2]] == [True, False] and window.tiles[1].text().chosen
    rig.key(key.Key_M)
    assert rig.again(snapshot).tiles[1].text().muted
    rig.key(key.Key_A)
    assert not any(tile.text().open for tile in rig.again(snapshot).tiles)
    rig.key(key.Key_Q)
    assert window.alarms.sound is SquadSound.CRAMP and "CRAMP only" in window.head.sound.text()
    assert rig.commands.sounds == "CRAMP only"
    rig.key(key.Key_Y)
    assert rig.sounder.played[-1] == "TEST"
    for theme in ("light", "high contrast", "dark"):
        rig.key(key.Key_T)
        assert window._theme.name == theme
    rig.key(key.Key_F11)
    assert window.isFullScreen()
    window.head.full.click()
    assert not window.isFullScreen()


def test_the_whole_squad_is_calibrated_at_once_and_stop_asks(rig: Rig) -> None:
    window = rig.show(squad_session(3).at(640.0))
    window.head.calibrate.click()
    window.head.calibrate.click()
    assert [ask for ask in rig.commands.asked if ask[0] == "calibrate"] == [
        ("calibrate", name, side) for name in NAMES[:3] for side in ("left", "right")
    ]
    window.head.stop.click()
    assert ("stop",) not in rig.commands.asked
    window.head.stop.click()
    assert ("stop",) in rig.commands.asked
    assert rig.show(squad_session(3).at(640.1)).notice.text().startswith("Stopped.")


def test_it_works_at_any_size_and_with_nobody(rig: Rig) -> None:
    for size in ((900, 560), (1920, 1080), (1280, 800)):
        rig.window.resize(*size)
        window = rig.show(squad_session(17).at(20.0 + size[0] / 1000))
        assert not window.grab().isNull() and len(window.tiles) == 17
    window = rig.show(Snapshot(30.0, 1.0, "live", "", simulated=False))
    assert window.tiles == []


def test_what_the_session_says_stands_above_all(rig: Rig) -> None:
    window = rig.show(FakeSession(changes={"notes": ("the engine has failed: ValueError('x')",)}).at(10.0))
    assert "he engine has failed" in window.notice.text()
