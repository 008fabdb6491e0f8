"""The first pass over a recording: which streams it has, what is good in it, how its clocks run. No sample is kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import isfinite, isnan
from typing import Any, cast

import numpy as np

from monitor.errors import RecordingError
from monitor.recording import xdf
from monitor.recording.xdf import Place, Tag
from monitor.recording.xdf_header import StreamInfo, from_xml, text_stream, with_rate
from monitor.recording.xdf_scan import FileBytes, Hole, Run, Scanner

_SPAN_BYTES = 4_000_000  # good runs that follow each other are read together up to about this size
SESSION = text_stream(xdf.SESSION_SID, "session", "Metadata")
JOURNAL = text_stream(xdf.JOURNAL_SID, "journal", "Journal")
STATES = text_stream(xdf.STATES_SID, "states", "Markers")
ANNOTATIONS = text_stream(xdf.ANNOTATIONS_SID, "annotations", "Markers")


@dataclass(frozen=True, slots=True)
class Gap:
    """A damaged piece that was left out: what lay between these session times, seconds, is missing."""

    start_s: float
    end_s: float
    n_bytes: int


@dataclass(slots=True)
class Facts:
    """What the first pass finds of one stream. Stamps are on the stream's own clock, of the chunks' first samples."""

    n_samples: int = 0
    n_before_last: int = 0
    first_s: float = float("nan")
    last_s: float = float("nan")
    last: Place | None = None
    offsets: list[tuple[float, float]] = field(default_factory=list[tuple[float, float]])

    def count(self, place: Place, n_samples: int, stamp_s: float) -> None:
        """One more Samples chunk."""
        self.n_before_last, self.last = self.n_samples, place
        self.n_samples += n_samples
        if isfinite(stamp_s):
            self.first_s = stamp_s if isnan(self.first_s) else self.first_s
            self.last_s = stamp_s

    @property
    def rate_hz(self) -> float:
        """The mean rate, 0 where it cannot be told."""
        return self.n_before_last / (self.last_s - self.first_s) if self.last_s > self.first_s else 0.0

    def clock(self) -> tuple[float, float]:
        """The line offset + drift * t through the clock offsets: (seconds, seconds per second)."""
        good = [(at, by) for at, by in self.offsets if np.isfinite(at) and np.isfinite(by)]
        if not good or all(by == 0.0 for _, by in good):
            return 0.0, 0.0
        at, by = np.array([at for at, _ in good]), np.array([by for _, by in good])
        at_s, by_s = float(np.mean(at)), float(np.mean(by))
        spread = float(np.sum((at - at_s) ** 2))
        drift = float(np.sum((at - at_s) * (by - by_s))) / spread if spread > 0 else 0.0
        return by_s - drift * at_s, drift


class Index:
    """The result of the first pass.

    sealed : one of Crampwatch's own files. header : what the recorder was given, empty for other files.
    amendments : records of what was annotated after the session, in order.
    spans : the good bytes, [start, end) each, cut between chunks. gaps : holes with something good after them.
    torn_at : where a torn end begins. infos, facts : of every stream, by stream id.
    Raises: RecordingError if nothing can be read.
    """

    def __init__(self, file: FileBytes) -> None:
        self._file = file
        self._newest_s = 0.0
        self.header: dict[str, Any] = {}
        self.amendments: list[dict[str, Any]] = []
        self.spans: list[tuple[int, int]] = []
        self.gaps: list[Gap] = []
        self.torn_at: int | None = None
        self.facts: dict[int, Facts] = {}
        scanner = Scanner(file)
        self.sealed = scanner.sealed
        own = (SESSION, JOURNAL, STATES, ANNOTATIONS) if self.sealed else ()
        self.infos: dict[int, StreamInfo] = {info.sid: info for info in own}
        for found in scanner:
            self._take_hole(found) if isinstance(found, Hole) else self._take_run(found)
        if not self.spans:
            raise RecordingError(f"{file.path} holds nothing that can be read: it was cut before its first second")
        self._measure_rates()

    def _take_hole(self, hole: Hole) -> None:
        if hole.torn:
            self.torn_at = hole.start
        else:
            self.gaps.append(Gap(self._newest_s, float("nan"), hole.end - hole.start))

    def _take_run(self, run: Run) -> None:
        start, end = self.spans[-1] if self.spans else (0, -1)
        if run.start == end and run.places[0].tag != Tag.BOUNDARY and run.end - start < _SPAN_BYTES:
            self.spans[-1] = (start, run.end)
        else:
            self.spans.append((run.start, run.end))
        for place, first in zip(run.places, run.firsts, strict=True):
            self._take(place, *first)

    def _take(self, place: Place, n_samples: int, stamp_s: float) -> None:
        if place.tag == Tag.STREAM_HEADER:
            self._declare(place.sid, self._content(place).decode("utf-8", "replace"))
        elif place.tag == Tag.CLOCK_OFFSET and place.end - place.body == 16:
            at, by = np.frombuffer(self._content(place), "<f8")
            self._facts(place.sid).offsets.append((float(at), float(by)))
        elif place.tag == Tag.SAMPLES:
            self._facts(place.sid).count(place, n_samples, stamp_s)
            self._close_gap(stamp_s)
            if self.sealed and place.sid == SESSION.sid:
                self._take_session(place)

    def _close_gap(self, stamp_s: float) -> None:
        if self.gaps and isnan(self.gaps[-1].end_s) and not isnan(stamp_s):
            gap = self.gaps[-1]
            self.gaps[-1] = Gap(gap.start_s, max(gap.start_s, stamp_s), gap.n_bytes)
        if stamp_s > self._newest_s:
            self._newest_s = stamp_s

    def _take_session(self, place: Place) -> None:
        """The session's header, or the copy of a stream's header; both stand in the file twice."""
        for _, text in xdf.read_strings(self._content(place), 1, 0.0, 0.0):
            record = read_json(text)
            if isinstance(record.get("header"), dict):
                self.header = self.header or record["header"]
            elif isinstance(record.get("stream"), int) and isinstance(record.get("xml"), str):
                self._declare(record["stream"], record["xml"])
            elif "annotation" in record:
                self.amendments.append(record)

    def _declare(self, sid: int, xml: str) -> None:
        if sid not in self.infos and not (self.sealed and sid == xdf.INTEGRITY_SID):
            self.infos[sid] = from_xml(sid, xml)

    def _measure_rates(self) -> None:
        for sid, info in self.infos.items():
            if sid in self.facts and not info.is_text and info.stream.rate_hz == 0:
                self.infos[sid] = with_rate(info, self.facts[sid].rate_hz)

    def _facts(self, sid: int) -> Facts:
        return self.facts.setdefault(sid, Facts())

    def _content(self, place: Place) -> bytes:
        return self._file.read(place.body, place.end)

    def places(self) -> Iterator[tuple[Place, bytes]]:
        """All good Samples chunks in the file's order, with the bytes that their places are in."""
        for start, end in self.spans:
            span = self._file.read(start, end)
            for place in xdf.walk(span):
                if place.tag == Tag.SAMPLES:
                    yield place, span


def read_json(text: str) -> dict[str, Any]:
    """A JSON object out of a recording. Raises: RecordingError."""
    try:
        record = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RecordingError(f"a record in the recording is no JSON: {error}") from error
    if not isinstance(record, dict):
        raise RecordingError("a record in the recording is no JSON object")
    return cast(dict[str, Any], record)
