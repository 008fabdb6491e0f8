"""What the page asks of a phone beside sound: to keep its screen on, and to vibrate; a recorder stands in for it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from browser import Tab
from fakes import FakeSession

from monitor.dashboard.web.plan import web_plan
from monitor.dashboard.web.server import WebServer
from monitor.snapshot import Snapshot

PHONE = """
window.told = { asked: 0, held: 0, vibrated: [] };
let seen = 'visible';
const locks = new Set();
const lock = () => {
  const made = new EventTarget();
  made.release = async () => locks.delete(made) && (told.held--, made.dispatchEvent(new Event('release')));
  locks.add(made);
  told.held++;
  return made;
};
const wakeLock = { request: async (kind) => (told.asked++, window.refuses ? Promise.reject(new Error(kind)) : lock()) };
Object.defineProperty(Navigator.prototype, 'wakeLock', { configurable: true, get: () => wakeLock });
Navigator.prototype.vibrate = (pattern) => (told.vibrated.push(pattern), true);
Object.defineProperty(document, 'visibilityState', { get: () => seen });
window.look = (whether) => {
  seen = whether;
  if (seen === 'hidden') for (const each of [...locks]) each.release();
  document.dispatchEvent(new Event('visibilitychange'));
};
"""
REFUSES = PHONE + "window.refuses = true;"
NEITHER = "delete Navigator.prototype.wakeLock; delete Navigator.prototype.vibrate;"
SILENT_AGAIN = """
const Real = AudioContext;
window.AudioContext = class extends Real {
  constructor() { super(); window.audio = this; }
  resume() { return window.taken ? new Promise(() => {}) : super.resume(); }
};
"""
WARN, CRAMP, LOST = [400, 150, 400], [300, 100, 300, 100, 300], [150, 100, 150]
NOTE = "document.querySelector('#where-note').innerText"
STAYS_ON, MAY_GO_DARK = "The screen stays on.", "Keep the screen on: a dark page does not call."


class Played:
    """A session that goes on; its legs' states may change."""

    def __init__(self) -> None:
        self.states, self._seconds, self.held = ("OK", "WARN"), itertools.count(600), False
        self._newest = self()

    def __call__(self) -> Snapshot:
        if not self.held:
            self._newest = FakeSession(athletes=("A1",), states=self.states).at(float(next(self._seconds)))
        return self._newest


@pytest.fixture
def played() -> Played:
    return Played()


@pytest.fixture
def server(played: Played) -> Iterator[WebServer]:
    with WebServer(web_plan("127.0.0.1:0", None, None, None), played) as running:
        yield running


@contextmanager
def opened(tab: Tab, server: WebServer, phone: str) -> Iterator[None]:
    """The page on that phone, an alarm on it, sound not yet on."""
    tab.call("Page.enable")  # or no script runs first
    script = tab.call("Page.addScriptToEvaluateOnNewDocument", source=phone)["identifier"]
    try:
        tab.go(server.address)
        tab.until("document.querySelector('.alarm') !== null")
        yield
    finally:
        tab.call("Page.removeScriptToEvaluateOnNewDocument", identifier=script)
        tab.call("Page.disable")


def tap_sound(tab: Tab) -> None:
    tab.ask("document.getElementById('sound').click()", tap=True)


def test_sound_switched_on_keeps_the_screen_on_and_again_when_the_page_is_seen_again(
    tab: Tab, server: WebServer
) -> None:
    with opened(tab, server, PHONE):
        assert tab.ask("told.asked") == 0
        tap_sound(tab)
        tab.until(f"{NOTE} === 'Sound and vibration. {STAYS_ON}' && told.asked === 1")
        tab.ask("look('hidden')")
        tab.until(f"{NOTE}.endsWith({MAY_GO_DARK!r}) || {NOTE}.startsWith('No new picture')")
        assert tab.ask("[told.asked, told.held]") == [1, 0]
        tab.ask("look('visible')")
        tab.until(f"{NOTE} === 'Sound and vibration. {STAYS_ON}' && told.asked === 2 && told.held === 1")
        tap_sound(tab)
        tab.until("told.held === 0 && document.getElementById('sound').innerText === 'Tap for sound'")
        tab.ask("look('visible')")
        assert tab.ask("told.asked") == 2, "a silent page has no need of it"


def test_the_screen_stays_on_though_the_phone_does_not_give_the_sound_back(tab: Tab, server: WebServer) -> None:
    with opened(tab, server, PHONE + SILENT_AGAIN):
        tap_sound(tab)
        tab.until("told.held === 1")
        tab.ask("(window.taken = true, audio.suspend())")
        tab.ask("look('hidden')")
        tab.ask("look('visible')")
        tab.until(f"told.held === 1 && {NOTE} === 'This page is silent until you tap.'")


def test_it_vibrates_on_warn_and_on_cramp_once_each_and_when_the_session_is_lost(
    tab: Tab, server: WebServer, played: Played
) -> None:
    with opened(tab, server, PHONE):
        assert tab.ask("told.vibrated") == [], "not before a tap"
        tap_sound(tab)
        tab.until("told.vibrated.length === 1")
        played.states = ("CRAMP", "WARN")
        tab.until("told.vibrated.length === 2")
        played.held = True
        tab.until("told.vibrated.length === 3")
        assert tab.ask("told.vibrated") == [WARN, CRAMP, LOST]


@pytest.mark.parametrize(
    ("phone", "told"),
    [(NEITHER, f"Sound, no vibration. {MAY_GO_DARK}"), (REFUSES, f"Sound and vibration. {MAY_GO_DARK}")],
    ids=["neither", "refused"],
)
def test_it_says_what_the_phone_does_not_do(tab: Tab, server: WebServer, phone: str, told: str) -> None:
    with opened(tab, server, phone):
        tap_sound(tab)
        tab.until(f"{NOTE} === {told!r}")
