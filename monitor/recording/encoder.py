"""A session as the bytes of a recording: events, decoded samples and state changes, append by append."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from monitor.chunk import Chunk, Stream
from monitor.events import Decoded, Marker, Notification
from monitor.recording import xdf
from monitor.recording.backlog import Entry, Lost
from monitor.recording.journal import JournalWriter, lost_line, packed_stamps
from monitor.recording.xdf_header import StreamInfo, signal_stream, to_xml
from monitor.recording.xdf_index import ANNOTATIONS, JOURNAL, SESSION, STATES
from monitor.recording.xdf_write import XdfEncoder

_MOST_STAMP_BYTES = 4  # of a sample, in the journal; where it would be more, each sample has its own stamp
_MOST_NEWEST = 1000  # streams


class SessionEncoder:
    """Gathers a session and gives it as sealed appends. No file, no clock, no thread.

    The header and every stream's header stand in the file twice, in two blocks, so that no single damage takes both.
    """

    def __init__(self, header: Mapping[str, Any]) -> None:
        self._xdf = XdfEncoder()
        self._journal = JournalWriter()
        self._texts: dict[int, list[bytes]] = {info.sid: [] for info in (SESSION, JOURNAL, STATES, ANNOTATIONS)}
        self._rows: dict[int, list[Chunk]] = {}
        self._told: dict[int, list[NDArray[np.bool_]]] = {}  # of streams that carry events: which samples are stamped
        self._sids: dict[tuple[Stream, str, bool], int] = {}
        self._newest: dict[int, tuple[Stream, int]] = {}  # by id(), of streams without events: hashing one takes long
        self._names: Counter[str] = Counter()
        self._copies: list[bytes] = []
        for info in (SESSION, JOURNAL, STATES, ANNOTATIONS):
            self._xdf.declare(info)
        self._say({"header": dict(header)})
        self._texts[SESSION.sid] += self._copies

    def add_all(self, items: Sequence[Entry | Lost]) -> None:
        """What has come, in its order; by far the most are bare notifications, which take the short way."""
        notify, journal = self._journal.notify, self._texts[JOURNAL.sid]
        for item in items:
            if isinstance(item, Lost):
                self.add_lost(item)
            elif type(item.event) is Notification and not item.chunks and not item.changes:
                notify(item.event, journal)
            else:
                self.add(item)

    def add(self, entry: Entry) -> None:
        """One event, what was decoded from it and the state changes that it led to."""
        event, sid, own, stamps = entry.event, 0, None, b""
        if isinstance(event, Decoded):
            own = event.chunk.stream
            sid = self._sid(own, "float32" if event.chunk.samples.dtype == np.float32 else "double64", True)
            stamps = self._keep(sid, event.chunk) if len(event.chunk) else b""
        if isinstance(event, Marker):
            self._texts[ANNOTATIONS.sid].append(xdf.pack_text(event.time_s, event.text.encode("utf-8", "replace")))
        self._texts[JOURNAL.sid] += self._journal.lines(event, sid, stamps)
        self._texts[STATES.sid] += entry.changes
        for chunk in entry.chunks:
            if len(chunk) and chunk.stream != own:
                self._rows[self._decoded_sid(chunk.stream)].append(chunk)

    def add_lost(self, lost: Lost) -> None:
        """Events that could not be kept."""
        self._texts[JOURNAL.sid].append(lost_line(lost.n_events, lost.start_s, lost.end_s))

    def take(self, boundary: bool) -> bytes:
        """All that was added since the last call, sealed. boundary: the block ends here."""
        for sid, chunks in self._rows.items():
            if chunks:
                joined = Chunk.joined(chunks)
                told = np.concatenate(self._told[sid]) if sid in self._told else None
                self._xdf.samples(sid, joined.time_s, joined.samples, told)
                chunks.clear()
                self._told.pop(sid, None)
        for sid, lines in self._texts.items():
            if lines:
                self._xdf.texts(sid, lines)
                lines.clear()
        append = self._xdf.take(boundary)
        if boundary:
            self._journal.new_block()
            self._texts[SESSION.sid], self._copies = self._copies, []
        return append

    def close(self) -> bytes:
        """The last appends: the rest with what is still to be said twice, then the footers."""
        rest = self.take(boundary=True)
        self._xdf.footers()
        return rest + self.take(boundary=True)

    def _keep(self, sid: int, chunk: Chunk) -> bytes:
        """Keep an event's samples; what its journal line must say so that their stamps come back to the last bit."""
        step_s = 1 / chunk.stream.rate_hz if chunk.stream.rate_hz > 0 else 0.0
        told = xdf.stamped(chunk.time_s, step_s, self._xdf.most_rows(sid))
        stamps = packed_stamps(chunk.time_s, xdf.as_read(chunk.time_s, told, step_s))
        if len(stamps) > _MOST_STAMP_BYTES * len(chunk):
            told, stamps = np.ones(len(chunk), dtype=bool), b""
        self._rows[sid].append(chunk)
        self._told.setdefault(sid, []).append(told)
        return stamps

    def _decoded_sid(self, stream: Stream) -> int:
        """The id of a stream that was decoded from notifications."""
        known = self._newest.get(id(stream))
        if known is None or known[0] is not stream:
            if len(self._newest) >= _MOST_NEWEST:
                self._newest.clear()
            known = self._newest[id(stream)] = stream, self._sid(stream, "float32", False)
        return known[1]

    def _sid(self, stream: Stream, number: str, carries_events: bool) -> int:
        """The stream's id; a stream that is new is introduced."""
        key = (stream, number, carries_events)
        if key not in self._sids:
            sid = xdf.FIRST_SIGNAL_SID + len(self._sids)
            self._sids[key], self._rows[sid] = sid, []
            info = self._named(signal_stream(sid, stream, number, carries_events))
            self._xdf.declare(info)
            self._say({"stream": sid, "xml": to_xml(info)})
        return self._sids[key]

    def _named(self, info: StreamInfo) -> StreamInfo:
        """The same stream under a name that no other stream of the file has."""
        self._names[info.name] += 1
        n_same = self._names[info.name]
        return info if n_same == 1 else replace(info, name=f"{info.name} #{n_same}")

    def _say(self, record: Mapping[str, Any]) -> None:
        self._copies.append(xdf.pack_text(0.0, json.dumps(record).encode()))
