"""The page in a real browser: what a coach sees and hears."""

from __future__ import annotations

import itertools
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from browser import Tab
from fakes import FakeSession

from monitor.dashboard.web.plan import web_plan
from monitor.dashboard.web.server import WebServer
from monitor.snapshot import Snapshot


@dataclass
class Played:
    """A session that goes on by itself until it is held."""

    session: FakeSession
    held: bool = False

    def __post_init__(self) -> None:
        self._seconds = itertools.count(600)
        self._newest = self.session.at(600.0)

    def __call__(self) -> Snapshot:
        if not self.held:
            self._newest = self.session.at(float(next(self._seconds)))
        return self._newest


def words(element: str) -> str:
    return f"(document.querySelector({element!r})?.innerText ?? '')"


STALE = "Number(getComputedStyle(document.getElementById('stale')).opacity) > 0.9"


@pytest.fixture
def played() -> Played:
    return Played(FakeSession(athletes=("A1", "<b>A2</b>", "A3"), states=("OK", "WATCH", "OK", "OK", "OK", "WARN")))


@pytest.fixture
def server(played: Played) -> Iterator[WebServer]:
    with WebServer(web_plan("127.0.0.1:0", None, None, None), played, lambda: ("the wall",)) as running:
        yield running


def test_a_replayed_session_is_seen_as_it_goes_on(tab: Tab) -> None:
    """The command line itself, from a recording to what stands on the page, and its end."""
    command = [sys.executable, "-m", "monitor", "replay", "electrode-off", "--headless", "--speed", "20"]
    with subprocess.Popen([*command, "--web-at", "127.0.0.1:0"], stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        told = next(line for line in process.stderr if "the page is at" in line)
        tab.go(told.split()[4].rstrip(";"))
        tab.until("document.querySelector('.leg.look-CALIBRATING, .leg.look-OK') !== null")
        clock = tab.ask(words("#clock"))
        tab.until(f"{words('#clock')} !== {clock!r}")
        assert tab.ask(words(".tile h2")) == "Virtual athlete"
        tab.until(f"!({STALE}) && {words('#where-note')} === 'A replay alerts nobody.'")
        process.terminate()
    tab.until(STALE)


def test_the_squad_its_states_in_words_and_who_comes_off_first(tab: Tab, server: WebServer) -> None:
    tab.go(server.address)
    tab.until("document.querySelectorAll('.tile').length === 3")
    tiles = tab.ask("[...document.querySelectorAll('.tile')].map((tile) => tile.innerText)")
    assert "Cramp risk" in tiles[0] and tiles[0].startswith("A3")
    assert "<b>A2</b>" in tiles[1] + tiles[2], "a name is text, whatever it is made of"
    assert "Tiring" in tab.ask(words("#first")) and "A3 right" in tab.ask(words("#first"))
    shapes = tab.ask("[...document.querySelectorAll('.tile .icon')].map((icon) => icon.getBBox().width > 50)")
    assert len(shapes) == 6 and all(shapes), "every leg has its shape"
    assert tab.ask("document.documentElement.scrollWidth <= innerWidth"), "nothing hangs over the side of a phone"


def test_it_says_where_alarms_go_and_sounds_only_after_a_tap(tab: Tab, server: WebServer) -> None:
    tab.go(server.address)
    tab.until("document.querySelector('.alarm') !== null")
    tab.until(f"{words('#where-word')} === 'Alarms: the wall'")
    assert "silent until you tap" in tab.ask(words("#where-note"))
    assert tab.ask("document.documentElement.dataset.played ?? 0") == 0
    tab.ask("document.getElementById('sound').click()", tap=True)
    tab.until(f"{words('#where-word')} === 'Alarms: this page, the wall'")
    tab.until("Number(document.documentElement.dataset.played) >= 2")  # the test tone and the alarm
    tab.until("document.querySelector('.alarm button')?.click() === undefined && !!document.querySelector('.alarm')")
    tab.until("document.querySelector('.alarm.quiet') !== null")


def test_one_athlete_with_reasons(tab: Tab, server: WebServer) -> None:
    tab.go(server.address)
    tab.until("document.querySelectorAll('.tile').length === 3")
    tab.ask("document.querySelector('.tile').click()", tap=True)
    tab.until("document.querySelectorAll('.band').length === 2")
    shown = tab.ask(words("#main"))
    assert "Cramp risk pattern" in shown and "ease off, stretch" in shown and "twitches" in shown
    assert tab.ask(words("#title")) == "A3"
    tab.ask("document.getElementById('back').click()", tap=True)
    tab.until("document.querySelectorAll('.tile').length === 3")


def test_a_session_that_stands_still_is_covered(tab: Tab, server: WebServer, played: Played) -> None:
    tab.go(server.address)
    tab.until(f"document.querySelectorAll('.tile').length === 3 && !({STALE})")
    played.held = True
    tab.until(STALE)
    assert tab.ask(words("#stale-word")) == "Not updating"
    tab.until("document.querySelectorAll('.leg:not(.look-OLD)').length === 0")
    assert tab.ask(words("#where-word")) == "Alarms: not from here"
    played.held = False
    tab.until(f"!({STALE})")


def test_a_lost_connection_is_covered_and_found_again(
    tab: Tab, played: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    with WebServer(web_plan("127.0.0.1:0", None, None, None), played) as server:
        port = server.port
        tab.go(server.address)
        tab.until(f"document.querySelectorAll('.tile').length === 3 && !({STALE})")
    tab.until(STALE)
    tab.until(f"{words('#stale-word')} === 'Connection lost'")
    another = SimpleNamespace(monotonic=lambda: time.monotonic() - 1000.0)  # the computer began anew, and its clock
    monkeypatch.setattr("monitor.dashboard.web.feed.time", another)
    with WebServer(web_plan(f"127.0.0.1:{port}", None, None, None), played):
        tab.until(f"!({STALE})")


def test_a_page_whose_script_stands_still_covers_itself(tab: Tab, server: WebServer) -> None:
    tab.go(server.address)
    tab.until(f"document.querySelectorAll('.tile').length === 3 && !({STALE})")
    tab.call("Emulation.setScriptExecutionDisabled", value=True)
    try:
        tab.until(STALE)
        assert not tab.ask("document.body.classList.contains('stale')"), "the style did it, not the script"
    finally:
        tab.call("Emulation.setScriptExecutionDisabled", value=False)


def test_the_page_asks_for_the_password(tab: Tab, played: Played, password_file: Path, certificate: Any) -> None:
    with WebServer(web_plan("127.0.0.1:0", password_file, *certificate), played) as server:
        tab.go(server.address)
        tab.until("!document.getElementById('login').hidden")
        assert not tab.ask("document.querySelectorAll('.tile').length")
        for given, told in (("wrong password", "That is not the password."), ("wet grass 2026", "")):
            tab.ask(f"document.getElementById('password').value = {given!r}")
            tab.ask("document.querySelector('#login button').click()", tap=True)
            tab.until(f"document.getElementById('login-note').textContent === {told!r}" if told else "true")
        tab.until("document.querySelectorAll('.tile').length === 3")
        assert tab.ask("document.getElementById('login').hidden")


def test_it_can_be_installed_and_opens_without_the_session(tab: Tab, played: Played) -> None:
    with WebServer(web_plan("127.0.0.1:0", None, None, None), played) as server:
        tab.go(server.address)
        tab.until("navigator.serviceWorker.ready.then((worker) => worker.active.state === 'activated')")
        errors = tab.call("Page.getInstallabilityErrors")["installabilityErrors"]
        assert not [error for error in errors if error["errorId"] != "in-incognito"]
        address = server.address
    tab.go(address)
    assert tab.ask(STALE)
    assert tab.ask(words("#where-word")) == "Alarms: not from here"
