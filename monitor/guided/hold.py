"""The shortened hold: a laboratory task that brings on cramps in about a third of people, to be true positives.

Source: prone, shortened and unloaded, maximal contraction for at most 60 s: 31 % of 74 people cramped, 97 % of those
again in later sessions.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from monitor.chunk import Chunk
from monitor.errors import RecordingError, TeamError
from monitor.events import Event, Marker
from monitor.guided import marks, texts
from monitor.guided.heel_rise import GuideView
from monitor.guided.marks import HOLD, Mark
from monitor.session import Session
from monitor.settings import GuidedSettings
from monitor.unfinished import drafts

PREPARE, CRAMPED = "prepare", "cramp"
LABEL_COLUMNS = ("file", "leg", "start_s", "end_s", "kind")
Span = tuple[float, float]


class HoldGuide:
    """Guides one leg of one athlete through the hold. Give it to the engine as a sink.

    mark : notes a marker in the session now. Phases: prepare, test (the hold), cramp, rest, done; only markers move it.
    Raises: TeamError if that leg wears no sensor.
    """

    def __init__(self, session: Session, athlete: str, mark: Callable[[str], None], leg: str) -> None:
        if not any((each.athlete, each.leg) == (athlete, leg) for each in session.legs):
            raise TeamError(f"{athlete!r} wears no EMG sensor on the {leg} leg")
        self.athlete, self.leg, self._mark = athlete, leg, mark
        self.settings: GuidedSettings = session.settings.guided
        self.phase, self.since_s, self._asked = PREPARE, 0.0, ""
        self.view = self._picture()

    def put(self, event: Event, chunks: Sequence[Chunk], changes: Sequence[Mapping[str, Any]]) -> None:
        """Follow the session (see `monitor.engine.Sink`)."""
        if isinstance(event, Marker) and (mark := Mark.read(event.text)) is not None and mark.kind == HOLD:
            self._obey(mark, event.time_s)
            self.view = self._picture()
        elif self.phase == marks.TEST and event.time_s - self.since_s >= self.settings.hold_most_s:
            self._ask(marks.END)
        elif self.phase == marks.REST and event.time_s - self.since_s >= self.settings.after_hold_s:
            self._ask(marks.DONE)

    def press(self) -> None:
        """The person's key: begin, it cramps, it is over. From any thread."""
        after = {PREPARE: marks.TEST, marks.TEST: marks.CRAMP, marks.REST: marks.CRAMP, CRAMPED: marks.CRAMP_OVER}
        if self.phase in after:
            self._ask(after[self.phase])

    def _ask(self, word: str) -> None:
        """Ask for a marker, once; it comes back as an event."""
        if self._asked != word:
            self._asked = word
            self._mark(str(Mark(HOLD, word, self.leg)))

    def _obey(self, mark: Mark, time_s: float) -> None:
        phases = {marks.TEST: marks.TEST, marks.CRAMP: CRAMPED, marks.DONE: marks.DONE}
        self.phase = phases.get(mark.word, marks.REST)
        self.since_s, self._asked = time_s, ""

    def _picture(self) -> GuideView:
        prompt = texts.HOLD_STEPS[self.phase].format(leg=self.leg, most=self.settings.hold_most_s)
        return GuideView(self.phase, self.leg, 0, prompt, self.since_s)


def hold_spans(markers: Sequence[tuple[float, str]], end_s: float) -> tuple[list[Span], list[Span], str]:
    """The holds, the cramps and the leg of a session's markers. end_s : of the session, for what is open then."""
    holds, cramps, leg = [], [], ""
    open_s: dict[str, float] = {}
    for time_s, mark in marks.marks_of(markers, HOLD):
        leg = mark.leg or leg
        if mark.word != marks.TEST and (begun_s := open_s.pop("hold", None)) is not None:
            holds.append((begun_s, time_s))
        if mark.word != marks.CRAMP and (begun_s := open_s.pop("cramp", None)) is not None:
            cramps.append((begun_s, time_s))
        if mark.word in (marks.TEST, marks.CRAMP):
            open_s["hold" if mark.word == marks.TEST else "cramp"] = time_s
    holds += [(open_s["hold"], end_s)] if "hold" in open_s else []
    cramps += [(open_s["cramp"], end_s)] if "cramp" in open_s else []
    return holds, cramps, leg


def write_labels(path: Path, file: Path, leg: str, cramps: Sequence[Span]) -> None:
    """The labels that `evaluate` takes, as a new CSV. Raises: RecordingError if it is there or cannot be written."""
    try:
        with drafts(path, new=True) as (written,), written.open("w", encoding="utf-8", newline="") as out:
            table = csv.writer(out)
            table.writerow(LABEL_COLUMNS)
            table.writerows([file.name, leg, f"{begin_s:.2f}", f"{end_s:.2f}", "cramp"] for begin_s, end_s in cramps)
    except OSError as error:
        raise RecordingError(f"cannot write the labels to {path}: {error.strerror or error}") from error
