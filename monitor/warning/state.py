"""The state of one leg, decided once a second from the evidence. Every change carries its reasons.

What is remembered stands in `memory`, which state follows in the table of `transitions`, every sentence in `texts`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from monitor.settings import Settings
from monitor.warning import score as scoring
from monitor.warning import texts
from monitor.warning.evidence import CrampReading, Evidence
from monitor.warning.memory import Memory, Phase
from monitor.warning.remarks import Remark, Remarks, Report
from monitor.warning.transitions import State, next_state

__all__ = ["Remark", "Report", "State", "StateChange", "StateMachine"]

_SCORED = (State.OK, State.WATCH, State.WARN, State.COOLDOWN)


@dataclass(frozen=True, slots=True)
class StateChange:
    """A leg's state from `time_s` on (session seconds), with its reasons. config_hash : of the settings behind it."""

    time_s: float
    athlete: str
    leg: str
    state: State
    score: float | None
    points: scoring.Points
    reasons: tuple[str, ...]
    stale: bool = False
    config_hash: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The contract's JSON object."""
        out: dict[str, Any] = {"time_s": self.time_s, "state": str(self.state), "score": self.score}
        out |= {"points": dict(self.points), "reasons": list(self.reasons)}
        return out | ({"stale": True} if self.stale else {}) | {"config_hash": self.config_hash}


@dataclass(slots=True)
class StateMachine:
    """push() takes one second's evidence and gives a StateChange where the state changes (and at the very start).

    remark : of the last second: a question, or the answer to what a person reported; None = none.
    """

    athlete: str
    leg: str
    settings: Settings
    state: State = State.CALIBRATING
    since_s: float = 0.0
    reasons: tuple[str, ...] = ()
    points: scoring.Points = field(default_factory=lambda: dict.fromkeys(scoring.KEYS))
    score: float | None = None
    remark: Remark | None = None
    memory: Memory = field(init=False)
    _remarks: Remarks = field(init=False)
    _hash: str = field(init=False)
    _seen: tuple[str, ...] = ()  # what the present cramp was told by
    _found: CrampReading | None = None  # and the second of it

    def __post_init__(self) -> None:
        self.memory, self._remarks = Memory(self.settings), Remarks(self.settings)
        self._hash = self.settings.hash

    def begin(self, time_s: float) -> StateChange:
        """The state before the first second is known."""
        self.reasons = texts.beginning()
        return self._change(State.CALIBRATING, time_s, stale=False)

    def push(self, evidence: Evidence) -> StateChange | None:
        """Decide this second."""
        memory = self.memory
        memory.see_signal(evidence)
        if (since_cramp_s := memory.since_cramp_s(evidence.time_s)) is not None:
            evidence = replace(evidence, since_cramp_s=since_cramp_s)
        if evidence.good and evidence.calibration_fraction >= 1:
            self.points = scoring.points(evidence, self.settings.tables)
            self.score = scoring.total(self.points)
            memory.see(evidence, self.points)
        else:
            memory.see_nothing()
        memory.reported = self._remarks.cramp_reported
        facts = memory.facts(evidence)
        before, state = self.state, next_state(self.state, facts)
        if state != before:
            memory.enter(state, before, evidence.time_s)
        self.remark = self._remarks.of(evidence, state, self.athlete, self.leg)
        self.reasons = (*self._explain(before, state, evidence), *self._remarks.standing)
        return self._change(state, evidence.time_s, evidence.stale) if state != before else None

    def report(self, report: Report) -> None:
        """A person says something about this leg; the next second answers."""
        self._remarks.report(report)

    def tell(self, text: str) -> None:
        """A sentence about this leg, said as a remark."""
        self._remarks.tell(text)

    def refit(self) -> None:
        """The fatigue baseline is another one from now on."""
        self.memory.forget_level()

    def take_back(self, report: Report) -> None:
        """What a person said about this leg was not meant."""
        self._remarks.take_back(report)

    def restart(self, time_s: float) -> None:
        """The baseline is gathered anew."""
        self.memory.restart(time_s)
        self.points, self.score = dict.fromkeys(scoring.KEYS), None

    def _explain(self, before: State, state: State, evidence: Evidence) -> tuple[str, ...]:
        memory, settings = self.memory, self.settings
        match state:
            case State.NO_SIGNAL:
                back = memory.good.seconds > 0
                why = texts.waiting(settings) if back else texts.no_signal(evidence, memory.ever, settings)
                return (*why, *texts.kept(memory.phase == Phase.CRAMPING, memory.risk, memory.tiring))
            case State.CALIBRATING:
                return texts.calibrating(evidence, settings)
            case State.WARN:
                return texts.warn(evidence, self.points, self.score, settings)
            case State.CRAMP:
                return self._explain_cramp(before, evidence)
            case State.RELIEF:
                if before == State.CRAMP:
                    self._seen = texts.relief(evidence.cramp, self._found, memory.unseen, settings)
                return self._seen
            case State.COOLDOWN:
                return texts.cooldown(evidence, settings)
            case State.WATCH:
                return texts.watch(evidence, settings)
            case State.OK:
                return texts.ok(evidence, settings)

    def _explain_cramp(self, before: State, evidence: Evidence) -> tuple[str, ...]:
        if before == State.NO_SIGNAL:
            self._seen = texts.cramp_unseen()
        elif before != State.CRAMP and evidence.cramp is not None:
            self._seen = texts.cramp(evidence.cramp, self.memory.came_back, self.settings)
            self._found = evidence.cramp
        return (*self._seen, *texts.cramp_lasts(evidence.time_s - self.memory.cramp_s, self.settings))

    def _change(self, state: State, time_s: float, stale: bool) -> StateChange:
        self.state, self.since_s = state, time_s
        known = state in _SCORED
        points: scoring.Points = dict(self.points) if known else dict.fromkeys(scoring.KEYS)
        score = self.score if known else None
        return StateChange(
            time_s, self.athlete, self.leg, state, score, points, self.reasons, stale and known, self._hash
        )
