"""What a guided test gathers of each leg while the session runs: angle, contractions and, if wanted, the EMG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from monitor.chunk import Chunk
from monitor.contraction.bursts import Contraction
from monitor.events import Decoded, Event
from monitor.guided.rises import Rise, rises_in_angle, rises_in_bursts, within
from monitor.leg import Leg, LegSecond
from monitor.session import Session
from monitor.settings import GuidedSettings


@dataclass(slots=True, eq=False)
class LegTrace:
    """One leg so far."""

    leg: Leg
    closed_s: float = -1.0
    angles: list[Chunk] = field(default_factory=list)
    contractions: list[Contraction] = field(default_factory=list)
    good_s: list[float] = field(default_factory=list)  # ends of the seconds of good EMG
    emg: list[Chunk] = field(default_factory=list)

    def take(self) -> list[LegSecond]:
        """Gather the seconds that the leg has closed since the last time; gives them."""
        new: list[LegSecond] = []
        for second in reversed(self.leg.history):
            if second.time_s <= self.closed_s:
                break
            new.append(second)
        for second in reversed(new):
            if second.angle is not None and len(second.angle):
                self.angles.append(second.angle)
            if second.emg is not None:
                self.contractions += second.emg.contractions
            if second.evidence.good:
                self.good_s.append(second.time_s)
            self.closed_s = second.time_s
        return new[::-1]

    def angle(self, from_s: float, to_s: float) -> Chunk | None:
        """The ankle angle of a span, None = there is none."""
        inside = [each for each in self.angles if each.time_s[-1] >= from_s and each.time_s[0] < to_s]
        if not inside:
            return None
        angle = Chunk.joined(inside)
        return angle[slice(*angle.time_s.searchsorted((from_s, to_s)).tolist())]

    def rises(self, from_s: float, to_s: float, settings: GuidedSettings) -> tuple[tuple[Rise, ...], str]:
        """The rises of a span, and what they were found in: "angle", or "emg" where the angle is not known."""
        angle = self.angle(from_s, to_s)
        if angle is not None and self.unknown_s(from_s, to_s, "angle") < 0.5 * (to_s - from_s):
            degrees = angle.samples[:, 0].astype(np.float64)
            return rises_in_angle(angle.time_s, degrees, settings), "angle"
        return within(rises_in_bursts(self.contractions, settings), from_s, to_s), "emg"

    def unknown_s(self, from_s: float, to_s: float, source: str) -> float:
        """Seconds of a span, as far as it has closed, in which no rise could be seen. source: "angle" or "emg"."""
        to_s = min(to_s, self.closed_s)
        if source == "emg":
            known_s = sum(max(0.0, min(end_s, to_s) - max(end_s - 1.0, from_s)) for end_s in self.good_s)
        else:
            angle = self.angle(from_s, to_s)
            known_s = 0.0 if angle is None else np.isfinite(angle.samples[:, 0]).sum() / angle.stream.rate_hz
        return max(0.0, to_s - from_s - float(known_s))


class Traces:
    """The legs of one athlete. keep_emg: the samples, too, for what is computed of them afterwards."""

    def __init__(self, session: Session, athlete: str, *, keep_emg: bool = False) -> None:
        self._session, self._keep_emg = session, keep_emg
        self.legs = {leg.leg: LegTrace(leg) for leg in session.legs if leg.athlete == athlete}

    def put(self, event: Event, chunks: Sequence[Chunk]) -> bool:
        """Gather what an event led to; whether a second has closed."""
        if self._keep_emg:
            self._keep(event, chunks)
        return sum(len(trace.take()) for trace in self.legs.values()) > 0

    def _keep(self, event: Event, chunks: Sequence[Chunk]) -> None:
        sensor = event.sensor if isinstance(event, Decoded) else ""
        for chunk in chunks:
            seat = self._session.seats.get(chunk.stream.source_id) or self._session.seats.get(sensor)
            if chunk.stream.name == "emg" and seat is not None:
                trace = self.legs.get(seat.leg.leg)
                if trace is not None and trace.leg is seat.leg:
                    trace.emg.append(chunk)
