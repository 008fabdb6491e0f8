"""The screens: a sink that reads one Snapshot per frame and hands commands to `Controls`, and knows no more.

This file is the door: it loads Qt only when a window is wanted, and says in one sentence why there cannot be one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.dashboard.controls import Controls
from monitor.dashboard.display import require_display, require_qt
from monitor.dashboard.start_actions import Action, StartAction, StartChoice, start_actions
from monitor.snapshot import Snapshot

if TYPE_CHECKING:
    from monitor.dashboard.guided import Guide
    from monitor.setting_up import Bench, SetUp
    from monitor.team import Team

__all__ = [
    "Action",
    "Controls",
    "StartAction",
    "StartChoice",
    "get_ready",
    "run_dashboard",
    "run_guided",
    "run_scientist",
    "run_set_up",
    "run_start_window",
    "save_screenshot",
    "show_sentence",
    "start_actions",
]


def get_ready(*, wall: bool = False) -> None:
    """Load what the main window, or the sideline wall, takes: best done before the session competes for the processor.

    Raises: CrampwatchError where no window can open.
    """
    require_display()
    require_qt()
    from monitor.dashboard.app import screen_kind

    screen_kind(wall=wall)


def run_dashboard(snapshots: Callable[[], Snapshot], controls: Controls, *, wall: bool = False) -> int:
    """Open the main window and run it until it is closed; gives Qt's exit code, 0 for a normal end.

    wall: the sideline wall instead.
    snapshots: gives the newest picture at once; it is read 30 times a second in this thread, the main one.
    Raises: CrampwatchError where no window can open.
    """
    require_display()
    require_qt()
    from monitor.dashboard.app import run_dashboard as run

    return run(snapshots, controls, wall=wall)


def run_guided(
    snapshots: Callable[[], Snapshot],
    controls: Controls,
    guide: Guide,
    now_s: Callable[[], float],
    beat_s: float,
    tick: Callable[[], object],
) -> int:
    """Open the window of a guided test and run it until it is closed; gives Qt's exit code.

    guide : leads through the test; now_s : session seconds; beat_s : of the metronome; tick : called with each frame.
    Raises: CrampwatchError where no window can open.
    """
    require_display()
    require_qt()
    from monitor.dashboard.app import run_guided as run

    return run(snapshots, controls, guide, now_s, beat_s, tick)


def run_scientist(paths: Sequence[Path]) -> int:
    """Open the scientist's window on recordings and run it until it is closed; gives Qt's exit code.

    Raises: CrampwatchError where no window can open.
    """
    require_display()
    require_qt()
    from monitor.dashboard.app import run_scientist as run

    return run(paths)


def run_set_up(bench: Bench, path: Path, earlier: Team | None) -> SetUp | None:
    """Open the windows of the set-up; what was saved, None if the person gave up.

    path : where the team file is to be written; earlier : the team of last time. The bench is closed afterwards.
    Raises: CrampwatchError where no window can open.
    """
    require_display()
    require_qt()
    from monitor.dashboard.app import run_set_up as run

    return run(bench, path, earlier)


def save_screenshot(
    snapshot: Snapshot, path: Path, size: tuple[int, int] = (1280, 800), theme: str = "dark", *, wall: bool = False
) -> None:
    """Draw the dashboard as it shows this snapshot into a PNG of `size` pixels.

    theme: "dark", "light" or "high contrast"; wall: the sideline wall instead.

    Needs no display. Raises: CrampwatchError if Qt cannot be loaded or the file cannot be written.
    """
    require_qt()
    from monitor.dashboard.app import save_screenshot as save

    save(snapshot, path, size, theme, wall=wall)


def run_start_window(actions: Sequence[StartAction]) -> StartChoice | None:
    """Ask what to start with (`start_actions` makes the buttons); None if the window was closed.

    Raises: CrampwatchError where no window can open.
    """
    require_display()
    require_qt()
    from monitor.dashboard.start import run_start_window as run

    return run(actions)


def show_sentence(text: str) -> None:
    """Say one sentence in a small window until it is read. Raises: CrampwatchError where no window can open."""
    require_display()
    require_qt()
    from monitor.dashboard.start import show_sentence as show

    show(text)
