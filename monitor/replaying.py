"""A recording played through the session: pause, seek, step, speed, loop. Looks like an engine to who watches it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from monitor.background import Background
from monitor.engine import Engine, Sink
from monitor.errors import RecordingError, SettingsError
from monitor.exporting.events import ContentSource
from monitor.exporting.opening import open_session
from monitor.keeping import session_from_header
from monitor.leg_tables import LegTables, tables_session, tables_source
from monitor.recording import amend
from monitor.recording.replay import RecordingSource
from monitor.session import Outcome, Session
from monitor.settings import Settings
from monitor.snapshot import Snapshot

Source = RecordingSource | ContentSource


class Replay(Background):
    """Plays one recording. Every control may be used from any thread and returns at once.

    played : the file of a recorded session, or the tables of one leg.
    speed : session seconds per wall second, None = as fast as possible. start_s : plays from here; what lies before is
    always computed, at full speed, so that no state depends on how one came there. loop : begins again at its end.
    until_s : ends there. newest : decode the raw bytes with today's profiles in place of the recorded ones.
    settings : None = as recorded.
    Raises: RecordingError where the file cannot be read or has nothing at start_s.
    """

    def __init__(
        self,
        played: Path | LegTables,
        *,
        speed: float | None = 1.0,
        start_s: float = 0.0,
        loop: bool = False,
        until_s: float | None = None,
        newest: bool = False,
        settings: Settings | None = None,
        watched: bool = False,
        sinks: Iterable[Sink] = (),
        on_outcome: Callable[[Outcome], None] | None = None,
    ) -> None:
        super().__init__("replay")
        self._sinks = (self, *sinks)
        self._played, self._speed, self._start_s, self._loop = played, speed, start_s, loop
        self._path = played if isinstance(played, Path) else Path(played.file)
        self._until_s, self._newest, self._settings, self._watched, self._on_outcome = (
            until_s,
            newest,
            settings,
            watched,
            on_outcome,
        )
        self._lock = threading.Lock()
        self._again_s: float | None = None
        self._held = self._stopped = False
        self.notes: tuple[str, ...] = ()
        self.states: list[dict[str, Any]] = []  # as recomputed, of the newest pass
        self.recorded: tuple[dict[str, Any], ...] = ()
        self._source, self._engine = self._open(start_s)
        self.header = self._source.header
        self.duration_s = self._source.duration_s
        if start_s > self.duration_s:
            self._source.close()
            raise RecordingError(f"{self._path} lasts {self.duration_s:.0f} s and has nothing from {start_s:g} s on")

    def run(self) -> None:
        """To the end, in this thread."""
        while True:
            try:
                self._engine.run()
                self.notes = self._source.notes
            finally:
                self._source.close()
            with self._lock:
                begin_s, self._again_s = self._again_s, None
                if self._stopped or (begin_s is None and not self._loop):
                    return
                self._source, self._engine = self._open(self._start_s if begin_s is None else begin_s)

    @property
    def session(self) -> Session:
        """What is being fed now."""
        return self._engine.session

    @property
    def snapshot(self) -> Snapshot:
        """The newest picture."""
        shown = self._engine.snapshot
        return replace(shown, ended=False) if self.running and shown.ended else shown

    def set_speed(self, speed: float | None) -> None:
        """Session seconds per wall second, 0.1 to 1000; None = as fast as possible. Raises: SettingsError."""
        if speed is not None and not 0.1 <= speed <= 1000:
            raise SettingsError(f"the replay speed must lie between 0.1 and 1000, not {speed:g}")
        with self._lock:
            self._speed = speed
            self._source.set_speed(speed)

    def pause(self, held: bool = True) -> None:
        """Hold session time, or let it go on."""
        with self._lock:
            self._held = held
            (self._source.pause if held else self._source.resume)()

    def step(self, by_s: float = 1.0) -> None:
        """Hold, and let so many seconds pass."""
        with self._lock:
            self._held = True
            self._source.pause()
            self._source.step(by_s)

    def seek(self, to_s: float) -> None:
        """Go to a session second: forward through what lies between, back through all from the beginning."""
        to_s = min(max(0.0, to_s), self.duration_s)
        with self._lock:
            if to_s >= self._engine.session.now_s:
                self._source.skip_to(to_s)
            else:
                self._again_s = to_s
                self._source.stop()

    def loop(self, on: bool) -> None:
        """Whether to begin again at the end."""
        self._loop = on

    def note(self, text: str) -> None:
        """Note this moment in the recording, for good. Raises: RecordingError where it cannot be written."""
        self._check_recording()
        amend.add(self._path, [amend.Note(min(self.session.now_s, self.duration_s), text)])

    def undo_note(self) -> str:
        """Undo the newest note; what was undone. Raises: RecordingError where there is none."""
        self._check_recording()
        return amend.undo(self._path)

    def _check_recording(self) -> None:
        if self._path.suffix.lower() != ".xdf":
            raise RecordingError(f"{self._path} takes no notes; turn it into a recording with `crampwatch convert`")

    def stop(self) -> None:
        """End it."""
        with self._lock:
            self._stopped = True
            self._source.stop()
            if not self.begun:
                self._source.close()

    def _open(self, start_s: float) -> tuple[Source, Engine]:
        source, session = self._opened(start_s)
        if self._held:
            source.pause()
        engine = Engine(
            source,
            session,
            describe=lambda: self._describe(source),
            sinks=self._sinks,
            until_s=self._until_s,
            watched=self._watched,
            on_outcome=self._on_outcome,
        )
        return source, engine

    def _opened(self, start_s: float) -> tuple[Source, Session]:
        if isinstance(self._played, LegTables):
            session = tables_session(self._played, self._settings or Settings())
            self.states = []
            return tables_source(self._played, self._speed, start_s), session
        source = open_session(self._played, self._speed, start_s)
        try:
            file = str(self._path)
            session = session_from_header(source.header, settings=self._settings, newest=self._newest, file=file)
            self.recorded, self.states = tuple(source.recorded_changes), []
        except BaseException:
            source.close()
            raise
        return source, session

    def put(self, event: object, chunks: object, changes: Sequence[Mapping[str, Any]]) -> None:
        """As a sink of the engine: keep the states."""
        self.states += [dict(change) for change in changes]

    def _describe(self, source: Source) -> dict[str, object]:
        return {
            "speed": self._speed or 0.0,
            "source": "replay",
            "title": self._path.name,
            "simulated": bool(source.header.get("simulated")),
        }


def state_differences(recorded: Sequence[Mapping[str, Any]], recomputed: Sequence[Mapping[str, Any]]) -> list[str]:
    """States as recorded beside states as recomputed: a line for each that is not in both, in order of time."""
    before, now = ([_state_line(change) for change in changes] for changes in (recorded, recomputed))
    only = [(line, "recorded") for line in before if line not in now] + [
        (line, "recomputed") for line in now if line not in before
    ]
    return [f"{line}  ({which} only)" for line, which in sorted(only)]


def _state_line(change: Mapping[str, Any]) -> str:
    who = f"{change.get('athlete', '')} {change.get('leg', '')}"
    return f"{float(change.get('time_s', 0.0)):8.1f} s  {who}  {change.get('state')}"
