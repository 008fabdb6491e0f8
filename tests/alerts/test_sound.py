"""Alerts are heard without a window: a tone, then a sentence, in order; nobody waits; what is out of range, softly."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

from monitor.acquisition.profile import find
from monitor.alerts import sound
from monitor.alerts.alert import Alert
from monitor.alerts.out_of_range import AWAY_S, OutOfRange
from monitor.alerts.path import mute_marker
from monitor.alerts.sound import SoundAlert
from monitor.cli import app
from monitor.cli.alerting import LiveAlerts
from monitor.cli.live_run import LiveRun
from monitor.events import Heartbeat, Link, Marker
from monitor.session import Session
from monitor.settings import Settings
from monitor.sounding.speech import Voice
from monitor.sounding.tones import length_s
from monitor.team import Athlete, Sensor, Team
from monitor.view import snapshot

A7 = ("A7", "left")


class Player:
    """Writes down what it is to play. holds : it does not come back until this is set."""

    def __init__(self, holds: threading.Event | None = None) -> None:
        self.played: list[str] = []
        self.problem, self._holds = "", holds

    def play(self, melody: str) -> None:
        self.played.append(melody)
        if self._holds is not None:
            self._holds.wait(20.0)

    def close(self) -> None:
        self.played.append("closed")


def speaking(folder: Path) -> tuple[Voice, Path]:
    """A program that writes down what it is to speak."""
    script, out = folder / "espeak-ng.py", folder / "said"
    script.write_text(f"import sys\nwith open({str(out)!r}, 'a') as file:\n    print(*sys.argv[1:], file=file)\n")
    return Voice((sys.executable, str(script)), on=True), out


def until(condition: Any) -> bool:
    end_s = time.monotonic() + 20.0
    while not condition() and time.monotonic() < end_s:
        time.sleep(0.01)
    return bool(condition())


def test_a_tone_then_its_sentence_and_the_next_when_it_has_ended(tmp_path: Path) -> None:
    player, (voice, out) = Player(), speaking(tmp_path)
    heard = SoundAlert(player=player, voice=voice)
    begun_s = time.monotonic()
    heard.send(Alert(1.0, *A7, "WARN"))
    heard.send(Alert(2.0, "B2", "right", "CRAMP", 2))
    assert until(lambda: len(player.played) == 2) and time.monotonic() - begun_s >= length_s("WARN")
    assert player.played == ["WARN", "CRAMP"]
    assert until(lambda: out.exists() and out.read_text().count("\n") == 2)
    assert out.read_text().splitlines() == [
        "Attention. A7, left calf: cramp risk. Ease off and stretch",
        "Attention. Again: B2, right calf: sustained contraction. Cramp?",
    ]
    heard.close()
    assert player.played[-1] == "closed" and heard.calls == ("headphones or loudspeaker",)
    assert (
        heard.told
        == f"alerts sound on the headphones or the loudspeaker, and are spoken by {Path(sys.executable).stem}"
    )


def test_a_player_that_hangs_costs_the_engine_nothing_and_the_newest_are_heard() -> None:
    free = threading.Event()
    player = Player(free)
    heard = SoundAlert(player=player, voice=Voice(()))
    begun_s = time.monotonic()
    for second in range(50):
        heard.send(Alert(float(second), *A7, "WARN"))
    heard.send(Alert(50.0, *A7, "CRAMP"))
    heard.out_of_range()  # makes way for alerts
    assert time.monotonic() - begun_s < 2.0 and len(player.played) <= 1
    free.set()
    assert until(lambda: "CRAMP" in player.played) and len(player.played) <= 6 and "AWAY" not in player.played
    heard.close()


def test_without_a_loudspeaker_alerts_are_spoken_and_without_both_it_is_said(tmp_path: Path) -> None:
    voice, out = speaking(tmp_path)
    heard = SoundAlert(player="no loudspeaker was found", voice=voice)
    heard.send(Alert(1.0, *A7, "WARN"))
    assert until(lambda: out.exists() and "A7, left calf" in out.read_text())
    assert heard.calls == ("speech",) and heard.told.endswith("and no tone sounds (no loudspeaker was found)")
    heard.close()
    nothing = SoundAlert(player="no loudspeaker was found", voice=Voice(()))
    nothing.send(Alert(1.0, *A7, "WARN"))
    assert nothing.calls == () and "not spoken (no speech program was found" in nothing.told
    nothing.close()


def test_where_a_hub_has_the_say_nothing_is_heard() -> None:
    player, alone = Player(), [False]
    heard = SoundAlert(lambda: alone[0], player, Voice(()))
    heard.send(Alert(1.0, *A7, "WARN"))
    heard.out_of_range()
    alone[0] = True
    heard.send(Alert(2.0, *A7, "CRAMP"))
    assert until(lambda: player.played == ["CRAMP"])
    heard.close()


def test_a_leg_is_out_of_range_when_none_of_its_sensors_is_live_and_told_once_until_it_is_back() -> None:
    legs = OutOfRange()
    live = [{A7: second < 4 or second == 12, ("B2", "left"): False} for second in range(20)]
    told = [second for second, each in enumerate(live) if legs.update(second, each)]
    assert told == [3 + int(AWAY_S), 12 + int(AWAY_S)], "one that was never live has not left"
    assert legs.away == {A7}


def live_alerts(player: Player, behind_s: float = 0.0) -> tuple[LiveAlerts, list[Any]]:
    """The alerts of a session of two sensors on one leg; the seats."""
    told: dict[str, Any] = {"athlete": "A7", "sensor": SimpleNamespace(leg="left"), "profile": None}
    seats = [SimpleNamespace(**told, link=Link.LIVE) for _ in range(2)]
    running: Any = SimpleNamespace(settings=Settings(), seats=dict(enumerate(seats)), now_s=0.0, legs=())
    clock = SimpleNamespace(speed=1.0, now_s=lambda: behind_s)
    source: Any = SimpleNamespace(clock=clock, alert=lambda _: None)
    return LiveAlerts(source, running, None, SoundAlert(player=player, voice=Voice(()))), seats


def played(alerts: LiveAlerts, seconds: range) -> None:
    for second in seconds:
        alerts.put(Heartbeat(float(second)), (), ())


def test_the_soft_cue_comes_when_the_last_sensor_of_a_leg_is_gone() -> None:
    player = Player()
    alerts, seats = live_alerts(player)
    played(alerts, range(1, 5))
    seats[0].link = Link.LOST
    played(alerts, range(5, 20))
    assert alerts.away == () and player.played == []
    seats[1].link = Link.SEARCHING
    played(alerts, range(20, 60))
    assert until(lambda: player.played == ["AWAY"]) and alerts.away == (A7,)
    alerts.put(Marker(60.0, mute_marker("A7")), (), ())
    assert alerts.away == ()
    assert alerts.calls == ("headphones or loudspeaker",)
    assert next(iter(alerts.lines())).startswith("alerts sound on the headphones")
    assert list(alerts.lines()) == [], "it is said once"
    player.problem = "the loudspeaker does not play: unplugged"
    assert list(alerts.lines()) == [player.problem] == list(alerts.notes)


def test_the_picture_that_screens_see_names_who_is_out_of_range() -> None:
    worn = Sensor(match="uMyo-L", profile="umyo", leg="left", roles=("emg",), channels=("GM",))
    session = Session(Team(athletes=(Athlete(name="A7", sensors=(worn,)),)), {"uMyo-L": find("umyo")}, Settings())
    source: Any = SimpleNamespace(
        clock=SimpleNamespace(speed=1.0, now_s=lambda: 0.0), alert=lambda _: None, behind_s=lambda _: 0.0
    )
    alerts = LiveAlerts(source, session, None)
    session.seats["uMyo-L"].link = Link.LIVE
    played(alerts, range(1, 5))
    session.seats["uMyo-L"].link = Link.LOST
    played(alerts, range(5, 20))
    run = LiveRun("team", "live", simulated=True, window=False, as_json=False)
    shown: Any = snapshot(session, **run._describe(source, session, alerts))  # type: ignore[arg-type]
    assert shown.away == (A7,)


def test_nothing_is_cued_by_a_computer_that_is_far_behind() -> None:
    player = Player()
    alerts, seats = live_alerts(player, behind_s=60.0)
    played(alerts, range(1, 5))
    for seat in seats:
        seat.link = Link.LOST
    played(alerts, range(5, 20))
    time.sleep(0.1)
    assert player.played == []


def test_what_is_heard_without_a_window_needs_no_qt() -> None:
    names = "[name for name in sys.modules if 'PySide' in name or 'pyqt' in name]"
    done = subprocess.run(
        [sys.executable, "-c", f"import sys, {sound.__name__}; print({names})"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"


def test_a_window_sounds_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    sensor = 'match = "uMyo-3F"\nprofile = "umyo"\nleg = "left"\nroles = ["emg"]\n'
    (tmp_path / "team.toml").write_text(f'[[athletes]]\nname = "A7"\n[[athletes.sensors]]\n{sensor}')
    done = CliRunner().invoke(app, ["live", "--team", str(tmp_path / "team.toml"), "--sound"])
    assert done.exit_code == 2 and "--headless" in done.stderr
