"""A second start finds the window as it was left; a damaged file is a first start."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from fakes import FakeSession
from pyqtgraph.Qt import QtWidgets
from rigs import KINDS, Rig

from monitor.dashboard.kept import Kept, load_kept
from monitor.dashboard.scientist.window import Scientist
from monitor.dashboard.screen import Screen
from monitor.dashboard.setup.desk import Desk
from monitor.dashboard.setup.window import SetUpWindow
from monitor.dashboard.themes import LIGHT
from monitor.setting_up import Bench


@pytest.fixture(autouse=True)
def state(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path / "crampwatch" / "screens.json"


@pytest.mark.parametrize("kind", KINDS, ids=["dashboard", "wall"])
def test_theme_size_sound_speech_and_mute_are_as_they_were(app: object, kind: type[Screen]) -> None:
    session = FakeSession(athletes=("A7", "B2"), source="live")
    rig = Rig(kind, kept=load_kept())
    rig.show(session.at(10.0))
    rig.window.resize(1212, 755)
    rig.window.other_theme()
    rig.window.next_sound()
    rig.window.change_volume(-0.3)
    rig.window.toggle_speech()
    rig.window.mute("B2")
    rig.show(session.at(11.0))
    rig.window.close()

    again = Rig(kind, kept=load_kept())
    again.window.as_it_was()
    window = again.show(session.at(5.0))
    assert window.height() == 755  # the width is cut to this display's 800 pixels
    assert window._theme.name == "light" and str(window.alarms.sound) == "CRAMP only"
    assert again.sounder.volume == pytest.approx(0.5) and window.voice.on
    assert again.commands.asked == [("mute", "B2")]  # and nobody else
    window.close()


@pytest.mark.parametrize(
    "make",
    [
        lambda kept: Scientist([], kept=kept),
        lambda kept: SetUpWindow(lambda did: Desk(Bench("tcp:127.0.0.1:9"), Path("team.toml"), did), kept),
    ],
    ids=["study", "set-up"],
)
def test_study_and_set_up_keep_theme_and_size_and_leave_the_rest_alone(
    app: object, make: Callable[[Kept], Scientist | SetUpWindow]
) -> None:
    earlier = Kept(sound="CRAMP only", geometry={"Wall": "00"})
    window = make(earlier)
    window.show()
    window.resize(1190, 733)
    window.next_theme()
    window.close()
    kept = load_kept()
    assert (kept.theme, kept.sound, kept.geometry["Wall"]) == ("light", "CRAMP only", "00")
    again = make(kept)
    assert again.height() == 733
    again.next_theme()
    again.close()
    assert load_kept().theme == "high contrast"


def test_what_is_damaged_is_as_at_the_first_start(state: Path) -> None:
    assert load_kept() == Kept()
    state.parent.mkdir(parents=True)
    for text in ("no json", "[1]", '{"theme": 3, "volume": 0.25, "geometry": {"Wall": 7}}'):
        state.write_text(text)
        kept = load_kept()
        assert kept.theme == "dark" and kept.geometry == {}
    assert kept.volume == 0.25


def test_a_home_that_cannot_be_written_to_stops_nobody(app: object, state: Path) -> None:
    state.parent.write_text("a file in the way")
    window = QtWidgets.QWidget()
    Kept().save(window, LIGHT)
    window.deleteLater()
    assert load_kept() == Kept()
