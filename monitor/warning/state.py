"""The state of one leg, decided once a second from the evidence. Every change carries its reasons.

Two memories with hysteresis decide among OK, WATCH and WARN: `tiring` (the fatigue reading) and `risk` (the points).
They are kept through NO_SIGNAL, so a sensor that falls off never reads as recovered, and unknown evidence never clears
them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from monitor.settings import Settings
from monitor.warning import score as scoring
from monitor.warning import texts
from monitor.warning.evidence import Evidence


class State(StrEnum):
    """What is said about a leg. CRAMP, RELIEF and COOLDOWN are promised and not entered yet."""

    NO_SIGNAL = "NO_SIGNAL"
    CALIBRATING = "CALIBRATING"
    OK = "OK"
    WATCH = "WATCH"
    WARN = "WARN"
    CRAMP = "CRAMP"
    RELIEF = "RELIEF"
    COOLDOWN = "COOLDOWN"


@dataclass(frozen=True, slots=True)
class StateChange:
    """A leg's state from `time_s` on (session seconds), with its reasons."""

    time_s: float
    athlete: str
    leg: str
    state: State
    score: float | None
    points: scoring.Points
    reasons: tuple[str, ...]
    stale: bool = False

    def to_dict(self) -> dict[str, Any]:
        """The contract's JSON object."""
        out: dict[str, Any] = {"time_s": self.time_s, "state": str(self.state), "score": self.score}
        out |= {"points": dict(self.points), "reasons": list(self.reasons)}
        return out | ({"stale": True} if self.stale else {})


@dataclass(slots=True)
class _Held:
    """For how many seconds in a row something has been true."""

    seconds: float = 0.0

    def update(self, true: bool) -> float:
        self.seconds = self.seconds + 1 if true else 0.0
        return self.seconds


@dataclass(slots=True)
class StateMachine:
    """push() takes one second's evidence and gives a StateChange where the state changes (and at the very start)."""

    athlete: str
    leg: str
    settings: Settings
    state: State | None = None
    since_s: float = 0.0
    reasons: tuple[str, ...] = ()
    points: scoring.Points = field(default_factory=lambda: dict.fromkeys(scoring.KEYS))
    score: float | None = None
    tiring: bool = False
    risk: bool = False
    _ever: bool = False
    _silent: _Held = field(default_factory=_Held)
    _bad: _Held = field(default_factory=_Held)
    _good: _Held = field(default_factory=_Held)
    _low: _Held = field(default_factory=_Held)
    _high: _Held = field(default_factory=_Held)
    _risky: _Held = field(default_factory=_Held)
    _calm: _Held = field(default_factory=_Held)

    def begin(self, time_s: float) -> StateChange:
        """The state before the first second is known."""
        self.reasons = ("waiting for the first second of EMG",)
        return self._change(State.CALIBRATING, time_s, stale=False)

    def push(self, evidence: Evidence) -> StateChange | None:
        """Decide this second."""
        self._signal(evidence)
        if evidence.good and evidence.calibration_fraction >= 1:
            self._remember(evidence)
        else:  # "so many seconds in a row" does not hold across a gap
            for held in (self._low, self._high, self._risky, self._calm):
                held.update(False)
        state = self._decide(evidence)
        self.reasons = self._explain(state, evidence)
        return self._change(state, evidence.time_s, evidence.stale) if state != self.state else None

    def _signal(self, evidence: Evidence) -> None:
        self._ever = self._ever or evidence.packets
        self._silent.update(not evidence.packets)
        self._bad.update(not evidence.good)
        self._good.update(evidence.good)

    def _remember(self, evidence: Evidence) -> None:
        trend, limits = self.settings.trend, self.settings.state
        self.points = scoring.points(evidence, self.settings.signs, limits)
        self.score = scoring.total(self.points)
        level = math.nan if evidence.compression is None or evidence.stale else evidence.compression
        if self._low.update(level < trend.watch_level) >= trend.watch_after_s:
            self.tiring = True
        if self._high.update(level > trend.clear_level) >= trend.clear_after_s:
            self.tiring = False
        if self._risky.update(scoring.is_warning(self.points, limits)) >= limits.warn_after_s:
            self.risk = True
        known = self.points["quiet"] is not None or self.points["twitches"] is not None
        calm = known and self.score is not None and self.score <= limits.warn_clear_score
        if self._calm.update(calm) >= limits.warn_clear_after_s:
            self.risk = False

    def _decide(self, evidence: Evidence) -> State:
        limits = self.settings.state
        if self._silent.seconds >= limits.no_packet_s or self._bad.seconds >= limits.bad_quality_s:
            return State.NO_SIGNAL
        if self.state == State.NO_SIGNAL and self._good.seconds < limits.back_after_s:
            return State.NO_SIGNAL
        if evidence.calibration_fraction < 1 or not self._ever:
            return State.CALIBRATING
        return State.WARN if self.risk else State.WATCH if self.tiring else State.OK

    def _explain(self, state: State, evidence: Evidence) -> tuple[str, ...]:
        if state == State.NO_SIGNAL:
            waiting = self._good.seconds > 0
            back = f"signal is back, {self.settings.state.back_after_s:.0f} s of it are needed"
            return (back,) if waiting else texts.no_signal(evidence, self._ever, self.settings)
        if state == State.CALIBRATING:
            return texts.calibrating(evidence, self.settings)
        if state == State.WARN:
            return texts.warn(evidence, self.points, self.score, self.settings)
        return texts.watch(evidence, self.settings) if state == State.WATCH else texts.ok(evidence, self.settings)

    def _change(self, state: State, time_s: float, stale: bool) -> StateChange:
        self.state, self.since_s = state, time_s
        known = state in (State.OK, State.WATCH, State.WARN)
        points: scoring.Points = dict(self.points) if known else dict.fromkeys(scoring.KEYS)
        return StateChange(
            time_s, self.athlete, self.leg, state, self.score if known else None, points, self.reasons, stale and known
        )
