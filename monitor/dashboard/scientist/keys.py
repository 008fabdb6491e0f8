"""The keys of the scientist's window, each with its words for the list under `?`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from monitor.dashboard.scientist.docks import Docks
from monitor.dashboard.scientist.player import Player

Keys = dict[str, tuple[str, Callable[[], object]]]


class _Window(Protocol):
    """What the keys can make the window do."""

    player: Player
    docks: Docks | None

    def player_act(self, act: Callable[[Player], object]) -> None: ...
    def play(self) -> None: ...
    def go(self, time_s: float) -> None: ...
    def next_event(self, step: int, *, urgent: bool = False) -> None: ...
    def next_kind(self) -> None: ...
    def next_lane(self) -> None: ...
    def next_leg(self) -> None: ...
    def next_file(self) -> None: ...
    def next_theme(self) -> None: ...
    def toggle_overlay(self) -> None: ...
    def toggle_panel(self, number: int) -> None: ...
    def ask_recompute(self) -> None: ...
    def export_chosen(self, kind: str) -> None: ...
    def show_help(self) -> None: ...


def keys_of(window: _Window) -> Keys:
    """Key, what it does in words, and the act."""
    player = window.player_act
    keys: Keys = {
        "Space": ("play or hold", window.play),
        "Right": ("one second on", lambda: window.go(window.player.cursor_s + 1.0)),
        "Left": ("one second back", lambda: window.go(window.player.cursor_s - 1.0)),
        "Shift+Right": ("ten seconds on", lambda: window.go(window.player.cursor_s + 10.0)),
        "Shift+Left": ("ten seconds back", lambda: window.go(window.player.cursor_s - 10.0)),
        ".": ("a frame of 20 ms on", lambda: window.go(window.player.cursor_s + 0.02)),
        ",": ("a frame of 20 ms back", lambda: window.go(window.player.cursor_s - 0.02)),
        "Home": ("to the beginning", lambda: window.go(0.0)),
        "End": ("to the end", lambda: window.go(window.player.end_s)),
        "+": ("play faster", lambda: player(lambda p: p.faster(1))),
        "-": ("play slower", lambda: player(lambda p: p.faster(-1))),
        "Up": ("zoom in", lambda: player(lambda p: p.next_span(-1))),
        "Down": ("zoom out", lambda: player(lambda p: p.next_span(1))),
        "A": ("show all", lambda: player(lambda p: p.show_all())),
        "L": ("begin, end, clear the loop", lambda: player(lambda p: p.mark_loop())),
        "E": ("next event", lambda: window.next_event(1)),
        "Shift+E": ("event before", lambda: window.next_event(-1)),
        "W": ("next warning or cramp, with its cause", lambda: window.next_event(1, urgent=True)),
        "Shift+W": ("warning or cramp before", lambda: window.next_event(-1, urgent=True)),
        "R": ("EMG raw, filtered, envelope", window.next_kind),
        "C": ("next channel for the spectra", window.next_lane),
        "G": ("other leg", window.next_leg),
        "N": ("next recording", window.next_file),
        "O": ("lay the other recordings over this", window.toggle_overlay),
        "Ctrl+R": ("recompute with the settings in the table", lambda: window.ask_recompute()),
        "T": ("dark, light, high contrast", window.next_theme),
        "?": ("all keys", window.show_help),
        "Tab": ("choose the next panel", lambda: window.docks and window.docks.choose_next()),
        "F": ("float the chosen panel, or put it back", lambda: window.docks and window.docks.float_chosen()),
        "Ctrl+P": ("chosen panel as PNG", lambda: window.export_chosen("png")),
        "Ctrl+G": ("chosen panel as SVG", lambda: window.export_chosen("svg")),
        "Ctrl+S": ("chosen panel's numbers as CSV", lambda: window.export_chosen("csv")),
    }
    for number in range(1, 10):
        keys[str(number)] = (f"hide or show panel {number}", lambda number=number: window.toggle_panel(number - 1))
    return keys
