"""Reading recordings, Crampwatch's own and any other XDF file, as streams of chunks. Memory stays flat."""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan
from pathlib import Path
from typing import Any, Self

import numpy as np

from monitor.chunk import Chunk
from monitor.errors import RecordingError
from monitor.recording import repair, views, xdf
from monitor.recording.annotations import effective
from monitor.recording.xdf_header import StreamInfo
from monitor.recording.xdf_index import ANNOTATIONS, Gap, Index
from monitor.recording.xdf_scan import FileBytes

Item = Chunk | tuple[float, str]


class Recording:
    """A recording that is open for reading; made by `open_recording`.

    path, sealed : the file; whether it is one of Crampwatch's own.
    header : what the recorder was given; empty for other files.
    streams : all streams in the file's order. gaps : what damage has taken. notes : sentences on the file's state.
    duration_s : session time of the newest sample or event. Other files' times are counted from their first sample.
    """

    def __init__(self, file: FileBytes) -> None:
        self._file = file
        self._index = index = Index(file)
        self.path: Path = file.path
        self.sealed: bool = index.sealed
        self.header: dict[str, Any] = index.header
        self.streams: tuple[StreamInfo, ...] = tuple(index.infos.values())
        self.gaps: tuple[Gap, ...] = tuple(index.gaps)
        self.torn_at: int | None = index.torn_at
        self.notes: tuple[str, ...] = self._notes()
        self._clocks = {sid: facts.clock() for sid, facts in index.facts.items()}
        self._origin_s = 0.0
        self._origin_s = 0.0 if self.sealed else self._first_s()
        self.duration_s: float = max((self._end_s(info) for info in self.streams), default=0.0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def stream(self, name: str) -> StreamInfo:
        """The stream of this name ("SENSOR emg"), or the only one with this signal ("emg"). Raises: RecordingError."""
        named = [info for info in self.streams if info.name == name]
        named = named or [info for info in self.streams if info.stream.name == name]
        if len(named) == 1:
            return named[0]
        names = ", ".join(repr(info.name) for info in self.streams)
        raise RecordingError(f"{self.path} has not exactly one stream {name!r}; its streams are {names}")

    def n_samples(self, name: str) -> int:
        """How many samples or texts the file holds of a stream."""
        facts = self._index.facts.get(self.stream(name).sid)
        return facts.n_samples if facts else 0

    def chunks(self, name: str) -> Iterator[Chunk]:
        """A numeric stream's samples in the file's order, stamped in session seconds."""
        for _, item in self.items({self.stream(name).sid}):
            if not isinstance(item, Chunk):
                raise RecordingError(f"the stream {name!r} of {self.path} holds texts, not samples")
            yield item

    def texts(self, name: str) -> Iterator[tuple[float, str]]:
        """A text stream's items in the file's order: session seconds and text."""
        for _, item in self.items({self.stream(name).sid}):
            if isinstance(item, Chunk):
                raise RecordingError(f"the stream {name!r} of {self.path} holds samples, not texts")
            yield item

    def whole(self, name: str) -> Chunk:
        """A numeric stream's samples in one piece. Raises: RecordingError where there are none."""
        chunks = [chunk for chunk in self.chunks(name) if len(chunk)]
        if not chunks:
            raise RecordingError(f"the stream {name!r} of {self.path} holds no samples")
        return Chunk.joined(chunks)

    def to_mne(self, name: str = "emg") -> Any:
        """One stream for MNE, with what was noted; see `monitor.recording.views.to_mne`."""
        return views.to_mne(self.whole(name), self.annotations)

    def to_frame(self, name: str = "emg") -> Any:
        """One stream for pandas; see `monitor.recording.views.to_frame`."""
        return views.to_frame(self.whole(name))

    @property
    def annotations(self) -> list[tuple[float, str]]:
        """What people noted, in order of time: during the session and afterwards, without what was taken back."""
        return effective(tuple(self.texts(ANNOTATIONS.name)) if self.sealed else (), self._index.amendments)[0]

    @property
    def amendments(self) -> list[tuple[str, float, str]]:
        """What was changed after the session: ("added" or "removed", seconds, text), oldest first."""
        return effective((), self._index.amendments)[1]

    def items(self, sids: set[int]) -> Iterator[tuple[StreamInfo, Item]]:
        """All that the file holds of these streams, in the file's order. Raises: RecordingError on bad samples."""
        wanted = {sid: self._index.infos[sid] for sid in sids}
        last_s = dict.fromkeys(sids, 0.0)
        for place, span in self._index.places():
            if info := wanted.get(place.sid):
                for item, newest_s in self._decode(info, span[place.body : place.end], last_s[place.sid]):
                    last_s[place.sid] = newest_s
                    yield info, item

    def _decode(self, info: StreamInfo, content: bytes, last_s: float) -> Iterator[tuple[Item, float]]:
        """The items of a Samples chunk, each with the newest stamp so far on the stream's own clock."""
        stream = info.stream
        if info.is_text:
            for time_s, text in xdf.read_strings(content, len(stream.channels), last_s, info.step_s):
                yield (float(self._session_s(info.sid, np.float64(time_s))), text), time_s
            return
        time_s, samples = xdf.read_samples(content, xdf.FORMATS[info.number], len(stream.channels), last_s, info.step_s)
        floating = samples if samples.dtype.kind == "f" else samples.astype(np.float64)
        newest_s = float(time_s[-1]) if len(time_s) else last_s
        yield Chunk(stream, self._session_s(info.sid, time_s), floating), newest_s

    def _session_s(self, sid: int, time_s: Any) -> Any:
        """From the stream's clock to the session's, by the clock offsets. Where they are 0 nothing is touched."""
        offset_s, drift = self._clocks.get(sid, (0.0, 0.0))
        if drift == 0.0 and offset_s == self._origin_s:
            return time_s
        with np.errstate(all="ignore"):  # stamps that nobody vouches for may overflow
            return time_s + (offset_s + drift * time_s - self._origin_s)

    def _first_s(self) -> float:
        firsts = [
            (info.sid, self._index.facts[info.sid].first_s) for info in self.streams if info.sid in self._index.facts
        ]
        return min((float(self._session_s(sid, first_s)) for sid, first_s in firsts if not isnan(first_s)), default=0.0)

    def _end_s(self, info: StreamInfo) -> float:
        """Session time of a stream's last item; 0 where it has none."""
        facts = self._index.facts.get(info.sid)
        if facts is None or facts.last is None:
            return 0.0
        content = self._file.read(facts.last.body, facts.last.end)
        before_s = 0.0 if isnan(facts.last_s) else facts.last_s
        stamps = [newest_s for _, newest_s in self._decode(info, content, before_s)]
        return float(self._session_s(info.sid, np.float64(stamps[-1] if stamps else before_s)))

    def _notes(self) -> tuple[str, ...]:
        notes: list[str] = []
        if self.gaps:
            lost_kb = sum(gap.n_bytes for gap in self.gaps) / 1000
            notes.append(f"{self.path.name} is damaged in {len(self.gaps)} places; {lost_kb:.0f} kB are left out")
        if self.torn_at is not None:
            notes.append(
                f"{self.path.name} has a torn end of {self._file.n_bytes - self.torn_at} bytes, which is left out"
            )
        return tuple(notes)


def open_recording(path: Path, mend: bool = True) -> Recording:
    """Open a recording; one with a torn end is mended first, and its original stays beside it as FILE.torn.

    mend : False = leave a torn file as it is, and read what is whole.

    Raises: RecordingError in one sentence if the file is missing, is no XDF file, or says what cannot be.
    """
    recording = _open(path)
    if recording.torn_at is None or not recording.sealed or not mend:
        return recording
    kept = repair.trim(path, recording.torn_at)
    if kept is None:
        return recording
    recording.close()
    mended = _open(path)
    mended.notes += (f"the torn end of {path.name} was cut off; the file as it was is {kept.name}",)
    return mended


def _open(path: Path) -> Recording:
    file = FileBytes(path)
    try:
        return Recording(file)
    except RecordingError as error:
        file.close()
        raise error if str(path) in str(error) else RecordingError(f"cannot read {path}: {error}") from error
