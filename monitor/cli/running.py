"""What `demo`, `live` and `replay` share: a session runs, seen in a window or as lines in the terminal."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from monitor.cli.printing import say
from monitor.cli.web_options import serving
from monitor.pauses import short_pauses

if TYPE_CHECKING:
    from monitor.context.advice import StatesSeen
    from monitor.context.journal import Journal
    from monitor.dashboard.web.plan import WebPlan
    from monitor.engine import Engine
    from monitor.replaying import Replay
    from monitor.session import Outcome, Session
    from monitor.snapshot import Snapshot
    from monitor.warning.state import StateChange

_SILENT_S = 2.0


def has_display() -> bool:
    """Whether a window can be opened here."""
    if sys.platform in ("win32", "darwin") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def wants_window(headless: bool, as_json: bool) -> bool:
    """Whether to open one; says so where it would be wanted and cannot be."""
    if headless or as_json:
        return False
    if not has_display():
        typer.echo("no display here: the state is shown in the terminal instead of a window", err=True)
        return False
    return True


def is_watched(window: bool, web: WebPlan | None = None) -> bool:
    """Whether somebody looks: at a window, a page, or a terminal, which tells the links and prompts the calibration."""
    return window or web is not None or sys.stderr.isatty()


def interrupts(window: bool) -> AbstractContextManager[Any]:
    """Where a window is to open, Ctrl-C is held until it can close it; in the terminal it interrupts as usual."""
    if not window:
        return nullcontext()
    from monitor.dashboard.interrupts import held_interrupts

    return held_interrupts()


def change_line(change: StateChange) -> str:
    """One state change as a line for people."""
    reasons = "; ".join(change.reasons)
    return f"{change.time_s:8.1f} s  {change.athlete} {change.leg:<5}  {change.state:<11}  {reasons}"


def show_outcomes(as_json: bool, echo: Callable[..., None] = typer.echo) -> Callable[[Outcome], None]:
    """Prints state changes as they happen, as lines or as JSON lines, and what is said beside them.

    Sentences are no JSON: with as_json they go to standard error. echo : `say` where the session must go on unprinted.
    """

    def show(outcome: Outcome) -> None:
        from monitor.session import change_to_dict

        for change in outcome.changes:
            echo(json.dumps(change_to_dict(change)) if as_json else change_line(change))
        for said in outcome.said:
            place = f"{said.athlete} {getattr(said, 'leg', 'both'):<5}"
            echo(f"{said.time_s:8.1f} s  {place}  note: {said.text}", err=as_json)

    return show


@dataclass(frozen=True, slots=True)
class Run:
    """One session to run. controls: what the window's buttons reach; lines: asked for what else is new to say.

    dress : what is known besides the session, such as gateways that are lost, on the newest snapshot.
    calls : where alarms go besides the screens, in words.
    """

    engine: Engine | Replay
    stop: Callable[[], None]
    controls: Any = None
    lines: Callable[[], Iterable[str]] = tuple
    dress: Callable[[Snapshot], Snapshot] | None = None
    calls: tuple[str, ...] = ()
    show: Callable[[Callable[[], Snapshot], Any], object] | None = None

    def places(self, screen: str) -> tuple[str, ...]:
        """Where alarms go now, in words. screen : this computer's, empty = there is none."""
        sounds = "" if self.controls is None else self.controls.sounds
        here = f"{screen} ({sounds})" if sounds else screen
        return (*((here,) if screen else ()), *self.calls)

    @property
    def snapshot(self) -> Snapshot:
        """The newest picture."""
        shown = self.engine.snapshot
        return shown if self.dress is None else self.dress(shown)


def watch(run: Run, window: bool, *, wall: bool = False, web: WebPlan | None = None) -> None:
    """Run to the end: in a window (wall: that of the sideline), or in the terminal until the source ends or Ctrl-C.

    web : serve the page besides.
    """
    place = ("the wall" if wall else "the computer's window") if window else ""
    with short_pauses() as search_if_due, serving(web, lambda: run.snapshot, lambda: run.places(place)):

        def newest() -> Snapshot:
            search_if_due()
            return run.snapshot

        try:
            if window and run.show is None:
                from monitor.dashboard import get_ready

                get_ready(wall=wall)
            run.engine.start()  # Ctrl-C may come as soon as its thread has begun
            if window:
                from monitor.dashboard import run_dashboard

                if run.show is not None:
                    run.show(newest, run.controls)
                else:
                    run_dashboard(newest, run.controls, wall=wall)
            else:
                _tell(run, search_if_due)
        finally:
            run.stop()
            _finish(run.engine)


def _tell(run: Run, search_if_due: Callable[[], None]) -> None:
    """In the terminal, until the source ends."""
    ankles: dict[tuple[str, str], str] = {}
    links: dict[str, str] = {}
    while run.engine.running:
        time.sleep(0.05)
        search_if_due()
        for line in run.lines():
            say(line, err=True)
        if sys.stderr.isatty():
            shown = run.snapshot
            for line in (*link_lines(shown, links), *ankle_lines(shown, ankles)):
                say(line, err=True)


def ankle_lines(snapshot: Snapshot, told: dict[tuple[str, str], str]) -> Iterator[str]:
    """What has changed about the ankles: what to do for the calibration, how it went. told : what was said before."""
    for leg in snapshot.legs:
        place = leg.athlete, leg.leg
        if leg.angle_note and told.get(place) != leg.angle_note:
            told[place] = leg.angle_note
            yield f"{snapshot.time_s:8.1f} s  {leg.athlete} {leg.leg:<5}  ankle: {leg.angle_note}"


def link_lines(snapshot: Snapshot, told: dict[str, str]) -> Iterator[str]:
    """The sensors whose link has come to another state, or that are warned of. told : what was said before."""
    for link in snapshot.links:
        state = f"{link.link}; {link.warning}" if link.warning else link.link
        if told.get(link.sensor) != state:
            told[link.sensor] = state
            detail = f" ({link.detail})" if link.detail else ""
            yield f"{snapshot.time_s:8.1f} s  {link.role}  {link.sensor}: {state}{detail}"


def tell_advice(seen: StatesSeen, session: Session, journal: Journal | None) -> None:
    """After a session: what fits what was seen, at most four lines for each athlete."""
    shares: dict[str, float] = {}
    for leg in session.legs:
        shares[leg.athlete] = max(shares.get(leg.athlete, 0.0), leg.shortened_s / max(session.now_s, 1.0))
    for line in seen.lines(journal, shares, session.settings.signs.dose_fraction):
        say(line, err=True)


def _finish(engine: Engine | Replay) -> None:
    """Let the engine work off what had come, so that it is recorded, and raise what ended it."""
    said, began_s = False, time.monotonic()
    while engine.running:
        time.sleep(0.02)
        if not said and time.monotonic() - began_s > _SILENT_S:
            say("writing what has come; Ctrl-C ends at once", err=True)
            said = True
    engine.join()


def recorder(path: Path | None, header: Callable[[], dict[str, Any]]) -> AbstractContextManager[Any]:
    """A recorder on a file, or nothing."""
    if path is None:
        return nullcontext()
    return _recording(path, header())


@contextmanager
def _recording(path: Path, header: dict[str, Any]) -> Iterator[Any]:
    """A recorder that is closed at the end. Raises: RecordingError if something could not be written."""
    from monitor.errors import RecordingError
    from monitor.recording.recorder import Recorder

    file = Recorder(path, header)
    try:
        yield file
    finally:
        file.close()
    if file.failure:
        raise RecordingError(f"the recording {path} is not whole: {file.failure}")


def sinks(of: Any) -> Iterable[Any]:
    """The sinks of a recorder that may be absent."""
    return () if of is None else (of,)
