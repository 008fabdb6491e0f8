"""What every codec keeps, whatever it unpacks."""

from __future__ import annotations

import struct

from hypothesis import given, settings

from monitor.acquisition.framing import Framed, Framer

ROOM = 244  # bytes of a notification at an MTU of 247
HELD_BYTES = 600  # no codec holds more than an unfinished packet


def some(*strategies, **named):
    """A property with few examples: the codecs are many, and every push is cheap but not free."""
    return lambda test: settings(max_examples=30, deadline=None)(given(*strategies, **named)(test))


def frames(framed: list[Framed]) -> list[bytes]:
    """The plain records alone."""
    return [item.frame for item in framed if item.frame]


def pushed(codec: Framer, payload: str | bytes) -> list[bytes]:
    """The records of one notification, which must hold nothing else."""
    framed = codec.push([bytes.fromhex(payload) if isinstance(payload, str) else payload])
    assert not any(item.skipped or item.error for item in framed), framed
    return frames(framed)


def refused(codec: Framer, payload: str | bytes) -> str:
    """Why one notification is refused: it gives an error and no record."""
    framed = codec.push([bytes.fromhex(payload) if isinstance(payload, str) else payload])
    assert [item.frame for item in framed] == [b""] and framed[0].error, framed
    return framed[0].error


def survives(codec: Framer, pieces: list[bytes]) -> list[Framed]:
    """Any bytes at all: nothing is raised, pieces are numbered in order, little is held."""
    framed = codec.push(pieces)
    numbers = [item.piece for item in framed]
    assert numbers == sorted(numbers) and all(0 <= number < len(pieces) for number in numbers)
    assert all(item.frame or item.skipped or item.error for item in framed)
    assert len(codec.held) <= HELD_BYTES
    return framed


def doubles(record: bytes, offset: int = 0) -> tuple[float, ...]:
    """The f64 numbers of a record."""
    return struct.unpack(f"<{(len(record) - offset) // 8}d", record[offset:])
