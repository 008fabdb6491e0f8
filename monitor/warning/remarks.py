"""What is said beside the state: a question about a hold, and the answer to what a person reports."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import StrEnum

from monitor.settings import Settings
from monitor.warning import texts
from monitor.warning.evidence import CrampReading, Evidence, Verdict
from monitor.warning.transitions import State


class Report(StrEnum):
    """What a person says about a leg."""

    CRAMP = "cramp"
    PAIN = "pain or hardness"
    HOLD = "hold"  # the answer to the question: it is meant


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence about a leg that changes no state. Session seconds."""

    time_s: float
    athlete: str
    leg: str
    text: str


class Remarks:
    """One leg's. `standing` : the sentences that hold now, for the reasons of the present state."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.standing: tuple[str, ...] = ()
        self._answer: str | None = None
        self._answer_s = 0.0  # for how long it still stands
        self._pending: Report | None = None
        self._cramp_s = 0.0  # for how long a reported cramp is still looked for
        self._asked = self._meant = False
        self._told: deque[str] = deque()

    @property
    def cramp_reported(self) -> bool:
        """Whether a person has said lately that this calf cramps."""
        return self._cramp_s > 0

    def report(self, report: Report) -> None:
        """A person says something; the next second answers."""
        self._pending = report
        if report == Report.CRAMP:
            self._cramp_s = self._settings.cramp.report_s

    def tell(self, text: str) -> None:
        """A sentence that one of the next seconds says."""
        self._told.append(text)

    def take_back(self, report: Report) -> None:
        """It was not meant: nothing is looked for or answered because of it any more."""
        self._pending = None if self._pending == report else self._pending
        self._answer_s = 0.0
        if report == Report.CRAMP:
            self._cramp_s = 0.0

    def of(self, evidence: Evidence, state: State, athlete: str, leg: str) -> Remark | None:
        """What is new in this second."""
        new = self._answered(evidence, state) or self._question(evidence, state)
        self._cramp_s, self._answer_s = max(0.0, self._cramp_s - 1), max(0.0, self._answer_s - 1)
        asked = self._asked_text(evidence.cramp) if self._asked and evidence.cramp and not self._meant else ()
        self.standing = (*asked, *((self._answer,) if self._answer and self._answer_s else ()))
        new = new or (self._told.popleft() if self._told else None)
        return None if new is None else Remark(evidence.time_s, athlete, leg, new)

    def _answered(self, evidence: Evidence, state: State) -> str | None:
        report, self._pending = self._pending, None
        if report == Report.HOLD:
            self._meant = self._asked
        if report not in (Report.CRAMP, Report.PAIN) or state == State.CRAMP:
            return None
        seen = evidence.cramp if evidence.good else None
        if seen is not None and seen.verdict and report == Report.CRAMP:
            self._answer = texts.cramp_believed()  # calf or signal is not known well enough for the state to say it
        else:
            self._answer = texts.pain(seen)
        self._answer_s = self._settings.cramp.came_back_s
        return self._answer

    def _question(self, evidence: Evidence, state: State) -> str | None:
        """Asked once for each contraction that lasts."""
        reading = evidence.cramp
        if reading is None:
            return None
        if reading.unsustained_s >= self._settings.cramp.window_s:  # a second that looks otherwise ends no contraction
            self._asked = self._meant = False
        if reading.verdict == Verdict.NOTHING:
            return None
        silent = state in (State.CRAMP, State.NO_SIGNAL, State.CALIBRATING) or reading.verdict.cramp
        if self._asked or silent or reading.sustained_s <= self._settings.cramp.ask_after_s:
            return None
        self._asked = True
        return self._asked_text(reading)[0]

    def _asked_text(self, reading: CrampReading) -> tuple[str]:
        return (texts.question(reading, self._settings),)
