"""Events as lines of the journal, both ways. What goes in comes out the same, bit for bit and in the same order.

A line is a JSON array; its XDF stamp is the event's time. A notification is `[7,"base64"]`, where
`["source",7,sensor,char]` has said before who 7 is; that is said anew after every boundary, so that a lost block takes
nothing else with it. The samples of a `Decoded` event stand in their own stream, just before the journal's lines.
"""

from __future__ import annotations

import binascii
import json
import zlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from monitor.chunk import Chunk
from monitor.errors import RecordingError
from monitor.events import Battery, Decoded, Event, Heartbeat, Link, LinkChange, Marker, Notification
from monitor.recording.xdf import pack_text

HEARTBEAT = '["heartbeat"]'


class JournalWriter:
    """Turns events into lines, each packed with its stamp as it stands in the file."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, str], int] = {}
        self._said: dict[tuple[str, str], bytes] = {}  # in this block; how the lines of each begin

    def new_block(self) -> None:
        """A boundary has been written: say again who is who."""
        self._said.clear()

    def notify(self, event: Notification, lines: list[bytes]) -> None:
        """Append the lines of a notification: by far the most of a session."""
        begin = self._said.get((event.sensor, event.char)) or self._introduce(event, lines)
        lines.append(pack_text(event.time_s, begin + binascii.b2a_base64(event.payload, newline=False) + b'"]'))

    def lines(self, event: Event, sid: int = 0, stamps: bytes = b"") -> list[bytes]:
        """The lines of an event. sid, stamps: the stream of a `Decoded` event's samples, and `packed_stamps`."""
        match event:
            case Notification():
                found: list[bytes] = []
                self.notify(event, found)
                return found
            case Decoded(time_s, sensor, chunk):
                exact = (stamps.decode(),) if stamps else ()
                return [_line(time_s, "decoded", sensor, sid, len(chunk), *exact)]
            case LinkChange(time_s, sensor, link, detail):
                return [_line(time_s, "link", sensor, link.value, detail)]
            case Battery(time_s, sensor, fraction):
                return [_line(time_s, "battery", sensor, fraction)]
            case Marker(time_s, text):
                return [_line(time_s, "marker", text)]
            case Heartbeat(time_s):
                return [pack_text(time_s, HEARTBEAT.encode())]

    def _introduce(self, event: Notification, lines: list[bytes]) -> bytes:
        key = event.sensor, event.char
        number = self._numbers.setdefault(key, len(self._numbers))
        lines.append(_line(event.time_s, "source", number, *key))
        self._said[key] = b'[%d,"' % number
        return self._said[key]


def lost_line(n_events: int, start_s: float, end_s: float) -> bytes:
    """The line that says that events are missing here: how many, from when to when in session seconds."""
    return _line(start_s, "lost", n_events, float(start_s), float(end_s))


def packed_stamps(time_s: NDArray[np.float64], read_s: NDArray[np.float64]) -> bytes:
    """What brings stamps as they are read back to what they were, to the last bit; empty where they are the same."""
    steps = time_s.view(np.int64) - read_s.view(np.int64)
    return binascii.b2a_base64(zlib.compress(steps.tobytes(), 1), newline=False) if steps.any() else b""


def exact_stamps(read_s: NDArray[np.float64], packed: str) -> NDArray[np.float64]:
    """The stamps that `packed_stamps` was given. Raises: ValueError where it is not of as many stamps."""
    unpacker = zlib.decompressobj()
    try:
        steps = unpacker.decompress(binascii.a2b_base64(packed, strict_mode=True), 8 * len(read_s) + 1)
    except zlib.error as error:
        raise ValueError("stamps that cannot be unpacked") from error
    if len(steps) != 8 * len(read_s):
        raise ValueError("stamps of another number of samples")
    return (read_s.view(np.int64) + np.frombuffer(steps, np.int64)).view(np.float64)


def _line(time_s: float, *fields: object) -> bytes:
    return pack_text(time_s, json.dumps(fields, separators=(",", ":")).encode())


class JournalReader:
    """Turns lines back into events.

    take : gives the next n samples of a stream (sid, n), for `Decoded` events.
    notes : plain sentences on what the recorder could not keep, as far as the lines have been read.
    """

    def __init__(self, take: Callable[[int, int], Chunk]) -> None:
        self._take = take
        self._sources: dict[int, tuple[str, str]] = {}
        self.notes: list[str] = []

    def event(self, time_s: float, text: str) -> Event | None:
        """The event of a line; None for a line that is none. Raises: RecordingError naming the line."""
        if text == HEARTBEAT:
            return Heartbeat(time_s)
        try:
            return self._event(time_s, json.loads(text))
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise RecordingError(f"the recording holds a line that is no event: {text[:80]!r}") from error

    def _event(self, time_s: float, fields: Any) -> Event | None:
        match fields:
            case [int(number), str(payload)]:
                return Notification(time_s, *self._sources[number], binascii.a2b_base64(payload, strict_mode=True))
            case ["source", int(number), str(sensor), str(char)]:
                self._sources[number] = (sensor, char)
                return None
            case ["decoded", str(sensor), int(sid), int(n_samples)]:
                return Decoded(time_s, sensor, self._take(sid, n_samples))
            case ["decoded", str(sensor), int(sid), int(n_samples), str(stamps)]:
                chunk = self._take(sid, n_samples)
                return Decoded(time_s, sensor, replace(chunk, time_s=exact_stamps(chunk.time_s, stamps)))
            case ["link", str(sensor), str(link), str(detail)]:
                return LinkChange(time_s, sensor, Link(link), detail)
            case ["battery", str(sensor), float(fraction)]:
                return Battery(time_s, sensor, fraction)
            case ["marker", str(note)]:
                return Marker(time_s, note)
            case ["lost", int(n_events), float(start_s), float(end_s)]:
                self.notes.append(
                    f"{n_events} events from {start_s:.1f} to {end_s:.1f} s were not recorded: the disk failed"
                )
                return None
            case _:
                raise ValueError("no event of a known kind")
