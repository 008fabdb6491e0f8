"""A whole recording through the pipeline, with everything kept that a scientist looks at.

The same session as live: states and readings are those of `analyze` and of the athlete's screen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from monitor.chunk import Chunk
from monitor.comparing import baseline_notes
from monitor.emg_path import EmgSecond
from monitor.events import Decoded, Marker
from monitor.keeping import session_from_header
from monitor.leg import Leg, LegSecond
from monitor.recording.replay import RecordingSource
from monitor.session import Session
from monitor.settings import Settings, TrendSettings
from monitor.snapshot import Trace
from monitor.warning import texts
from monitor.warning.state import StateChange

_HARVEST_S = 4.0  # a leg keeps its picture for ten seconds


@dataclass(frozen=True, slots=True, eq=False)
class Seconds:
    """What each closed second said; rows (m,) or (m, C); NaN = unknown."""

    time_s: NDArray[np.float64]
    mdf_hz: NDArray[np.float64]
    reading: NDArray[np.float64]  # spectral scale now / baseline, all contractions
    reading_low: NDArray[np.float64]  # its 95 % interval
    reading_high: NDArray[np.float64]
    plantarflexed: NDArray[np.float64]  # the reading of plantarflexed contractions alone
    baseline_hz: NDArray[np.float64]
    quiet_ratio: NDArray[np.float64]
    twitches_per_min: NDArray[np.float64]
    score: NDArray[np.float64]
    quality: NDArray[np.float64]  # (m, C), what is wrong with each channel, 0 = good
    points: dict[str, NDArray[np.float64]]
    course: tuple[str, ...] = ()  # how the reading goes, in words

    def course_at(self, time_s: float) -> str:
        """How the reading went then; empty = unknown."""
        place = int(np.searchsorted(self.time_s, time_s, side="right")) - 1
        return self.course[place] if 0 <= place < len(self.course) else ""


@dataclass(frozen=True, slots=True, eq=False)
class LegStudy:
    """One leg over the whole recording. emg: as recorded; filtered: high-passed, as the picture shows it."""

    athlete: str
    leg: str
    labels: tuple[str, ...]
    unit: str
    emg: Trace
    filtered: Trace
    envelope: Trace
    angle: Trace
    contractions: NDArray[np.float64]  # (k, 2), s
    seconds: Seconds
    states: tuple[StateChange, ...]
    fatigue_notes: tuple[str, ...] = ()  # what to bear in mind beside the reading, as the live screens say it

    @property
    def name(self) -> str:
        """Athlete and leg."""
        return f"{self.athlete} {self.leg}".strip()


@dataclass(frozen=True, slots=True, eq=False)
class Study:
    """One recording with the settings that it was computed with. markers: (time_s, text)."""

    file: str
    duration_s: float
    settings: Settings
    simulated: bool
    legs: tuple[LegStudy, ...]
    markers: tuple[tuple[float, str], ...]
    notes: tuple[str, ...] = ()


def study(path: Path, settings: Settings | None = None, progress: Callable[[float], bool] | None = None) -> Study:
    """Compute a recording. settings: None = as recorded; progress: told the share done, gives False to give up.

    Raises: RecordingError if the file cannot be read, InterruptedError if `progress` gave up.
    """
    with RecordingSource(path) as source:
        session = session_from_header(source.header, settings=settings, file=str(path))
        gathered = {id(leg): _Gathered() for leg in session.legs}
        markers, next_s = [], 0.0
        for event in source:
            outcome = session.feed(event)
            sensor = event.sensor if isinstance(event, Decoded) else ""
            _gather(session, outcome.chunks, outcome.seconds, gathered, sensor)
            if isinstance(event, Marker):
                markers.append((event.time_s, event.text))
            if session.now_s >= next_s:
                next_s = session.now_s + _HARVEST_S
                _harvest(session, gathered)
                if progress is not None and not progress(session.now_s / max(source.duration_s, 1e-9)):
                    raise InterruptedError("the computation was given up")
        last = session.finish()
        _gather(session, last.chunks, last.seconds, gathered, "")
        _harvest(session, gathered)
        legs = tuple(gathered[id(leg)].study(leg) for leg in session.legs)
        simulated = bool(source.header.get("simulated"))
        return Study(
            str(path), source.duration_s, session.settings, simulated, legs, tuple(markers), tuple(source.notes)
        )


class _Gathered:
    """What has come of one leg so far."""

    def __init__(self) -> None:
        self.raw: list[Chunk] = []
        self.seconds: list[LegSecond] = []
        self.points: list[dict[str, float | None]] = []
        self.pictures: dict[str, list[Chunk]] = {"emg": [], "ticks": [], "angle": []}
        self._until_s: dict[str, float] = {}

    def harvest(self, leg: Leg) -> None:
        """Keep the part of the leg's ten seconds that is new."""
        for name, kept in self.pictures.items():
            shown = leg.shown(name)
            if shown is None:
                continue
            new = shown[int(np.searchsorted(shown.time_s, self._until_s.get(name, -np.inf), side="right")) :]
            if len(new):
                kept.append(new)
                self._until_s[name] = float(new.time_s[-1])

    def study(self, leg: Leg) -> LegStudy:
        labels = leg.path.stream.labels if leg.path else ()
        raw, ticks = _joined(self.raw), _joined(self.pictures["ticks"])
        filtered, angle = _joined(self.pictures["emg"]), _joined(self.pictures["angle"])
        spans = [[each.start_s, each.end_s] for s in self.seconds if s.emg is not None for each in s.emg.contractions]
        return LegStudy(
            leg.athlete,
            leg.leg,
            labels,
            leg.path.stream.channels[0].unit if leg.path else "uV",
            _trace(raw, len(labels)),
            _trace(filtered, len(labels)),
            Trace(ticks.time_s, np.sqrt(ticks.samples[:, 0::3])) if ticks else Trace.empty(len(labels)),
            Trace(angle.time_s, angle.samples[:, 0]) if angle else Trace.empty(),
            np.reshape(np.array(spans, dtype=np.float64), (-1, 2)),
            _seconds(self.seconds, self.points, len(labels), leg.settings.trend),
            (leg.first_change, *(s.change for s in self.seconds if s.change is not None)),
            self._notes(leg),
        )

    def _notes(self, leg: Leg) -> tuple[str, ...]:
        last = next((second.emg for second in reversed(self.seconds) if second.emg is not None), None)
        if last is None or leg.path is None:
            return ()
        sensor, matched = leg.path.response.note, last.course.matched
        return texts.fatigue_notes(sensor, matched=matched, baseline=baseline_notes(leg))


def _gather(
    session: Session,
    chunks: tuple[Chunk, ...],
    seconds: tuple[tuple[Leg, LegSecond], ...],
    gathered: dict[int, _Gathered],
    sensor: str,
) -> None:
    for leg, second in seconds:
        gathered[id(leg)].seconds.append(second)
        gathered[id(leg)].points.append(dict(leg.machine.points))
    for chunk in chunks:
        seat = session.seats.get(chunk.stream.source_id) or session.seats.get(sensor)
        if chunk.stream.name == "emg" and seat is not None and len(chunk):
            gathered[id(seat.leg)].raw.append(chunk)


def _harvest(session: Session, gathered: dict[int, _Gathered]) -> None:
    for leg in session.legs:
        gathered[id(leg)].harvest(leg)


def _joined(chunks: list[Chunk]) -> Chunk | None:
    return Chunk.joined(chunks) if chunks else None


def _trace(chunk: Chunk | None, n_channels: int) -> Trace:
    if chunk is None:
        return Trace.empty(n_channels)
    return Trace(chunk.time_s, chunk.samples.astype(np.float32, copy=False))


def _seconds(
    seconds: list[LegSecond], points: list[dict[str, float | None]], n_channels: int, trend: TrendSettings
) -> Seconds:
    heard = [second.emg for second in seconds]
    nothing = np.full(n_channels, np.nan)
    reading = np.array([np.nan if emg is None else emg.compression[0] for emg in heard])
    intervals = np.array([_interval(emg) for emg in heard]).reshape(-1, 2)
    names = list(points[-1]) if points else []
    return Seconds(
        time_s=np.array([second.time_s for second in seconds]),
        mdf_hz=np.array([nothing if emg is None else emg.mdf_hz for emg in heard]).reshape(-1, n_channels),
        reading=reading,
        reading_low=intervals[:, 0],
        reading_high=intervals[:, 1],
        plantarflexed=np.array([np.nan if emg is None else emg.compression[3] for emg in heard]),
        baseline_hz=_numbers([second.evidence.baseline_hz for second in seconds]),
        quiet_ratio=_numbers([second.evidence.quiet_ratio for second in seconds]),
        twitches_per_min=_numbers([second.evidence.twitches_per_min for second in seconds]),
        score=_numbers([second.score for second in seconds]),
        quality=np.array([nothing if emg is None else emg.quality for emg in heard]).reshape(-1, n_channels),
        points={name: _numbers([row.get(name) for row in points]) for name in names},
        course=tuple(
            "" if s.emg is None else texts.course(s.emg.course, s.evidence.compression, trend) for s in seconds
        ),
    )


def _interval(emg: EmgSecond | None) -> tuple[float, float]:
    found = None if emg is None else emg.course.all.interval_of(float(emg.compression[0]))
    return found or (np.nan, np.nan)


def _numbers(values: list[Any]) -> NDArray[np.float64]:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
