"""The engine's thread: takes events from a source, feeds the session, tells the sinks, publishes snapshots."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from monitor.background import Background
from monitor.chunk import Chunk
from monitor.errors import CrampwatchError
from monitor.events import Event, Heartbeat, Notification
from monitor.session import Outcome, Session, change_to_dict
from monitor.snapshot import Snapshot
from monitor.view import snapshot

FRAME_S = 1 / 30
SQUAD_FRAME_S = 0.05  # a picture for each 0.1 s that is decoded, though one may come late and the next in time


class Sink(Protocol):
    """Something that is told of every event, the samples decoded from it and the state changes that it led to."""

    def put(self, event: Event, chunks: Sequence[Chunk], changes: Sequence[Mapping[str, Any]]) -> None:
        """Take the next event. It must not wait."""
        ...


class Engine(Background):
    """Runs one session from one source.

    source : the events in order of arrival; its end ends the session.
    until_s : the session ends there, None = with the source.
    describe : what a snapshot says about the session: speed, source, title, simulated.
    on_outcome : told of every outcome that changes a state or says a sentence.
    watched : publish snapshots for a screen, one every `frame_s` wall seconds; curves : with the signals of the last
    seconds, which a wall does not show.
    """

    def __init__(
        self,
        source: Iterable[Event],
        session: Session,
        *,
        describe: Callable[[], dict[str, object]],
        sinks: Iterable[Sink] = (),
        until_s: float | None = None,
        watched: bool = False,
        frame_s: float = FRAME_S,
        on_outcome: Callable[[Outcome], None] | None = None,
        recording: Callable[[], str] | None = None,
        curves: bool = True,
    ) -> None:
        super().__init__("engine", self._tell_failure)
        self._source, self.session, self._describe = source, session, describe
        self._sinks, self._until_s, self._watched, self._frame_s = tuple(sinks), until_s, watched, frame_s
        self._on_outcome, self._recording = on_outcome or (lambda _: None), recording or (lambda: "")
        self._next_frame, self._curves = 0.0, curves
        self.snapshot = self._picture()

    def run(self) -> None:
        """To the end, in this thread."""
        self._tell(Heartbeat(0.0), Outcome(changes=self.session.first_changes))
        for event in self._source:
            if self._until_s is not None and event.time_s > self._until_s:
                break
            self._take(event)
        last = self.session.finish()
        self._tell(Heartbeat(self.session.now_s), last)
        self.snapshot = replace(self._picture(), ended=True)

    def _tell_failure(self, error: BaseException) -> None:
        """The screen keeps its last picture and says why nothing new comes."""
        sentence = str(error) if isinstance(error, CrampwatchError) else f"the engine has failed: {error!r}"
        self.snapshot = replace(self.snapshot, notes=(*self.snapshot.notes, sentence))

    def _take(self, event: Event) -> None:
        """A wall's picture comes before a squad's seconds close, which takes longer; a change is shown at once."""
        early = None if self._curves else self._show
        outcome = self.session.feed(event, early)
        self._tell(event, outcome)
        waits, shown = isinstance(event, Notification), bool(early) and isinstance(event, Notification | Heartbeat)
        if self._watched and (outcome.changes or outcome.said):
            self.snapshot = self._picture()
        elif (outcome.chunks or not waits) and not shown:
            self._show(outcome.chunks)

    def _show(self, _: Sequence[Chunk]) -> None:
        """A picture, if it is time for one."""
        if self._watched and time.monotonic() >= self._next_frame:
            self.snapshot = self._picture()
            self._next_frame = time.monotonic() + self._frame_s

    def _tell(self, event: Event, outcome: Outcome) -> None:
        for sink in self._sinks:
            sink.put(event, outcome.chunks, [change_to_dict(change) for change in outcome.changes])
        if outcome.changes or outcome.said:
            self._on_outcome(outcome)

    def _picture(self) -> Snapshot:
        shown = snapshot(self.session, curves=self._curves, **self._describe())  # type: ignore[arg-type]
        return replace(shown, recording=self._recording())
