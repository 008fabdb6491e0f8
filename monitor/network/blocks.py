"""Events as numbered binary blocks, both ways. What goes in comes out the same, bit for bit.

A block, version 1, all numbers little-endian:

    magic  "CWBK"                               4 bytes
    version u16, n_sources u16, n_events u32
    run    u64                                  a random number of this start of the gateway
    counter u64                                 0, 1, 2, ... within the run
    n_sources x (u16, u16, sensor, char)        lengths in bytes, then both texts in UTF-8
    n_events x u8                               kind: see `Kind`
    n_events x f64                              session seconds of the gateway, never falling
    n_events x u16                              number of the source, 65535 = none
    n_events x u16                              length of the payload
    payloads, one after the other               nothing may follow

The payload of a notification is its bytes; of a change of the link its state, a 0 byte and the detail; of a battery one
f64; of a marker its text; of a heartbeat nothing. Which profile a sensor has is told in the gateway's status, once.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise

from monitor.errors import NetworkError
from monitor.events import Battery, Event, Heartbeat, Link, LinkChange, Marker, Notification

MAGIC, VERSION = b"CWBK", 1
MOST_BYTES = 1_000_000
MOST_EVENTS = 20_000
MOST_SOURCES = 1000
LONGEST_TEXT = 4000  # bytes
NO_SOURCE = 65535
_HEAD = struct.Struct("<4sHHIQQ")
_PAIR = struct.Struct("<HH")
_FRACTION = struct.Struct("<d")
_BYTES_PER_EVENT = 13


class Kind(IntEnum):
    """What an event is."""

    NOTIFICATION = 0
    HEARTBEAT = 1
    LINK = 2
    BATTERY = 3
    MARKER = 4


@dataclass(frozen=True, slots=True)
class Block:
    """The events of a short while. until_s : the gateway has told all that came up to here."""

    run: int
    counter: int
    events: tuple[Event, ...]

    @property
    def until_s(self) -> float:
        """Session seconds of the newest event; minus infinity for a block of none."""
        return self.events[-1].time_s if self.events else -math.inf


def encode(block: Block) -> bytes:
    """Raises: NetworkError for what no block can carry: samples decoded elsewhere, too much at once."""
    numbers: dict[tuple[str, str], int] = {}
    kinds, sources, payloads = bytearray(), [], []
    for event in block.events:
        kind, key, payload = _told(event)
        kinds.append(kind)
        sources.append(NO_SOURCE if key is None else numbers.setdefault(key, len(numbers)))
        payloads.append(payload)
    n = len(block.events)
    parts = [
        _HEAD.pack(MAGIC, VERSION, len(numbers), n, block.run, block.counter),
        *(_source(*key) for key in numbers),
        bytes(kinds),
        struct.pack(f"<{n}d", *(event.time_s for event in block.events)),
        struct.pack(f"<{n}H", *sources),
        struct.pack(f"<{n}H", *map(len, payloads)),
        *payloads,
    ]
    content = b"".join(parts)
    if len(content) > MOST_BYTES or n > MOST_EVENTS or len(numbers) > MOST_SOURCES:
        raise NetworkError(f"{n} events of {len(numbers)} sources are too much for one block")
    return content


def weight(event: Event) -> int:
    """About how many bytes an event takes in a block."""
    return _BYTES_PER_EVENT + (len(event.payload) if isinstance(event, Notification) else 100)


def _told(event: Event) -> tuple[Kind, tuple[str, str] | None, bytes]:
    match event:
        case Notification(_, sensor, char, payload):
            return Kind.NOTIFICATION, (sensor, char), payload
        case Heartbeat():
            return Kind.HEARTBEAT, None, b""
        case LinkChange(_, sensor, link, detail):
            return Kind.LINK, (sensor, ""), link.value.encode() + b"\0" + _short(detail)
        case Battery(_, sensor, fraction):
            return Kind.BATTERY, (sensor, ""), _FRACTION.pack(fraction)
        case Marker(_, text):
            return Kind.MARKER, None, _short(text)
        case _:
            raise NetworkError("a gateway passes on what its sensors send, not what was decoded elsewhere")


def _short(text: str) -> bytes:
    return text.encode()[:LONGEST_TEXT].decode("utf-8", "ignore").encode()


def _source(sensor: str, char: str) -> bytes:
    texts = sensor.encode(), char.encode()
    if max(map(len, texts)) > LONGEST_TEXT:
        raise NetworkError(f"the name of a sensor is too long: {sensor[:40]!r}...")
    return _PAIR.pack(*map(len, texts)) + texts[0] + texts[1]


def place_of(content: bytes) -> tuple[int, int]:
    """(run, counter) of a block, without reading its events. Raises: NetworkError where it is none."""
    if not _HEAD.size <= len(content) <= MOST_BYTES:
        raise NetworkError(f"a block of {len(content)} bytes is none")
    magic, version, n_sources, n_events, run, counter = _HEAD.unpack_from(content)
    if magic != MAGIC:
        raise NetworkError("what came is no block of Crampwatch")
    if version != VERSION:
        raise NetworkError(f"the gateway speaks version {version} of the blocks, this program version {VERSION}")
    if n_sources > MOST_SOURCES or n_events > MOST_EVENTS or counter >= 2**63:
        raise NetworkError(f"a block of {n_events} events of {n_sources} sources is none")
    return run, counter


def decode(content: bytes) -> Block:
    """The block. Raises: NetworkError where it is none, cut, too long, or says what cannot be."""
    run, counter = place_of(content)
    _, _, n_sources, n, _, _ = _HEAD.unpack_from(content)
    try:
        sources, at = _sources(content, n_sources)
        kinds = content[at : at + n]
        times = struct.unpack_from(f"<{n}d", content, at + n)
        numbers = struct.unpack_from(f"<{n}H", content, at + 9 * n)
        sizes = struct.unpack_from(f"<{n}H", content, at + 11 * n)
        at += _BYTES_PER_EVENT * n
        if at + sum(sizes) != len(content):
            raise ValueError("it is cut or too long")
        _check_times(times)
        events = []
        for kind, time_s, number, size in zip(kinds, times, numbers, sizes, strict=True):
            payload, at = content[at : at + size], at + size
            if kind == Kind.NOTIFICATION:
                sensor, char = sources[number]
                events.append(Notification(time_s, sensor, char, payload))
            else:
                events.append(_event(kind, time_s, sources[number][0] if number != NO_SOURCE else "", payload))
    except (struct.error, ValueError, IndexError) as error:
        raise NetworkError(f"block {counter} is damaged: {error}") from error
    return Block(run, counter, tuple(events))


def _sources(content: bytes, n_sources: int) -> tuple[list[tuple[str, str]], int]:
    sources, at = [], _HEAD.size
    for _ in range(n_sources):
        n_sensor, n_char = _PAIR.unpack_from(content, at)
        at += _PAIR.size
        end = at + n_sensor + n_char
        if max(n_sensor, n_char) > LONGEST_TEXT or end > len(content):
            raise ValueError("the name of a sensor is too long")
        sources.append((str(content[at : at + n_sensor], "utf-8"), str(content[at + n_sensor : end], "utf-8")))
        at = end
    return sources, at


def _check_times(times: Sequence[float]) -> None:
    if not all(map(math.isfinite, times)) or any(after < before for before, after in pairwise(times)):
        raise ValueError("its times are none")


def _event(kind: int, time_s: float, sensor: str, payload: bytes) -> Event:
    match kind:
        case Kind.HEARTBEAT if not payload:
            return Heartbeat(time_s)
        case Kind.LINK if sensor:
            link, _, detail = payload.partition(b"\0")
            return LinkChange(time_s, sensor, Link(str(link, "ascii")), str(detail, "utf-8"))
        case Kind.BATTERY if sensor and len(payload) == _FRACTION.size:
            (fraction,) = _FRACTION.unpack(payload)
            if 0.0 <= fraction <= 1.0:
                return Battery(time_s, sensor, fraction)
        case Kind.MARKER if len(payload) <= LONGEST_TEXT:
            return Marker(time_s, str(payload, "utf-8"))
    raise ValueError(f"an event of kind {kind} cannot be what it says")
