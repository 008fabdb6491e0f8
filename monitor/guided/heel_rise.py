"""The heel-rise test as it is guided: what comes next, when it ends. A sink of the session's engine.

It decides in stream time and asks for markers; only a marker that has come moves it on. So the recording holds every
step, and a replay of it goes the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import numpy as np

from monitor.chunk import Chunk
from monitor.errors import TeamError
from monitor.events import Event, Marker
from monitor.guided import marks, texts
from monitor.guided.judging import End, Judged, judge
from monitor.guided.marks import HEEL_RISE, Mark
from monitor.guided.traces import LegTrace, Traces
from monitor.session import Session


class Phase(StrEnum):
    """Where the test stands."""

    PREPARE = "prepare"
    WARM_UP = "warm-up"
    REST = "rest"
    TEST = "test"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class GuideView:
    """For a screen: phase, leg under test or next, rises so far, the sentence to show, when the phase began.

    beats_from_s : session second of the first beat of the metronome, None = it is silent; two beats are one rise.
    """

    phase: str
    leg: str
    rises: int
    prompt: str
    since_s: float
    beats_from_s: float | None = None


class HeelRiseGuide:
    """Guides one athlete. Give it to the engine as a sink.

    mark : notes a marker in the session now (`LiveSource.mark`).
    guides : False = the markers come from a recording, it only follows them.
    Raises: TeamError if the athlete wears no sensor.
    """

    def __init__(
        self,
        session: Session,
        athlete: str,
        mark: Callable[[str], None],
        *,
        first: str = "left",
        guides: bool = True,
        keep_emg: bool = False,
    ) -> None:
        self.athlete, self._mark, self._guides = athlete, mark, guides
        self.settings = session.settings.guided
        self.traces = Traces(session, athlete, keep_emg=keep_emg)
        if not self.traces.legs:
            raise TeamError(f"nobody called {athlete!r} wears a sensor in this session")
        order = ("left", "right") if first == "left" else ("right", "left")
        self._legs = [leg for leg in order if leg in self.traces.legs]
        self.phase, self.since_s, self._asked = Phase.PREPARE, 0.0, ""
        self.ended: dict[str, tuple[float, float, str]] = {}  # by leg: begin, end, why
        self._rises = 0
        self.view = self._picture()

    def put(self, event: Event, chunks: Sequence[Chunk], changes: Sequence[Mapping[str, Any]]) -> None:
        """Follow the session (see `monitor.engine.Sink`)."""
        mark = Mark.read(event.text) if isinstance(event, Marker) else None
        if mark is not None and mark.kind == HEEL_RISE:
            self._obey(mark, event.time_s)
            self.view = self._picture()
        if self.traces.put(event, chunks) and self.phase is not Phase.DONE:
            self._decide(min(trace.closed_s for trace in self.traces.legs.values()))
            self.view = self._picture()

    def press(self) -> None:
        """The person's key: on to the next step, or the end of this leg's test. From any thread."""
        if self.phase is Phase.PREPARE:
            self._ask(Mark(HEEL_RISE, marks.WARM_UP))
        elif self.phase is Phase.WARM_UP:
            self._ask(Mark(HEEL_RISE, marks.REST))
        elif self.phase is Phase.REST:
            self._ask(Mark(HEEL_RISE, marks.TEST, self.leg))
        elif self.phase is Phase.TEST:
            self._ask(Mark(HEEL_RISE, marks.END, self.leg, str(End.PERSON)))

    @property
    def leg(self) -> str:
        """The leg under test, or the next; empty when all are done."""
        return next((leg for leg in self._legs if leg not in self.ended), "")

    def close(self, now_s: float) -> None:
        """The session has ended; a test that was under way ends with it."""
        if self.phase is Phase.TEST:
            self.ended[self.leg] = (self.since_s, now_s, str(End.SOURCE))
        self.phase = Phase.DONE

    def judged(self, leg: str, begin_s: float, until_s: float) -> tuple[Judged, str]:
        """A leg's rises in a span, judged, and what they were found in; no pause where a rise could not be seen."""
        trace = self.traces.legs[leg]
        rises, source = trace.rises(begin_s, until_s, self.settings)
        judged = judge(rises, begin_s, until_s, self.settings)
        if judged.end in (End.STOPPED, End.NOT_BEGUN):
            since_s = judged.counted[-1].end_s if judged.counted else begin_s
            waited_s = judged.end_s if judged.end_s is not None and judged.end_s > since_s else until_s
            if trace.unknown_s(since_s, waited_s, source) >= 60.0 / self.settings.rises_per_min:
                return replace(judged, end=End.LOST), source
        return judged, source

    def _ask(self, mark: Mark) -> None:
        """Ask for a marker, once; it comes back as an event."""
        if self._asked != str(mark):
            self._asked = str(mark)
            self._mark(str(mark))

    def _obey(self, mark: Mark, time_s: float) -> None:
        if mark.word == marks.WARM_UP:
            self.phase = Phase.WARM_UP
        elif mark.word == marks.REST:
            self.phase = Phase.REST
        elif mark.word == marks.TEST:
            self.phase = Phase.TEST
        elif mark.word == marks.END and mark.leg in self.traces.legs:
            self.ended[mark.leg] = (self.since_s, time_s, mark.detail)
            self.phase = Phase.REST if self.leg else Phase.DONE
        elif mark.word == marks.DONE:
            self.phase = Phase.DONE
        self.since_s, self._rises, self._asked = time_s, 0, ""

    def _decide(self, now_s: float) -> None:
        """Once for every second that has closed on all legs."""
        if self.phase is Phase.WARM_UP:
            found = [trace.rises(self.since_s, now_s, self.settings)[0] for trace in self.traces.legs.values()]
            self._rises = max(len(rises) for rises in found)
        elif self.phase is Phase.TEST:
            judged, _ = self.judged(self.leg, self.since_s, now_s)
            self._rises = len(judged.counted)
            if self._guides and judged.end is not None:
                self._ask(Mark(HEEL_RISE, marks.END, self.leg, str(judged.end)))
        if not self._guides:
            return
        if self.phase is Phase.PREPARE and all(self._ready(trace, now_s) for trace in self.traces.legs.values()):
            self._ask(Mark(HEEL_RISE, marks.WARM_UP))
        elif self.phase is Phase.WARM_UP and self._rises >= self.settings.warm_up_rises:
            self._ask(Mark(HEEL_RISE, marks.REST))
        elif self.phase is Phase.REST and now_s - self.since_s >= self._rest_s:
            self._ask(Mark(HEEL_RISE, marks.TEST, self.leg))

    @property
    def _rest_s(self) -> float:
        return self.settings.between_legs_s if self.ended else self.settings.rest_s

    def _ready(self, trace: LegTrace, now_s: float) -> bool:
        """The signal is there, and where there are ankle sensors the leg is calibrated and stands still."""
        newest = trace.leg.history[-1]
        if not newest.evidence.good or (trace.leg.angle is not None and trace.leg.angle.pending):
            return False
        angle = trace.angle(now_s - self.settings.still_s, now_s)
        if angle is None or trace.leg.angle_source == "none":
            return now_s >= self.settings.begin_within_s
        whole = angle.time_s[-1] - angle.time_s[0] >= 0.9 * self.settings.still_s if len(angle) else False
        return bool(whole and np.ptp(angle.samples[:, 0]) <= self.settings.still_deg)  # NaN is not still

    def _picture(self) -> GuideView:
        beats = self.since_s if self.phase is Phase.TEST else None
        prompt = texts.heel_rise(self.phase, self.leg, self._rises, self._rest_s, self.settings)
        return GuideView(str(self.phase), self.leg, self._rises, prompt, self.since_s, beats)
