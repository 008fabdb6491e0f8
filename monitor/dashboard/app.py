"""From outside in: open a window and run it, or draw one picture of it into a file. Only that window is imported."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6 import QtCore, QtWidgets

from monitor.dashboard.controls import Controls
from monitor.dashboard.interrupts import held_interrupts
from monitor.dashboard.kept import load_kept
from monitor.dashboard.themes import THEMES
from monitor.errors import CrampwatchError

if TYPE_CHECKING:
    from monitor.dashboard.guided import Guide
    from monitor.dashboard.screen import Screen
    from monitor.setting_up import Bench, SetUp
    from monitor.snapshot import Snapshot
    from monitor.team import Team


def run_dashboard(snapshots: Callable[[], Snapshot], controls: Controls, *, wall: bool = False) -> int:
    """Open the main window, show the newest snapshot 30 times a second until it is closed; gives Qt's exit code.

    wall: open the sideline wall with its sound instead.
    """
    from monitor.dashboard.sound import open_sounder
    from monitor.sounding.speech import Voice

    kind = screen_kind(wall=wall)
    return _run(snapshots, lambda: kind(controls, sounder=open_sounder(), voice=Voice(), kept=load_kept()))


def screen_kind(*, wall: bool) -> type[Screen]:
    """The main window, or the sideline wall."""
    if wall:
        from monitor.dashboard.wall import Wall

        return Wall
    from monitor.dashboard.window import Dashboard

    return Dashboard


def _run(snapshots: Callable[[], Snapshot], make: Callable[[], Screen]) -> int:
    """Make the window, show the newest snapshot in it until it is closed."""
    with closing_on_interrupt() as watch_over:
        app = application()
        window = make()
        window.as_it_was()
        window.watch(snapshots)
        window.show()
        watch_over(window)
        return app.exec()


def run_set_up(bench: Bench, path: Path, earlier: Team | None) -> SetUp | None:
    """Open the windows of the set-up; what was saved, None if the person gave up."""
    from monitor.dashboard.setup.desk import Desk
    from monitor.dashboard.setup.window import SetUpWindow

    with closing_on_interrupt() as watch_over:
        app = application()
        window = SetUpWindow(lambda did: Desk(bench, path, did, earlier), load_kept())
        window.show()
        watch_over(window)
        app.exec()
    window.deleteLater()
    return window.done


def run_guided(
    snapshots: Callable[[], Snapshot],
    controls: Controls,
    guide: Guide,
    now_s: Callable[[], float],
    beat_s: float,
    tick: Callable[[], object],
) -> int:
    """Open the window of a guided test and run it until it is closed; gives Qt's exit code."""
    from monitor.dashboard.guided import GuidedScreen
    from monitor.dashboard.sound import open_sounder
    from monitor.sounding.speech import Voice

    kept = load_kept()
    return _run(
        snapshots,
        lambda: GuidedScreen(
            controls, guide, now_s, beat_s, tick=tick, sounder=open_sounder(), voice=Voice(), kept=kept
        ),
    )


def run_scientist(paths: Sequence[Path]) -> int:
    """Open the scientist's window on recordings; gives Qt's exit code."""
    from monitor.dashboard.scientist.window import Scientist

    with closing_on_interrupt() as watch_over:
        app = application()
        window = Scientist(paths, kept=load_kept())
        window.show()
        watch_over(window)
        return app.exec()


def save_screenshot(snapshot: Snapshot, path: Path, size: tuple[int, int], theme: str, *, wall: bool = False) -> None:
    """Draw the dashboard, or the wall, as it shows this snapshot into a PNG of `size` pixels. theme: one of THEMES.

    Raises: CrampwatchError if the file cannot be written.
    """
    application("-platform", "offscreen")
    window = screen_kind(wall=wall)(Controls(), THEMES[theme])
    window.setAttribute(QtCore.Qt.WidgetAttribute.WA_DontShowOnScreen)
    window.resize(*size)
    window.show_snapshot(snapshot)
    window.show()
    QtWidgets.QApplication.processEvents()  # the layout settles; the next frame knows the plots' widths
    window.refresh()
    QtWidgets.QApplication.processEvents()
    saved = window.grab().save(str(path), "PNG")
    window.close()
    window.deleteLater()
    if not saved:
        raise CrampwatchError(f"cannot write the picture {path}")


def application(*arguments: str) -> QtWidgets.QApplication:
    """Qt's one application object, made with these arguments if there is none yet."""
    app = QtWidgets.QApplication.instance()
    if isinstance(app, QtWidgets.QApplication):
        return app
    app = QtWidgets.QApplication(["crampwatch", *arguments])
    app.setApplicationDisplayName("Crampwatch")
    app.setStyle("Fusion")
    return app


@contextmanager
def closing_on_interrupt() -> Iterator[Callable[[QtWidgets.QWidget], None]]:
    """Ctrl-C and a polite kill close the window, as a click would, also while it is still being made.

    What this gives is told which window that is. A timer lets Python see the signals while Qt runs.
    """
    with held_interrupts() as asked:

        def watch_over(window: QtWidgets.QWidget) -> None:
            timer = QtCore.QTimer(window)
            timer.timeout.connect(lambda: window.close() if asked.is_set() else None)
            timer.start(100)

        yield watch_over
