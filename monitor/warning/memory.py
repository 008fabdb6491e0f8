"""What a leg is remembered by, and which facts follow: hysteresis and minimum times stand here and nowhere else.

Tiring and risk are kept through a lost signal; unknown evidence never clears them, nor does it end a cramp.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum

from monitor.settings import Settings
from monitor.warning import score as scoring
from monitor.warning.evidence import CrampReading, Evidence
from monitor.warning.transitions import Fact, State


class Phase(StrEnum):
    """Where a cramp stands."""

    NONE = ""
    CRAMPING = "cramping"
    RELIEVING = "relieving"


@dataclass(slots=True)
class _Held:
    """For how many seconds in a row something has been true."""

    seconds: float = 0.0

    def update(self, true: bool) -> float:
        self.seconds = self.seconds + 1 if true else 0.0
        return self.seconds


@dataclass(slots=True)
class Memory:
    """`see` takes a second's evidence, `facts` says what is true after it, `enter` that the state has changed."""

    settings: Settings
    tiring: bool = False
    risk: bool = False
    phase: Phase = Phase.NONE
    unseen: bool = False  # the signal was lost while the cramp lasted
    reported: bool = False  # by a person, in this second
    cramp_s: float = 0.0  # when the last cramp began
    relieved_s: float | None = None  # when the last cramp let go
    came_back: bool = False  # the present cramp follows one that had just let go
    ever: bool = False
    silent: _Held = field(default_factory=_Held)
    bad: _Held = field(default_factory=_Held)
    good: _Held = field(default_factory=_Held)
    _low: _Held = field(default_factory=_Held)
    _high: _Held = field(default_factory=_Held)
    _risky: _Held = field(default_factory=_Held)
    _calm: _Held = field(default_factory=_Held)
    _released: _Held = field(default_factory=_Held)

    def see_signal(self, evidence: Evidence) -> None:
        """Whether anything was heard."""
        self.ever = self.ever or evidence.packets
        self.silent.update(not evidence.packets)
        self.bad.update(not evidence.good)
        self.good.update(evidence.good)

    def see(self, evidence: Evidence, points: scoring.Points) -> None:
        """A good second of a calf that is learnt."""
        trend, limits = self.settings.trend, self.settings.state
        level = math.nan if evidence.compression is None or evidence.stale else evidence.compression
        if self._low.update(level < trend.watch_level) >= trend.watch_after_s:
            self.tiring = True
        if self._high.update(level > trend.clear_level and not evidence.rebased) >= trend.clear_after_s:
            self.tiring = False
        risky = self._fresh(evidence) and scoring.is_warning(points, self.settings)
        if self._risky.update(risky) >= limits.warn_after_s:
            self.risk = True
        if self._calm.update(scoring.is_calm(points, self.settings)) >= limits.warn_clear_after_s:
            self.risk = False
        self._released.update(evidence.cramp is not None)

    def _fresh(self, evidence: Evidence) -> bool:
        """Whether the signs no longer remember what led to the last cramp."""
        since_s = evidence.since_cramp_s
        return self.phase == Phase.NONE and (since_s is None or since_s >= self.settings.signs.twitch_window_s)

    def see_nothing(self) -> None:
        """A second that says nothing: "so many seconds in a row" does not hold across a gap."""
        for held in (self._low, self._high, self._risky, self._calm, self._released):
            held.update(False)

    def cooling(self, time_s: float) -> bool:
        """Whether the last cramp let go less than an hour ago."""
        since_s = self.since_cramp_s(time_s)
        return since_s is not None and since_s < 60 * self.settings.cramp.cooldown_min

    def since_cramp_s(self, time_s: float) -> float | None:
        """Since the last cramp let go; None = there was none."""
        return None if self.relieved_s is None else time_s - self.relieved_s

    def facts(self, evidence: Evidence) -> frozenset[Fact]:
        """What is true at the end of this second."""
        limits, cramp = self.settings.state, self.settings.cramp
        reading = evidence.cramp if evidence.good else None
        true = {
            Fact.LOST: self.silent.seconds >= limits.no_packet_s or self.bad.seconds >= limits.bad_quality_s,
            Fact.BACK: self.good.seconds >= limits.back_after_s,
            Fact.UNLEARNT: evidence.calibration_fraction < 1 or not self.ever,
            Fact.CRAMP: reading is not None and (reading.verdict.cramp or (self.reported and bool(reading.verdict))),
            Fact.CRAMPING: self.phase == Phase.CRAMPING,
            Fact.GONE: reading is not None and _gone(reading, self.settings),
            Fact.RELIEVING: self.phase == Phase.RELIEVING,
            Fact.CAME_BACK: reading is not None and bool(reading.verdict),
            Fact.HELD: self._released.seconds >= cramp.relief_hold_s,
            Fact.RISK: self.risk,
            Fact.COOLING: self.cooling(evidence.time_s),
            Fact.TIRING: self.tiring,
        }
        return frozenset(fact for fact, is_true in true.items() if is_true)

    def enter(self, state: State, before: State, time_s: float) -> None:
        """The state has changed."""
        if state == State.CRAMP and self.phase != Phase.CRAMPING:
            since_s = self.since_cramp_s(time_s)
            self.came_back = since_s is not None and since_s < self.settings.cramp.came_back_s
            self.phase, self.unseen, self.cramp_s = Phase.CRAMPING, False, time_s
        elif state == State.NO_SIGNAL:
            self.unseen = self.unseen or self.phase == Phase.CRAMPING
        elif state == State.RELIEF and before == State.CRAMP:
            self.phase, self.relieved_s, self.risk = Phase.RELIEVING, time_s, False  # its pattern has come true
            self.see_nothing()
        elif state in (State.COOLDOWN, State.CALIBRATING):
            self._end_cramp(time_s)

    def restart(self, time_s: float) -> None:
        """The baseline is gathered anew: what rested on it is forgotten, a cramp is not."""
        self._end_cramp(time_s)
        self.risk = False
        self.forget_level()
        self.see_nothing()

    def forget_level(self) -> None:
        """The level was against another baseline."""
        self.tiring = False
        self._low.update(False)
        self._high.update(False)

    def _end_cramp(self, time_s: float) -> None:
        if self.phase == Phase.CRAMPING:
            self.relieved_s = time_s
        self.phase = Phase.NONE


def _gone(reading: CrampReading, settings: Settings) -> bool:
    return reading.fallen_s >= settings.cramp.relief_after_s or reading.unsustained_s >= settings.cramp.unsustained_s
